"""The alerts: each asks for numbers that are shown, and rings when it should and not before."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fake_host import Case, effect
from made_once import store_in
from prometheus_client.parser import text_string_to_metric_families

from connector.errors import OutcomeUnknown
from connector.web import create_app
from tests.deploy.command_lines import DEPLOY
from tests.web.receiving import Clock, DryRun, services_with

FILE = DEPLOY / "alerts.yaml"
RULES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))["groups"][0]["rules"]
NAMES = {rule["alert"] for rule in RULES}
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


@pytest.fixture
def shown(tmp_path: Path) -> dict[str, set[frozenset[str]]]:
    """The names of the numbers a connector with a little work prints, and their labels' names."""
    with store_in(tmp_path) as store:
        clock = Clock()
        case = Case(store, now=clock)  # type: ignore[arg-type]
        case.host.next_writes.append(OutcomeUnknown("gone"))
        case.owe(effect())
        case.step()
        clock.forward(hours=1)
        with store.transaction() as tx:
            tx.heartbeats.beat("worker", clock() - timedelta(seconds=5))
        app = create_app(services_with(store, tmp_path, clock, DryRun()))
        text = app.test_client().get("/metrics").text
    found: dict[str, set[frozenset[str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).add(frozenset(sample.labels))
    return found


@every_rule
def test_an_alert_says_in_words_what_it_is_about(rule: Mapping[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["description"].endswith(".")
    assert rule["annotations"]["runbook_url"] == f"deploy/runbook.md#{rule['alert'].lower()}"


@every_rule
def test_what_an_alert_asks_for_is_shown(
    rule: Mapping[str, Any], shown: Mapping[str, set[frozenset[str]]]
) -> None:
    asked = set(re.findall(r"\bconnector_\w+", rule["expr"]))
    assert asked
    assert asked <= set(shown)
    for name, matchers in re.findall(r"\b(connector_\w+)\{([^}]*)\}", rule["expr"]):
        labels = set(re.findall(r"(\w+)=", matchers))
        assert any(labels <= each for each in shown[name])


@every_rule
def test_what_an_alert_tells_apart_is_told_apart_in_the_numbers(
    rule: Mapping[str, Any], shown: Mapping[str, set[frozenset[str]]]
) -> None:
    kept = {label for by in re.findall(r"by \(([^)]*)\)", rule["expr"]) for label in by.split(", ")}
    names = re.findall(r"\bconnector_\w+", rule["expr"])
    labels = frozenset[str]().union(*(each for name in names for each in shown[name]))
    assert kept - {"instance"} <= labels


@dataclass(frozen=True)
class Story:
    """Series as promtool writes them, a value each minute, and which alerts ring at which one."""

    name: str
    series: Mapping[str, str]
    rings: Mapping[int, set[str]]


UP = {
    'up{job="connector",instance="a"}': "1x3000",
    'connector_ready{check="database",instance="a"}': "1x3000",
    'connector_ready{check="worker",instance="a"}': "1x3000",
    'connector_database_up{instance="a"}': "1x3000",
}
STORIES = (
    Story(
        "in order",
        {
            "connector_oldest_waiting_seconds": "0 20 60 299 0x3000",
            "connector_effects_due_seconds": "0x3000",
            'connector_effects{host="n",kind="task",state="confirmed"}': "1+1x3000",
            'connector_effects_oldest_seconds{host="n",state="unknown"}': "600x3000",
            'connector_effects_oldest_seconds{host="n",state="planned"}': "90000x3000",
            'connector_host_circuit_open{host="n"}': "0x10 1x10 0x3000",
            'connector_webhooks_refused_total{host="n",reason="not proven"}': "0+0.1x3000",
            "connector_follow_ups_overdue": "20x1440 25x1560",
            'connector_people_without_next_step{host="n"}': "0x3000",
            'connector_doubles_found_total{host="n"}': "2x3000",
            'connector_submissions{host="n",state="done"}': "0+5x3000",
            "connector_disk_free_bytes": "5000000000x3000",
        },
        {10: set(), 100: set(), 1500: set(), 2900: set()},
    ),
    Story(
        "the web part is gone",
        {'up{job="connector",instance="a"}': "1 1 0x10"},
        {3: set(), 5: {"ConnectorNotReady"}},
    ),
    Story(
        "nobody asks for the numbers",
        {'up{job="connector",instance="a"}': "_x10"},
        {5: {"ConnectorNotReady"}},
    ),
    Story(
        "the database is down, and then the worker",
        {
            'connector_database_up{instance="a"}': "0x9 1x10",
            'connector_ready{check="worker",instance="a"}': "0x20",
        },
        {
            1: {"ConnectorDatabaseDown"},
            5: {"ConnectorDatabaseDown", "ConnectorNotReady"},
            12: {"ConnectorWorkerSilent", "ConnectorNotReady"},
        },
    ),
    Story(
        "a form waits, later a write that nobody takes",
        {
            "connector_oldest_waiting_seconds": "0+60x8 0x20",
            "connector_effects_due_seconds": "0x15 600x10",
        },
        {6: set(), 7: {"ConnectorFormsWait"}, 12: set(), 20: {"ConnectorFormsWait"}},
    ),
    Story(
        "a host is down for more than a day; two web processes show it",
        {
            'connector_host_circuit_open{host="n",instance="a"}': "0 1x1500",
            'connector_host_circuit_open{host="n",instance="b"}': "0 1x1500",
        },
        {
            15: set(),
            17: {"ConnectorHostDown"},
            1430: {"ConnectorHostDown"},
            1445: {"ConnectorHostDown", "ConnectorHostDownLong"},
        },
    ),
    Story(
        "writes are parked, others unknown",
        {
            'connector_effects{host="n",kind="task",state="parked"}': "0 2x100",
            'connector_effects_oldest_seconds{host="n",state="unknown"}': "0+60x100",
        },
        {
            5: set(),
            10: {"ConnectorWritesParked"},
            70: {"ConnectorWritesParked", "ConnectorOutcomesUnknown"},
        },
    ),
    Story(
        "a secret is wrong; that bodies are too large is no matter of secrets",
        {
            'connector_webhooks_refused_total{host="n",reason="not proven"}': "0x20 0+1x20",
            'connector_webhooks_refused_total{host="n",reason="too large"}': "0+9x40",
        },
        {20: set(), 35: {"ConnectorRefusalsRising"}},
    ),
    Story(
        "what a day brings",
        {
            "connector_follow_ups_overdue": "20x1500 45x200",
            'connector_people_without_next_step{host="n"}': "0x1500 2x200",
            'connector_doubles_found_total{host="n"}': "0x1500 1x200",
            'connector_submissions{host="n",state="unmapped"}': "3x1500 4x200",
            "connector_disk_free_bytes": "500000000x1500 250000000x200",
        },
        {
            1490: set(),
            1580: {
                "ConnectorTasksOverdue",
                "ConnectorPeopleWithoutNextStep",
                "ConnectorDoublesFound",
                "ConnectorFormsNotUnderstood",
                "ConnectorDiskLow",
            },
        },
    ),
    Story(
        "a form that is not understood is the first of its kind",
        {'connector_submissions{host="n",state="broken"}': "_x20 1x20"},
        {20: set(), 30: {"ConnectorFormsNotUnderstood"}},
    ),
)


def test_each_alert_rings_in_one_of_the_stories() -> None:
    assert set().union(*(names for story in STORIES for names in story.rings.values())) == NAMES


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_an_alert_rings_when_it_should_and_not_before(story: Story, tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool plays the alerts through: apt-get install prometheus")
    played = {
        "rule_files": [str(FILE)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": name, "values": values}
                    for name, values in (UP | dict(story.series)).items()
                ],
                "promql_expr_test": [_ringing(minute, story) for minute in story.rings],
            }
        ],
    }
    file = tmp_path / "story.yaml"
    file.write_text(yaml.safe_dump(played), "utf-8")
    done = subprocess.run(
        [promtool, "test", "rules", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _ringing(minute: int, story: Story) -> dict[str, Any]:
    return {
        "expr": 'group by (alertname) (ALERTS{alertstate="firing"})',
        "eval_time": f"{minute}m",
        "exp_samples": [
            {"labels": f'{{alertname="{name}"}}', "value": 1}
            for name in sorted(story.rings[minute])
        ],
    }
