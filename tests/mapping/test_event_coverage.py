"""Which events a host takes, and what `connector check` says where they could not work."""

from dataclasses import replace

import pytest
from shipped import HOSTS, sample_events
from shipped import profile as shipped_profile
from small_profiles import profile

from connector.events import EventKind
from connector.mapping.event_coverage import EventCoverage, event_coverage

DONE = """
fields: {outcome: o}
events:
  kind: {path: e, map: {done: task_completed, gone: worker_left}}
  envelope: {occurred_at: at, task_reference: r, worker_id: w}
"""


def covered(inbound: str, completion: str = "assume") -> EventCoverage:
    return event_coverage(profile(inbound), completion)


@pytest.mark.parametrize("host", HOSTS)
def test_an_example_host_has_a_sample_of_each_kind_it_takes(host: str) -> None:
    found = event_coverage(shipped_profile(host), "event")
    assert found.problems == ()
    assert tuple(sorted(found.taken)) == sample_events(host)


def test_the_kinds_that_are_taken_and_those_that_are_not() -> None:
    found = covered(DONE)
    assert found.taken == (EventKind.TASK_COMPLETED, EventKind.WORKER_LEFT)
    assert set(found.taken) | set(found.not_taken) == set(EventKind)
    assert not set(found.taken) & set(found.not_taken)
    assert covered("fields: {outcome: o}").taken == ()


def test_kinds_said_in_several_places_or_by_a_constant_are_all_counted() -> None:
    kinds = "{first_of: [{path: a, map: {x: person_died}}, {constant: worker_left}]}"
    found = covered(
        DONE.replace("{path: e, map: {done: task_completed, gone: worker_left}}", kinds)
    )
    assert found.taken == (EventKind.WORKER_LEFT, EventKind.PERSON_DIED)


def test_a_host_that_uses_our_own_words_may_send_every_kind() -> None:
    found = covered(DONE.replace("{path: e, map: {done: task_completed, gone: worker_left}}", "e"))
    assert (found.not_taken, found.problems) == ((), ())


def test_what_an_event_cannot_do_without_must_be_mapped() -> None:
    without = covered(DONE.replace("occurred_at: at, task_reference: r, ", ""))
    assert without.problems == (
        "Events: occurred_at is not mapped; without it no event can be used.",
        "Events: task_completed needs task_reference or task_id, which is not mapped.",
    )


@pytest.mark.parametrize(
    ("own", "policy", "used"),
    [
        (None, "assume", "assume"),
        (None, "event", "event"),
        (None, "poll", "poll"),
        ("assume", "event", "assume"),
        ("event", "poll", "event"),
        ("poll", "assume", "poll"),
    ],
)
def test_a_host_may_differ_from_the_policy_in_how_completion_is_known(
    own: str | None, policy: str, used: str
) -> None:
    silent = replace(profile("fields: {outcome: o}"), completion=own)
    found = event_coverage(silent, policy)
    assert found.completion == used
    said = "".join(found.problems)
    assert ("completion is event" in said) == (used == "event")
    assert ("completion is poll" in said) == (used == "poll")


def test_a_host_that_sends_completions_may_rely_on_them() -> None:
    assert covered(DONE, "event").problems == ()
