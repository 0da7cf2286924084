"""What a host tells besides forms: which message is which event, and what is in it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from small_profiles import profile

from connector.events import EVENT_FIELDS, Event, EventKind
from connector.mapping import Outcome, Translation, translate
from connector.mapping.event_kinds import CONTENTS, EVENT_QUESTIONS

AT = "2026-03-20T10:15:00+00:00"
KINDS = "{path: event, map: {done: task_completed, moved: person_merged, asks: support_requested}}"
ONE_BLOCK = f"""
fields: {{outcome: o}}
events:
  kind: {KINDS}
  envelope:
    occurred_at: at
    person_id: who
    new_person_id: into
    task_id: task
    task_reference: ref
    done_on: done
    result: result
    requested_on: asked
"""


def told(payload: Any, inbound: str = ONE_BLOCK) -> Translation:
    return translate(profile(inbound), payload)


def event(payload: Any, inbound: str = ONE_BLOCK) -> Event:
    got = told(payload, inbound)
    assert got.event is not None, got.reason
    return got.event


def why_not(payload: Any, inbound: str = ONE_BLOCK) -> str:
    got = told(payload, inbound)
    assert (got.outcome, got.event) == (Outcome.UNMAPPED, None)
    return got.reason


def one(kind: str, **lines: str) -> str:
    """A block that is always this kind, with these lines in its envelope."""
    envelope = "".join(f"    {name}: {rule}\n" for name, rule in lines.items())
    head = f"fields: {{outcome: o}}\nevents:\n  kind: {{constant: {kind}}}\n  envelope:\n"
    return head + envelope


def test_an_event_is_read_with_its_kinds_of_value() -> None:
    got = told({"event": "done", "at": AT, "task": 17, "done": "19/03/2026", "result": "No change"})
    assert (got.outcome, got.readings) == (Outcome.EVENT, ())
    assert got.reason == "This is an event (a task was completed), not a form."
    assert got.event == Event(
        EventKind.TASK_COMPLETED,
        datetime.fromisoformat(AT),
        task_id="17",
        done_on=date(2026, 3, 19),
        result="no_change",
    )


def test_a_time_without_an_offset_is_one_of_the_hosts_zone() -> None:
    summer = {"event": "done", "task": "1", "at": "2026-07-01 09:00"}
    assert event(summer).occurred_at.utcoffset() == timedelta(hours=1)
    in_utc = event(summer, "values: {zone: UTC}" + ONE_BLOCK).occurred_at
    assert in_utc == datetime(2026, 7, 1, 9, tzinfo=UTC)


def test_a_request_without_a_day_was_made_on_the_london_day_of_the_event() -> None:
    got = event({"event": "asks", "who": "7", "at": "2026-06-30T23:30:00Z", "asked": None})
    assert got.requested_on == date(2026, 7, 1)
    assert event({"event": "asks", "who": "7", "at": AT, "asked": "2026-03-16"}).requested_on == (
        date(2026, 3, 16)
    )


def test_what_the_kind_does_not_read_does_not_matter() -> None:
    got = event({"event": "moved", "at": AT, "who": 1, "into": 2, "done": "31/02/2026"})
    assert (got.person_id, got.new_person_id, got.done_on) == ("1", "2", None)


def test_everything_else_is_looked_at_as_a_form() -> None:
    assert told({"id": "5", "person": "7", "o": "2"}).outcome is Outcome.READ
    assert told({"id": "5", "event": "snoozed"}).outcome is Outcome.READ


def test_a_word_that_only_looks_like_one_of_our_kinds_is_no_event() -> None:
    for word in ("form_withdrawn", "FORM_WITHDRAWN", "task.completed", "A task was completed"):
        assert told({"event": word, "at": AT, "form": "5", "id": "5"}).outcome is Outcome.READ


def test_without_a_map_the_words_must_be_ours() -> None:
    block = one("task_completed", occurred_at="at", task_id="t").replace(
        "{constant: task_completed}", "event"
    )
    assert told({"event": "task_completed", "at": AT, "t": 1}, block).outcome is Outcome.EVENT
    assert told({"event": "Task completed", "at": AT, "t": 1}, block).outcome is Outcome.READ


TWO_BLOCKS = """
fields: {outcome: o}
events:
  - accept_if: [{path: table, equals: person}, {path: how, in: [update, merge]}]
    with: [id, died]
    kind: {constant: person_died}
    envelope: {occurred_at: at, person_id: id}
  - accept_if: {path: table, equals: person}
    without: [answers, hidden]
    kind: {constant: roles_changed}
    envelope: {occurred_at: at, person_id: id, worker_id: pa}
