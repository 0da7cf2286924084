"""The lists for people: who is on them, with which days, and what is never shown."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from import_desk import AGREEMENT, CLOSED, HOST, NOW, ImportDesk, import_desk

from connector.casework.changing import Cause
from connector.casework.finishing import Done, finish
from connector.casework.opening import open_follow_up
from connector.policy import load_policy
from connector.profiles import packaged_folder
from connector.reports.lists import LISTS

EXAMPLE = "400123"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ImportDesk]:
    with import_desk(tmp_path) as desk:
        yield desk


def listed(office: ImportDesk, name: str) -> list[dict[str, Any]]:
    return list(LISTS[name].facts(office.desk, HOST))


def done(office: ImportDesk, person: str, task: str, what: Done) -> None:
    """The task of a person is opened, and done."""
    with office.desk.store.transaction() as tx:
        (row,) = (row for row in tx.follow_ups.listing(HOST, person, task=task) if row.stands)
        open_follow_up(tx, office.desk, row)
        cause = Cause(row.submission_id, HOST, office.desk.now(), row.form_id)
        assert finish(tx, office.desk, cause, row, what)


def test_an_active_agreement_shows_its_last_and_next_contacts(office: ImportDesk) -> None:
    office.form({})
    (row,) = listed(office, "agreements")
    assert row["record_number"] == EXAMPLE
    assert row["agreement_date"] == date(2026, 3, 25)
    assert row["visiting_pattern"] == "No regular visits. Join the annual care review."
    assert row["worker"] == "7781"
    assert row["last_social_worker_contact_on"] is None
    assert row["next_social_worker_contact_on"] == date(2026, 6, 17)
    assert row["last_family_contact_on"] == date(2026, 1, 15)
    assert row["next_family_contact_on"] == date(2026, 7, 15)
    assert row["allocation_until"] == date(2028, 11, 1)
    assert row["overdue"] is False


def test_family_contact_and_plan_count_as_made_once_both_were(office: ImportDesk) -> None:
    office.take(AGREEMENT | {"last_family_contact_on": "2026-02-20"})
    (row,) = listed(office, "agreements")
    assert row["last_family_contact_on"] == date(2026, 1, 15)
    assert row["next_family_contact_on"] == date(2026, 7, 15)


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        (Done(date(2026, 3, 26)), (date(2026, 3, 26), "done")),
        (Done(date(2026, 3, 26), assumed=True), (date(2026, 3, 26), "assumed")),
        (Done(date(2026, 3, 26), "attempted"), (date(2026, 2, 10), "reported")),
    ],
    ids=["done", "assumed", "a call that did not get through"],
)
def test_the_last_contact_says_how_it_is_known(
    what: Done, shown: tuple[date, str], office: ImportDesk
) -> None:
    office.take(AGREEMENT)
    done(office, "A1", "T01", what)
    (row,) = listed(office, "agreements")
    assert (row["last_social_worker_contact_on"], row["last_social_worker_contact_is"]) == shown


def test_a_contact_in_an_inbox_past_its_day_is_overdue(office: ImportDesk) -> None:
    office.take(AGREEMENT)
    late = office.at(datetime(2026, 5, 6, 9, 0, tzinfo=UTC))
    with late.desk.store.transaction() as tx:
        (row,) = tx.follow_ups.listing(HOST, "A1", task="T01")
        open_follow_up(tx, late.desk, row)
    (shown,) = listed(late, "agreements")
    assert shown["overdue"] is True


def test_only_active_agreements_are_listed(office: ImportDesk) -> None:
    office.form({"managerAgreed": "N", "managerAgreedDate": ""})
    assert listed(office, "agreements") == []


def test_the_list_goes_on_over_many_pages(office: ImportDesk) -> None:
    people = [CLOSED | {"person_id": f"C{number:03}"} for number in range(401)]
    office.take(*people)
    shown = [row["record_number"] for row in listed(office, "october")]
    assert shown == [person["person_id"] for person in people]


def test_the_october_list_keeps_tried_and_reached_apart(office: ImportDesk) -> None:
    days = {"last_contact_on": "2025-11-20", "last_reached_on": "2024-10-28"}
    office.take(CLOSED | {"closed_on": "2024-01-08"} | days)
    (row,) = listed(office, "october")
    assert row["last_contacted_on"] == date(2025, 11, 20)
    assert row["last_reached_on"] == date(2024, 10, 28)
    assert (row["due_on"], row["team"]) == (date(2026, 10, 30), "t1")


@pytest.mark.parametrize(
    ("cells", "ways"),
    [
        ({}, "phone, text"),
        ({"phone": ""}, "none recorded"),
        ({"phone_safe_to_use": "no"}, "none recorded"),
        (
            {
                "social_media_ok": "yes",
                "social_media_handle": "@sky",
                "social_media_permission_on": "2025-11-03",
            },
            "phone, text, social media",
        ),
        ({"social_media_ok": "yes", "social_media_handle": "@sky"}, "phone, text"),
    ],
)
def test_ways_to_contact_are_named_in_words_and_never_by_number(
    cells: dict[str, str], ways: str, office: ImportDesk
) -> None:
    policy = load_policy({"annual": {"social_media_enabled": "true"}})
    configuration = replace(office.desk.configuration, policy=policy)
    office.desk = replace(office.desk, configuration=configuration)
    office.take(CLOSED | cells)
    (row,) = listed(office, "october")
    assert row["ways_to_contact"] == ways
    assert "07700" not in json.dumps(row, default=str)


@pytest.mark.parametrize(
    ("born", "shown"),
    [("2002-10-25", date(2027, 10, 25)), ("2002-10-28", None), ("2001-12-01", date(2026, 12, 1))],
)
def test_the_25th_birthday_is_shown_within_a_year_of_the_exercise(
    born: str, shown: date | None, office: ImportDesk
) -> None:
    office.take(CLOSED | {"date_of_birth": born})
    (row,) = listed(office, "october")
    assert row["turns_25_on"] == shown


def test_once_the_exercise_is_over_the_list_is_the_next_years(office: ImportDesk) -> None:
    office.take(CLOSED | {"closed_on": "2026-03-20"})
    after = office.at(datetime(2026, 10, 31, 9, 0, tzinfo=UTC))
    young = CLOSED | {"person_id": "C2", "closed_on": "2026-10-30"}
    after.take(young)
    shown = {row["record_number"]: row["due_on"] for row in listed(after, "october")}
    assert shown["C2"] == date(2027, 10, 29)


def test_a_hold_says_what_since_when_why_and_whose_turn_it_is(office: ImportDesk) -> None:
    office.form({"managerAgreed": "", "managerAgreedDate": ""} | {"managerAgreed": "PENDING"})
    rows = listed(office, "holds")
    assert len(rows) == 1
    (row,) = rows
    assert (row["record_number"], row["form_id"]) == (EXAMPLE, "884213")
    assert row["since"] == date(2026, 3, 27)
    assert row["status_in_words"]
    assert row["why"].endswith(".")


def test_what_only_waits_for_a_decision_says_so_instead_of_its_status_again(
    office: ImportDesk,
) -> None:
    sample = packaged_folder() / HOST / "samples" / "family_request.json"
    days = {"completedDate": "27/03/2026 09:30", "requestDate": "26/03/2026"}
    office.form(json.loads(sample.read_text("utf-8")) | days)
    (row,) = listed(office, "holds")
    assert row["why"] == "The manager has not decided yet."


def test_a_hold_that_was_put_right_is_listed_no_more(office: ImportDesk) -> None:
    office.form({"criterionB": "N"})
    assert len(listed(office, "holds")) == 1
    office.form({"formVersion": 2, "completedDate": "27/03/2026 14:30"}, "d2")
    assert listed(office, "holds") == []


def test_a_hold_lasts_from_the_first_version_that_was_held(office: ImportDesk) -> None:
    office.form({"criterionB": "N", "completedDate": "25/03/2026 10:00"})
    again = {"criterionB": "N", "formVersion": 2, "criterionBText": "Still no."}
    office.form(again, "d2")
    (row,) = listed(office, "holds")
    assert row["since"] == date(2026, 3, 25)
    assert row["whose_turn"] == "worker 7781"
    assert "Question B" in row["why"] or "B" in row["why"]


def test_why_repeats_nothing_that_was_typed(office: ImportDesk) -> None:
    office.form({"packageSource": "CANARY"})
    (row,) = listed(office, "holds")
    assert "CANARY" not in json.dumps(row, default=str)
    assert row["status"] == "needs_attention"


@pytest.mark.parametrize("name", ["agreements", "october", "holds"])
def test_of_a_restricted_record_no_more_than_the_number_is_shown(
    name: str, office: ImportDesk
) -> None:
    office.take(AGREEMENT, CLOSED)
    office.form({"criterionB": "N"})
    with office.desk.store.transaction() as tx:
        for person in ("A1", "C1", EXAMPLE):
            known = tx.persons.get(HOST, person).told(NOW, restricted=True)
            tx.persons.keep(HOST, person, known, NOW)
    (row,) = listed(office, name)
    assert row.keys() <= {"host", "record_number", "restricted", "due_on"}
    assert row["restricted"] is True


def test_a_change_that_waits_is_on_hold_beside_the_agreement_in_force(office: ImportDesk) -> None:
    office.form({})
    change = {"formId": 884999, "criterionBText": "More.", "managerAgreed": "PENDING"}
    later = {"completedDate": "27/03/2026 14:30", "managerAgreedDate": ""}
    office.form(change | later, "d2")
    (row,) = listed(office, "holds")
    assert row["form_id"] == "884999"
    assert [each["record_number"] for each in listed(office, "agreements")] == [EXAMPLE]


def test_a_hold_is_over_once_a_later_form_is_in_force(office: ImportDesk) -> None:
    office.form({"criterionB": "N"})
    office.form({"formId": 884999, "completedDate": "27/03/2026 14:30"}, "d2")
    assert listed(office, "holds") == []


def test_a_hold_is_over_when_they_are_too_old_for_it(office: ImportDesk) -> None:
    office.form({"criterionB": "N"})
    turned = office.at(datetime(2028, 11, 1, 9, 0, tzinfo=UTC))
    assert listed(turned, "holds") == []


def test_nobody_waits_for_a_form_of_someone_who_died(office: ImportDesk) -> None:
    office.form({"criterionB": "N"})
    with office.desk.store.transaction() as tx:
        known = tx.persons.get(HOST, EXAMPLE).told(NOW, died_on="2026-03-27")
        tx.persons.keep(HOST, EXAMPLE, known, NOW)
    assert listed(office, "holds") == []
