"""Forms whose webhook never came are found in the host's own list, once (R9)."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from rounds_stage import DOWN, HOST, START, Council, agreement

from connector.casework.sweeping import SWEEP
from connector.casework.unfetched import TRIED_AGAIN
from connector.errors import Declined, HostError
from connector.store.submission_row import Submission

REFUSED = Declined("It refuses.")


def found(council: Council) -> int:
    with council.store.transaction() as tx:
        return tx.persons.rounds(SWEEP).get(HOST, -1)


def test_a_form_whose_webhook_was_lost_is_found_and_worked_on(council: Council) -> None:
    council.host.forms = [agreement()]
    council.visit()
    (form,) = council.submissions()
    assert (form.state, form.status) == ("processed", "tailored_support_active")
    assert council.the("T01")
    assert found(council) == 1


def test_a_form_that_is_found_twice_is_there_once(council: Council) -> None:
    council.host.forms = [agreement()]
    council.visit()
    council.later(minutes=20)
    council.visit()
    assert len(council.submissions()) == 1
    assert found(council) == 0


def test_a_form_whose_webhook_came_leaves_no_trace(council: Council) -> None:
    council.take(agreement())
    council.host.forms = [agreement(eventId="another-delivery")]
    council.visit()
    assert [each.state for each in council.submissions()] == ["processed"]


def test_a_webhook_that_waits_to_be_worked_on_is_not_missing(council: Council) -> None:
    with council.store.transaction() as tx:
        tx.submissions.keep(HOST, "d1", json.dumps(agreement()).encode(), START)
    council.host.forms = [agreement(eventId="another-delivery")]
    council.visit()
    assert len(council.submissions()) == 1


def test_an_amended_form_whose_webhook_was_lost_is_found(council: Council) -> None:
    council.take(agreement())
    council.later(hours=2)
    amended = agreement(formVersion=2, formStatus="Amended", completedDate="27/03/2026 16:30")
    council.host.forms = [agreement(), amended | {"visitIntervalWeeks": "6"}]
    council.visit()
    assert [each.version for each in council.submissions()] == ["2", "1"]
    assert council.the("T27")


def test_a_mapping_that_reads_a_form_otherwise_makes_no_new_version_of_it(
    council: Council,
) -> None:
    council.take(agreement())
    with council.store.transaction() as tx:
        (form,) = tx.submissions.listing()
        tx.submissions.settle(
            form.id,
            "processed",
            processed_at=START,
            content_sha256="of another mapping",
            configuration_hash="another",
        )
    council.host.forms = [agreement(eventId="another-delivery")]
    council.visit()
    assert len(council.submissions()) == 1


def test_what_is_no_form_of_ours_is_not_kept(council: Council) -> None:
    council.host.forms = [
        agreement(eventType="SOMETHING_ELSE"),
        agreement(changedBy="LC_CONNECTOR"),
    ]
    council.visit()
    assert council.submissions() == []


def test_a_form_nobody_has_mapped_yet_is_kept_once(council: Council) -> None:
    council.host.forms = [agreement(formTemplate="Unheard of")]
    council.visit()
    council.later(minutes=20)
    council.visit()
    assert [each.state for each in council.submissions()] == ["unmapped"]


def test_one_bad_form_does_not_hide_the_others(council: Council) -> None:
    council.host.forms = ["\ud800", 7, agreement()]
    council.visit()
    assert [each.state for each in council.submissions()] == ["processed"]


def test_a_late_delivery_that_was_held_is_released_by_the_list(council: Council) -> None:
    with council.store.transaction() as tx:
        body = json.dumps(agreement()).encode()
        tx.submissions.keep(HOST, "d1", body, START, state="held_stale")
    council.host.forms = [agreement(eventId="another-delivery")]
    council.visit()
    assert [each.state for each in council.submissions()] == ["processed"]


def test_the_first_time_a_week_is_asked_for_then_a_day_before_the_last(council: Council) -> None:
    council.visit()
    council.later(minutes=15)
    council.visit()
    assert council.host.since == [START - timedelta(days=7), START - timedelta(days=1)]


def test_a_host_is_asked_as_often_as_its_profile_says(council: Council) -> None:
    council.visit()
    council.later(minutes=14)
    council.visit()
    assert len(council.host.since) == 1


def test_a_host_that_does_not_answer_is_asked_for_the_same_time_again(council: Council) -> None:
    council.visit()
    council.host.silent = True
    council.later(days=3)
    council.visit()
    council.host.silent = False
    council.later(minutes=15)
    council.visit()
    assert council.host.since[-1] == START - timedelta(days=1)


def test_a_host_without_a_list_is_not_swept(council: Council) -> None:
    council.host = replace(council.host, lists_forms=False)
    council.visit()
    assert council.host.since == []


def waiting(council: Council) -> list[Submission]:
    with council.store.transaction() as tx:
        return tx.submissions.unfetched(HOST)


class Refusing:
    """A host whose list is thin, and that does not hand out the forms of these numbers."""

    def __init__(self, *numbers: int, error: HostError = REFUSED) -> None:
        self.numbers = set(numbers)
        self.error = error
        self.asked: list[int] = []

    def __call__(self, entry: Any) -> Any:
        number = entry["number"]
        self.asked.append(number)
        if number in self.numbers:
            raise self.error
        return agreement(formId=number, eventId=f"e{number}")


def thin(*numbers: int) -> list[Any]:
    return [{"number": number} for number in numbers]


def test_a_form_that_cannot_be_read_does_not_hold_up_those_behind_it(council: Council) -> None:
    council.host.fetched, council.host.forms = Refusing(1), thin(1, 2, 3)
    council.visit()
    assert {each.form_id for each in council.submissions()} == {"2", "3"}
    assert len(waiting(council)) == 1


def test_a_form_that_could_not_be_read_comes_in_later_once(council: Council) -> None:
    host = Refusing(1)
    council.host.fetched, council.host.forms = host, thin(1)
    council.visit()
    council.later(days=3)  # the list goes back a day only, so the form is not in it any more
    council.host.forms = []
    council.visit()
    assert council.submissions() == []
    host.numbers.clear()
    for _ in range(3):
        council.later(days=1)
        council.visit()
    assert [(each.form_id, each.state) for each in council.submissions()] == [("1", "processed")]
    assert waiting(council) == []


def test_it_is_asked_for_with_each_sweep_and_after_a_day_once_a_day(council: Council) -> None:
    host = Refusing(1)
    council.host.fetched, council.host.forms = host, thin(1)
    for _ in range(4):
        council.visit()
        council.later(minutes=15)
    assert len(host.asked) == 4
    assert waiting(council)[0].reason == TRIED_AGAIN
    council.later(days=1)
    for _ in range(4):
        council.visit()
        council.later(minutes=15)
    assert len(host.asked) == 5
    assert "could not be read for a day: It refuses." in waiting(council)[0].reason


def test_it_is_told_once(council: Council) -> None:
    council.host.fetched, council.host.forms = Refusing(1), thin(1)
    council.visit()
    assert waiting(council)[0].processed_at is None
    council.later(days=1)
    told_at = council.at
    for _ in range(3):
        council.visit()
        council.later(days=1, minutes=1)
    assert [each.processed_at for each in waiting(council)] == [told_at]


def test_a_form_that_is_gone_is_asked_for_no_more(council: Council) -> None:
    council.host.fetched, council.host.forms = Refusing(1), thin(1)
    council.visit()
    council.host.fetched = lambda entry: None
    council.later(minutes=15)
    council.visit()
    assert waiting(council) == []
    assert council.submissions() == []


def test_its_webhook_may_come_meanwhile(council: Council) -> None:
    host = Refusing(1)
    council.host.fetched, council.host.forms = host, thin(1)
    council.visit()
    council.take(agreement(formId=1, eventId="by-webhook"))
    host.numbers.clear()
    council.later(minutes=15)
    council.visit()
    assert len(council.submissions()) == 1
    assert waiting(council) == []


def test_several_silent_answers_in_a_row_end_a_sweep_and_never_block_the_next(
    council: Council,
) -> None:
    host = Refusing(1, 2, 3, 4, error=DOWN)
    council.host.fetched, council.host.forms = host, thin(1, 2, 3, 4, 5)
    council.visit()
    assert host.asked == [1, 2, 3]
    assert found(council) == -1
    council.later(minutes=15)
    council.visit()
    assert [each.form_id for each in council.submissions()] == ["5"]
    assert len(waiting(council)) == 4


def test_a_person_can_have_it_asked_for_at_once(council: Council) -> None:
    host = Refusing(1)
    council.host.fetched, council.host.forms = host, thin(1)
    council.visit()
    council.later(days=2)
    council.visit()
    host.numbers.clear()
    (row,) = waiting(council)
    with council.store.transaction() as tx:
        assert tx.submissions.rearm(row.id)
    council.later(minutes=15)
    council.visit()
    assert [each.form_id for each in council.submissions()] == ["1"]