"""


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({"table": "person", "how": "update", "died": "2026-03-01", "pa": "3"}, "person_died"),
        ({"table": "Person", "how": "MERGE", "died": True}, "person_died"),
        ({"table": "person", "how": "insert", "died": "2026-03-01", "pa": "3"}, "roles_changed"),
        ({"table": "person", "how": "update", "died": "", "pa": "3"}, "roles_changed"),
        ({"table": "person", "how": "update", "died": False, "pa": "3"}, "roles_changed"),
        ({"table": "person", "pa": "3", "answers": {}, "hidden": None}, "roles_changed"),
        ({"table": "person", "pa": "3", "answers": {"o": "2"}}, None),
        ({"table": "person", "pa": "3", "hidden": [1]}, None),
        ({"table": "team", "pa": "3"}, None),
        ({"pa": "3"}, None),
    ],
)
def test_the_first_block_a_message_fits_has_it(message: dict[str, Any], kind: str | None) -> None:
    got = told({"at": AT, "id": "7", **message}, TWO_BLOCKS)
    assert (got.event.kind if got.event else None) == kind
    assert (got.outcome is Outcome.READ) == (kind is None)


def test_a_form_opened_again_with_its_answers_stays_a_form() -> None:
    block = one("form_reopened", occurred_at="at", form_id="id")
    block = block.replace("  kind:", "  without: answers\n  kind:")
    thin = {"id": "5", "at": AT}
    assert told(thin, block).outcome is Outcome.EVENT
    assert told(thin, block).form_id == "5"
    assert told({**thin, "answers": {"o": "2"}}, block).outcome is Outcome.READ


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"event": "done", "at": AT}, "it has no task_reference or task_id"),
        ({"event": "done", "task": "1"}, "it has no occurred_at"),
        ({"event": "done", "task": "1", "at": "31/02/2026"}, "occurred_at is not a real date"),
        ({"event": "done", "task": "1", "at": AT, "done": "soon"}, "done_on is not a real date"),
        ({"event": "done", "task": "1", "at": AT, "result": "Maybe"}, "result is none of its"),
        ({"event": "done", "task": {"a": 1}, "at": AT}, "task_id is not a text"),
        ({"event": "done", "task": ["1", "2"], "at": AT}, "there is more than one task_id"),
        ({"event": "moved", "at": AT, "who": "1"}, "it has no new_person_id"),
        ({"event": "moved", "at": AT, "into": "1"}, "it has no person_id"),
        ({"event": "moved", "at": AT, "who": "1", "into": "1"}, "the same as person_id"),
        ({"event": "moved", "at": AT, "who": "1" * 37, "into": "1"}, "longer than 36"),
        ({"event": "asks", "at": AT}, "it has no person_id"),
        ({"event": "asks", "at": AT, "who": "1", "asked": "x"}, "requested_on is not a real date"),
    ],
)
def test_an_event_that_cannot_be_used_says_what_is_wrong(
    message: dict[str, Any], words: str
) -> None:
    assert words in why_not(message)


@pytest.mark.parametrize("kind", EventKind)
def test_what_no_line_is_mapped_to_is_named_for_each_kind(kind: EventKind) -> None:
    said = why_not({"at": AT}, one(kind, reason="r"))
    assert "occurred_at is not mapped" in said
    for group in CONTENTS[kind].needs:
        assert f"{' or '.join(group)} is not mapped" in said


def test_a_death_after_the_event_is_a_mistake() -> None:
    block = one("person_died", occurred_at="at", person_id="who", died_on="died")
    assert event({"at": AT, "who": "7", "died": "20/03/2026"}, block).died_on == date(2026, 3, 20)
    assert event({"at": AT, "who": "7"}, block).died_on is None
    assert "died_on is later" in why_not({"at": AT, "who": "7", "died": "21/03/2026"}, block)


def test_why_an_event_cannot_be_used_holds_nothing_that_stood_in_it() -> None:
    secrets = {name: f"secret-{name}" for name in EVENT_FIELDS}
    for kind in EventKind:
        lines = {name: name for name in EVENT_FIELDS}
        assert "secret-" not in why_not(secrets, one(kind, **lines))


ECHO = ONE_BLOCK + "echo_if: [{path: by, in: [svc, svc-2]}, {path: channel, equals: api}]"


def test_a_message_that_our_own_write_caused_is_an_echo() -> None:
    done = {"event": "done", "at": AT, "task": "1"}
    form = {"id": "5", "person": "7", "o": "2"}
    ours = {"by": "svc-2", "channel": "API"}
    for message in (done, form, {"event": "done"}):
        assert told({**message, **ours}, ECHO).outcome is Outcome.ECHO
    assert told({**done, "by": "jo", "channel": "api"}, ECHO).outcome is Outcome.EVENT
    assert told({**form, "by": "svc"}, ECHO).outcome is Outcome.READ
    assert told({**form, **ours}, ONE_BLOCK).outcome is Outcome.READ


def test_who_changed_a_message_is_no_answer_of_the_form() -> None:
    reading = told({"id": "5", "person": "7", "by": "jo"}, ECHO).readings[0]
    assert reading.also_recorded == ()


def test_every_kind_and_field_of_an_event_is_described() -> None:
    assert set(CONTENTS) == set(EventKind)
    assert set(EVENT_QUESTIONS) == set(EVENT_FIELDS)
    read = set().union(*(each.reads for each in CONTENTS.values()))
    assert read == set(EVENT_FIELDS)
