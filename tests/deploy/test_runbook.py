"""The runbook: an entry for each alarm, and commands that are understood when they are typed."""

import re
from pathlib import Path

import pytest
import yaml
from command_lines import DEPLOY, in_guide, not_understood

from connector.settings import SETTINGS

RUNBOOK = (DEPLOY / "runbook.md").read_text("utf-8")
GUIDES = sorted(DEPLOY.glob("*.md"))
COMMANDS = [(path.name, words) for path in GUIDES for words in in_guide(path.read_text("utf-8"))]


@pytest.mark.parametrize(
    ("guide", "words"), COMMANDS, ids=[" ".join(words) for _, words in COMMANDS]
)
def test_a_command_of_a_guide_is_understood(guide: str, words: list[str]) -> None:
    assert not_understood(words) == "", guide


def test_a_command_that_is_not_there_would_be_noticed() -> None:
    text = "`sudo /opt/connector/.venv/bin/connector mend ID --now`, then `connector show --all ID`"
    wrong = [not_understood(words) for words in in_guide(text)]
    assert wrong[0] == "there is no command mend"
    assert "--all" in wrong[1]


def test_the_runbook_tells_the_commands_that_settle_things() -> None:
    told = {words[0] for name, words in COMMANDS if name == "runbook.md"}
    assert {"submissions", "show", "resolve", "replay", "check", "backup", "restore"} <= told


def test_every_alarm_has_an_entry_and_every_entry_an_alarm() -> None:
    alerts = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))
    rung = [
        rule["alert"] for group in alerts["groups"] for rule in group["rules"] if "alert" in rule
    ]
    assert sorted(rung) == sorted(re.findall(r"^### (Connector\w+)$", RUNBOOK, re.MULTILINE))


def test_an_alarm_leads_to_its_entry() -> None:
    text = (DEPLOY / "alerts.yaml").read_text("utf-8")
    anchors = set(re.findall(r"runbook\.md#([\w-]+)", text))
    entries = {name.lower() for name in re.findall(r"^### (Connector\w+)$", RUNBOOK, re.MULTILINE)}
    assert anchors == entries


def test_the_service_on_windows_sets_settings_that_there_are_and_starts_what_there_is() -> None:
    text = (DEPLOY / "windows.md").read_text("utf-8").partition("```xml\n")[2].partition("```")[0]
    named = set(re.findall(r'<env name="(\w+)"', text))
    assert named
    assert named <= {each.name for each in SETTINGS}
    (arguments,) = re.findall(r"<arguments>(.+)</arguments>", text)
    assert not_understood(arguments.split()) == ""


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_a_file_of_ours_that_a_guide_names_is_there(guide: Path) -> None:
    named = set(
        re.findall(
            r"\bdeploy/([\w@.*/-]+\.(?:service|yaml|sh|timer|example))", guide.read_text("utf-8")
        )
    )
    assert all(list(DEPLOY.glob(name)) for name in named), named
