"""Each request that a shipped profile makes is letter for letter the one in its golden file (M4).

`GOLDEN=write pytest tests/host/test_golden_requests.py` writes the files anew: read what changed
before it is kept, since a council's case system will get exactly that.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from outbound_requests import VARIABLES, as_golden, calls, variables_for

from connector.mapping.outbound import Outbound
from connector.mapping.outbound_words import KEYS, words
from connector.model import EffectKind
from connector.profiles import load_folder

pytestmark = pytest.mark.faults("M4")

GOLDEN = Path(__file__).parent / "golden"
MAPPINGS = Path(__file__).parents[2] / "mappings"
HOSTS = sorted(each.parent.name for each in MAPPINGS.glob("*/host.yaml"))


@cache
def outbound(host: str) -> Outbound:
    return load_folder(MAPPINGS / host).outbound


REQUESTS = [(host, place) for host in HOSTS for place in calls(outbound(host))]


@pytest.mark.parametrize(("host", "place"), REQUESTS, ids="/".join)
def test_a_request_is_the_one_in_its_golden_file(host: str, place: str) -> None:
    golden = GOLDEN / host / f"{place}.txt"
    drafted = as_golden(outbound(host), place)
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(drafted, "utf-8", newline="")
    with golden.open(encoding="utf-8", newline="") as kept:
        assert drafted == kept.read()


def test_each_request_has_its_file_and_no_file_is_left_over() -> None:
    there = {each.relative_to(GOLDEN) for each in GOLDEN.rglob("*") if each.is_file()}
    assert there == {Path(host, f"{place}.txt") for host, place in REQUESTS}


@pytest.mark.parametrize("host", HOSTS)
def test_every_part_of_a_profile_is_among_its_requests(host: str) -> None:
    ours = outbound(host)
    parts = [*KEYS.values(), "person", "forms", "probe"]
    there = {each for each in parts if getattr(ours, each) is not None}
    assert {place.partition(".")[0] for place in calls(ours)} == there
    task = ours.task
    assert task is not None
    acts = ("create", "find", "cancel", "reassign", "update", "read")
    named = {f"task.{act}" for act in acts if getattr(task, act) is not None}
    assert named == {place for place in calls(ours) if place.startswith("task.")}


@pytest.mark.parametrize("kind", KEYS, ids=KEYS.values())
def test_the_made_up_variables_hold_every_word_a_template_may_use(kind: EffectKind) -> None:
    known = variables_for(outbound("sandbox"), f"{KEYS[kind]}.create")
    names = {name for name in words(kind, (), ()).names if "." not in name}
    assert names <= known.keys() | VARIABLES.keys()
