"""Looking up by our reference: hosts answer with more, less and other than was asked."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from misbehaving_host import Answering, MisbehavingHost, hang_up, reply, reset
from outbound_blocks import A_TASK, BLOCK, FIND, TASK, block, client

from connector.errors import Declined, NotSent
from connector.host import HostClient

OURS = A_TASK["reference"]
Start = Callable[..., tuple[MisbehavingHost, HostClient]]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:

        def started(
            *answers: Answering, find: dict[str, Any] | None = None, **changes: Any
        ) -> tuple[MisbehavingHost, HostClient]:
            host = stack.enter_context(MisbehavingHost(*answers))
            task = {"create": BLOCK["task"]["create"], "find": FIND | (find or {})}
            made = client(block(base_url=host.address, **({"task": task} | changes)))
            stack.callback(made.close)
            return host, made

        yield started


def items(*pairs: tuple[Any, Any], **more: Any) -> Answering:
    return reply(200, {"items": [{"id": i, "reference": r} for i, r in pairs], **more})


def not_certain(made: HostClient) -> str:
    with pytest.raises(NotSent) as caught:
        made.find(TASK, A_TASK)
    return str(caught.value)


def test_what_is_there_is_found_and_the_reference_is_quoted(start: Start) -> None:
    host, made = start(items((41, OURS)))
    assert made.find(TASK, A_TASK) == ("41",)
    assert host.seen[0].path == f"/tasks?reference={OURS}"
    assert host.seen[0].headers["authorization"] == "Bearer s3cret-t0ken"


def test_a_host_that_ignores_the_filter_and_answers_all_records_finds_only_ours(
    start: Start,
) -> None:
    _, made = start(items((1, None), (2, "lcf-ffff"), (3, OURS), (4, f"{OURS}/task/1")))
    assert made.find(TASK, A_TASK) == ("3",)


def test_a_substring_or_another_case_is_not_ours(start: Start) -> None:
    _, made = start(items((1, f"{OURS}0"), (2, OURS.upper()), (3, OURS[:-1])))
    assert made.find(TASK, A_TASK) == ()


def test_two_copies_are_both_told(start: Start) -> None:
    _, made = start(items((5, OURS), (4, OURS), (5, OURS)))
    assert made.find(TASK, A_TASK) == ("5", "4")


def test_all_pages_are_read(start: Start) -> None:
    host, made = start(
        items((1, "other"), next="/tasks?page=2"), items((2, OURS)), find={"next": "next"}
    )
    assert made.find(TASK, A_TASK) == ("2",)
    assert [seen.path for seen in host.seen][1] == "/tasks?page=2"


def test_a_page_on_another_host_is_never_asked(start: Start) -> None:
    elsewhere, _ = start(items((1, OURS)))
    _, made = start(items((1, "other"), next=f"{elsewhere.address}/x"), find={"next": "next"})
    assert "another host" in not_certain(made)
    assert elsewhere.seen == []


def test_pages_without_end_are_given_up(start: Start) -> None:
    _, made = start(items((1, "other"), next="/tasks?page=2"), find={"next": "next"})
    assert "pages" in not_certain(made)


def test_entries_of_which_none_has_a_reference_show_that_the_look_up_is_wrong(
    start: Start,
) -> None:
    _, made = start(items((1, None), (2, None)))
    assert "none holds a reference" in not_certain(made)


def test_an_answer_without_the_list_is_not_taken_for_empty(start: Start) -> None:
    _, made = start(reply(200, {"entries": []}))
    assert "“items”" in not_certain(made)


def test_null_for_not_found_is_empty(start: Start) -> None:
    _, made = start(reply(200, None))
    assert made.find(TASK, A_TASK) == ()


def test_a_host_that_leaves_out_an_empty_list_is_told_so_in_the_path(start: Start) -> None:
    _, made = start(reply(200, {"total": 0}), find={"items": "not_null(entry, `[]`)"})
    assert made.find(TASK, A_TASK) == ()


def test_a_404_is_absent_only_where_the_profile_says_so(start: Start) -> None:
    _, made = start(reply(404))
    with pytest.raises(Declined):
        made.find(TASK, A_TASK)
    _, made = start(reply(404), find={"absent": "404"})
    assert made.find(TASK, A_TASK) == ()


def test_a_single_object_counts_as_a_list_of_one(start: Start) -> None:
    _, made = start(reply(200, {"id": 7, "reference": OURS}), find={"items": "@"})
    assert made.find(TASK, A_TASK) == ("7",)


def test_a_reference_inside_a_longer_text_is_picked_by_a_pattern(start: Start) -> None:
    _, made = start(
        items((1, f"Ring [{OURS}] (2)"), (2, f"Ring [{OURS}9]")),
        find={"reference_pattern": r"\[(lcf-[0-9a-f]+)\]"},
    )
    assert made.find(TASK, A_TASK) == ("1",)


def test_a_guid_is_the_same_however_it_is_written(start: Start) -> None:
    create = BLOCK["task"]["create"] | {"path": "/tasks({{ reference_guid }})", "method": "PATCH"}
    guid = A_TASK["reference_guid"]
    _, made = start(
        items((1, "{" + guid.upper() + "}"), (2, OURS)),
        reference="guid",
        task={"create": create, "find": FIND},
    )
    assert made.find(TASK, A_TASK) == ("1",)


@pytest.mark.parametrize("bad", [reply(500), reply(503), hang_up, reset])
def test_a_look_up_is_tried_three_times(start: Start, bad: Answering) -> None:
    host, made = start(bad, bad, items((41, OURS)))
    assert made.find(TASK, A_TASK) == ("41",)
    assert len(host.seen) == 3


@pytest.mark.parametrize("bad", [reply(502), reply(302), reply(200, b"<html>"), hang_up])
def test_a_look_up_that_fails_is_never_not_there(start: Start, bad: Answering) -> None:
    _, made = start(bad)
    assert "may have been done" not in not_certain(made)


def test_a_host_that_says_later_is_not_pressed(start: Start) -> None:
    host, made = start(reply(429, Retry_After="30"))
    with pytest.raises(NotSent) as caught:
        made.find(TASK, A_TASK)
    assert (caught.value.retry_after, len(host.seen)) == (30.0, 1)


def test_not_there_is_believed_only_after_the_host_has_shown_that_it_knows_us(
    start: Start,
) -> None:
    probe = {"method": "GET", "path": "/me", "success_if": {"body": "user.login"}}
    _, made = start(items(), reply(200, {"user": {"login": "connector"}}), probe=probe)
    assert made.find(TASK, A_TASK) == ()
    _, made = start(items(), reply(401), probe=probe)
    with pytest.raises(Declined):
        made.find(TASK, A_TASK)
    _, made = start(items(), reply(200, {"user": None}), probe=probe)
    not_certain(made)


def test_what_is_ours_but_has_no_id_is_not_certain(start: Start) -> None:
    _, made = start(items((None, OURS)))
    assert "no id" in not_certain(made)


def test_a_search_by_post_sends_its_body(start: Start) -> None:
    find = {"method": "POST", "path": "/search", "body": {"where": {"ref": "{{ reference }}"}}}
    host, made = start(items((41, OURS)), find=find)
    assert made.find(TASK, A_TASK) == ("41",)
    assert host.seen[0].json() == {"where": {"ref": OURS}}
