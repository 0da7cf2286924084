"""Reading one task, one person and the completed forms: certain, or an error that says why."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

import pytest
from misbehaving_host import Answering, MisbehavingHost, hang_up, reply, reset
from outbound_blocks import BLOCK, CANARY, COMMON, block, client
from read_blocks import FETCH, LIST, READ_PERSON, READ_TASK

from connector.errors import Declined, HostError, NotSent
from connector.events import HostPerson, HostTask
from connector.host import HostClient

PROBE = {"method": "GET", "path": "/me", "success_if": {"body": "login"}}
KNOWN = COMMON | {"remote_id": "T/41"}
NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
OPEN = reply(200, {"state": 1})
Start = Callable[..., tuple[MisbehavingHost, HostClient]]


@pytest.fixture
def start() -> Iterator[Start]:
    """A host with answers, and a client that can read it; keys of the reads may be changed."""
    with ExitStack() as stack:

        def started(
            *answers: Answering,
            task: dict[str, Any] | None = None,
            person: dict[str, Any] | None = None,
            forms: dict[str, Any] | None = None,
            **changes: Any,
        ) -> tuple[MisbehavingHost, HostClient]:
            host = stack.enter_context(MisbehavingHost(*answers))
            reads = {
                "task": BLOCK["task"] | {"read": READ_TASK | (task or {})},
                "person": {"read": READ_PERSON | (person or {})},
                "forms": forms or {"list": LIST},
            }
            made = client(block(base_url=host.address, **(reads | changes)))
            stack.callback(made.close)
            return host, made

        yield started


def uncertain(read: Callable[[], Any]) -> str:
    """The message of the NotSent that reading ends with; it repeats no answer."""
    with pytest.raises(NotSent) as caught:
        read()
    assert CANARY not in str(caught.value)
    assert "may have been done" not in str(caught.value)
    return str(caught.value)


def everything(made: HostClient) -> list[Any]:
    return [
        form for entry in made.listed_forms(NOON) if (form := made.read_form(entry)) is not None
    ]


def test_a_client_says_what_it_can_read(start: Start) -> None:
    _, made = start(OPEN, forms={"list": LIST, "every_minutes": "5"})
    assert (made.reads_tasks, made.reads_people, made.lists_forms) == (True, True, True)
    assert made.forms_every_minutes == 5


def test_a_client_without_reads_says_so_and_asks_nothing() -> None:
    made = client(block())
    assert (made.reads_tasks, made.reads_people, made.lists_forms) == (False, False, False)
    assert made.forms_every_minutes == 15
    for read in (
        lambda: made.read_task(KNOWN),
        lambda: made.read_person("P1"),
        lambda: everything(made),
    ):
        with pytest.raises(Declined, match="does not say how to"):
            read()


def test_a_task_is_read_by_the_hosts_id(start: Start) -> None:
    host, made = start(
        reply(
            200,
            {
                "state": "2",
                "completed_at": "2026-06-16T23:30:00Z",
                "outcome": "CN",
                "owner": {"reference": "Practitioner/20931"},
            },
        )
    )
    assert made.read_task(KNOWN) == HostTask(
        "T/41", "done", date(2026, 6, 17), "change_needed", "20931"
    )
    assert host.seen[0].path == "/tasks/T%2F41"
    assert host.seen[0].headers["authorization"] == "Bearer s3cret-t0ken"


def test_what_a_task_does_not_say_stays_open(start: Start) -> None:
    _, made = start(OPEN)
    assert made.read_task(KNOWN) == HostTask("T/41", "open")
    _, made = start(reply(200, {"state": "WITHDRAWN", "outcome": "x", "completed_at": ""}))
    assert made.read_task(KNOWN) == HostTask("T/41", "cancelled")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"state": CANARY}, "Add it to map:"),
        ({"state": {"code": CANARY}}, "a list or a group"),
        ({"state": 1, "outcome": CANARY * 20}, "more than 200 characters"),
        ({"state": True}, "Add it to map:"),
        ({"state": None}, "“state”"),
        ({}, "“state”"),
        ({"state": 1, "outcome": CANARY}, "Add it to map:"),
        ({"state": 1, "completed_at": CANARY}, "not a date"),
        ({"state": 1, "completed_at": "2026-02-30"}, "not a date"),
        ([{"state": 1}], "not about the one"),
        ("open", "not about the one"),
        (None, "not about the one"),
    ],
)
def test_an_answer_the_profile_does_not_expect_is_no_task(
    start: Start, answer: Any, says: str
) -> None:
    _, made = start(reply(200, answer))
    assert says in uncertain(lambda: made.read_task(KNOWN))


def test_a_task_is_gone_only_where_the_profile_says_so(start: Start) -> None:
    _, made = start(reply(404))
    assert made.read_task(KNOWN) is None
    _, made = start(reply(410))
    with pytest.raises(Declined):
        made.read_task(KNOWN)


def test_gone_is_believed_only_after_the_host_has_shown_that_it_knows_us(start: Start) -> None:
    known = reply(200, {"login": "connector"})
    for read in (lambda made: made.read_task(KNOWN), lambda made: made.read_person("P1")):
        _, made = start(reply(404), known, probe=PROBE)
        assert read(made) is None
        _, made = start(reply(404), reply(401), probe=PROBE)
        with pytest.raises(Declined):
            read(made)


@pytest.mark.parametrize("bad", [reply(500), reply(503), hang_up, reset])
def test_a_read_is_tried_three_times(start: Start, bad: Answering) -> None:
    host, made = start(bad, bad, OPEN)
    assert made.read_task(KNOWN) == HostTask("T/41", "open")
    assert len(host.seen) == 3


@pytest.mark.parametrize("bad", [reply(502), reply(302), reply(200, b"<html>"), reply(200, b"{")])
def test_a_read_that_fails_is_never_gone(start: Start, bad: Answering) -> None:
    _, made = start(bad)
    for read in (
        lambda: made.read_task(KNOWN),
        lambda: made.read_person("P1"),
        lambda: everything(made),
    ):
        uncertain(read)


def test_a_task_without_an_id_is_not_asked_for(start: Start) -> None:
    host, made = start(OPEN)
    for remote_id in (None, "", ".."):
        with pytest.raises(Declined):
            made.read_task(COMMON | {"remote_id": remote_id})
    assert host.seen == []


def test_what_the_record_says_of_a_person_is_read(start: Start) -> None:
    _, made = start(
        reply(
            200,
            {
                "id": 900456,
                "dob": "29.02.04",
                "died": None,
                "restricted": True,
                "worker": {"id": 7781, "status": "left"},
                "manager": "m2",
                "team": "",
                "merged": "900457",
            },
        )
    )
    assert made.read_person("900456") == HostPerson(
        date_of_birth=date(2004, 2, 29),
        restricted=True,
        worker_id="7781",
        worker_active=False,
        manager_id="m2",
        merged_into="900457",
    )


def test_a_person_the_host_does_not_know_is_none(start: Start) -> None:
    for status in (404, 410):
        _, made = start(reply(status))
        assert made.read_person("P1") is None


@pytest.mark.parametrize("answer", [{"id": "P2"}, {}, {"id": "p1"}, {"id": ["P1"]}])
def test_an_answer_about_somebody_else_is_never_taken(start: Start, answer: Any) -> None:
    _, made = start(reply(200, answer | {"dob": "01.02.05"}))
    uncertain(lambda: made.read_person("P1"))


def test_a_guid_names_the_same_person_however_it_is_written(start: Start) -> None:
    guid = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
    _, made = start(reply(200, {"id": "{" + guid.upper() + "}"}))
    assert made.read_person(guid) == HostPerson()


def people(*ids: str) -> Answering:
    return reply(200, {"people": [{"id": each, "team": f"t-{each}"} for each in ids]})


def test_the_right_one_is_taken_out_of_a_search(start: Start) -> None:
    search = {"path": "/people?id={{ person_id }}", "items": "people"}
    _, made = start(people("P0", "P1", "P2"), person=search)
    assert made.read_person("P1") == HostPerson(team_id="t-P1")
    _, made = start(people(), person=search)
    assert made.read_person("P1") is None
    for answer in (people("P0", "P2"), people("P1", "P1"), reply(200, {"total": 0})):
        _, made = start(answer, person=search)
        uncertain(lambda made=made: made.read_person("P1"))  # type: ignore[misc]


def page(*ids: Any, **more: Any) -> Answering:
    return reply(200, {"items": [{"form": each} for each in ids], **more})


def test_completed_forms_are_read_page_after_page(start: Start) -> None:
    host, made = start(page(1, 2, next="/forms?page=2"), page(), page(3))
    assert everything(made) == [{"form": 1}, {"form": 2}]
    assert [seen.path for seen in host.seen] == [
        "/forms?since=2026-03-25T12%3A00%3A00Z",
        "/forms?page=2",
    ]


def test_a_payload_is_shaped_into_what_the_webhook_would_bring(start: Start) -> None:
    forms = {"list": LIST | {"payload": "{event: 'completed', form: form}"}}
    _, made = start(page(1), forms=forms)
    assert everything(made) == [{"event": "completed", "form": 1}]
    forms = {"list": LIST | {"payload": "content"}}
    _, made = start(page(1), forms=forms)
    assert "“content”" in uncertain(lambda: everything(made))


def test_the_forms_of_a_thin_list_are_fetched_one_by_one(start: Start) -> None:
    forms = {"list": LIST | {"id": "form"}, "fetch": FETCH}
    whole = [reply(200, {"form": {"id": each}}) for each in ("F1", "F3")]
    host, made = start(page("F1", "F/2", "F3"), whole[0], reply(404), whole[1], forms=forms)
    assert everything(made) == [{"id": "F1"}, {"id": "F3"}]
    assert [seen.path for seen in host.seen][1:] == ["/forms/F1", "/forms/F%2F2", "/forms/F3"]


def test_a_thin_list_without_an_id_is_an_error(start: Start) -> None:
    forms = {"list": LIST | {"id": "form"}, "fetch": FETCH}
    _, made = start(page(None), forms=forms)
    with pytest.raises(HostError):
        everything(made)


def test_forms_read_before_a_page_broke_are_handed_over(start: Start) -> None:
    _, made = start(page(1, next="/forms?page=2"), reply(400))
    forms = made.listed_forms(NOON)
    assert next(forms) == {"form": 1}
    with pytest.raises(Declined):
        next(forms)


def test_pages_that_lead_back_are_given_up(start: Start) -> None:
    host, made = start(page(1, next="/forms?page=2"), page(2, next="/forms?page=2"))
    assert "pages" in uncertain(lambda: everything(made))
    assert len(host.seen) == 2


def test_a_page_of_forms_on_another_host_is_never_asked(start: Start) -> None:
    elsewhere, _ = start(page(1))
    for link in (f"{elsewhere.address}/x", "http://[", "//"):
        _, made = start(page(1, next=link))
        uncertain(lambda made=made: everything(made))  # type: ignore[misc]
    assert elsewhere.seen == []


def test_an_empty_list_is_believed_only_of_a_host_that_knows_us(start: Start) -> None:
    _, made = start(page(), reply(200, {"login": "connector"}), probe=PROBE)
    assert everything(made) == []
    _, made = start(page(), reply(401), probe=PROBE)
    with pytest.raises(Declined):
        everything(made)


def test_a_list_of_forms_that_is_none_is_an_error(start: Start) -> None:
    _, made = start(reply(200, {"forms": []}))
    assert "“items”" in uncertain(lambda: everything(made))
