"""People from before the connector: whose clocks start, whose do not, and nothing twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from import_desk import (
    AGREEMENT,
    CLOSED,
    FORM,
    HOST,
    NOW,
    OPEN,
    ImportDesk,
    Person,
    import_desk,
    results,
)

from connector.casework.daily import ROUNDS
from connector.casework.gaps import gaps_of
from connector.casework.importing import BATCH, leave, record_disagrees
from connector.events import HostPerson
from connector.policy import load_policy
from connector.policy.stops import SERIES
from connector.store.follow_up_row import FollowUpState


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ImportDesk]:
    with import_desk(tmp_path) as desk:
        yield desk


def test_an_agreement_goes_on_from_the_last_contacts_that_were_really_made(
    office: ImportDesk,
) -> None:
    assert results(office.take(AGREEMENT)) == ["imported"]
    assert office.standing("A1") == {
        "T01": "2026-05-05",  # 84 days after 10 February
        "T02": "2026-07-15",  # 6 months after 15 January
        "T07": "2029-06-12",  # 21 and a month
        "T08": "2029-02-12",  # three months before 21
    }


def test_without_a_reported_contact_the_agreement_starts_the_clock(office: ImportDesk) -> None:
    office.take(AGREEMENT | {"last_social_worker_contact_on": "", "agreement_date": "2026-03-02"})
    assert office.standing("A1")["T01"] == "2026-05-22"  # 25 May is a bank holiday


def test_what_is_late_comes_once_on_the_next_working_day(office: ImportDesk) -> None:
    office.take(AGREEMENT | {"last_social_worker_contact_on": "2024-11-04"})
    (row,) = office.rows("A1", "T01")
    assert (row.due_on.isoformat(), row.opens_on.isoformat()) == ("2026-03-30", "2026-03-27")


def test_visits_and_the_adult_package_are_planned_where_the_row_says_so(
    office: ImportDesk,
) -> None:
    young = AGREEMENT | {"date_of_birth": "2009-05-12", "support_package_source": "childrens"}
    office.take(young | {"visit_interval_weeks": "52"})
    standing = office.standing("A1")
    assert (standing["T15"], standing["T27"]) == ("2027-02-17", "2026-11-02")


def test_family_contact_that_is_not_safe_goes_to_the_manager(office: ImportDesk) -> None:
    office.take(AGREEMENT | {"family_contact_safe": "no"})
    (row,) = office.rows("A1", "T02")
    assert (row.inbox, row.assignee) == ("manager", "m1")


def test_a_closed_case_has_its_next_yearly_contact(office: ImportDesk) -> None:
    office.take(CLOSED)
    assert office.standing("C1") == {"T30": "2026-10-30"}


def test_after_a_contact_in_september_there_is_none_in_october(office: ImportDesk) -> None:
    office.take(CLOSED | {"closed_on": "2024-01-08", "last_contact_on": "2025-09-15"})
    assert office.standing("C1") == {"T30": "2026-09-15"}


def test_the_days_of_the_last_contact_and_of_being_reached_are_kept_apart(
    office: ImportDesk,
) -> None:
    days = {"last_contact_on": "2025-11-20", "last_reached_on": "2024-10-28"}
    office.take(CLOSED | {"closed_on": "2024-01-08"} | days)
    with office.desk.store.transaction() as tx:
        known = tx.persons.get(HOST, "C1")
    assert {name: known.text(name) for name in days} == days


def test_an_open_case_is_reviewed(office: ImportDesk) -> None:
    office.take(OPEN)
    assert office.standing("O1") == {"T21": "2026-08-12"}


def test_nothing_is_written_on_the_record(office: ImportDesk) -> None:
    office.take(AGREEMENT, CLOSED, OPEN)
    _, writes, _ = office.counts()
    assert writes == 0


def test_the_status_in_force_ends_by_itself_as_after_a_form(office: ImportDesk) -> None:
    office.take(AGREEMENT)
    with office.desk.store.transaction() as tx:
        kept = tx.answers.get(HOST, "A1", FORM)
    assert kept is not None
    assert kept.content["status"] == "tailored_support_active"
    assert str(kept.turns_on) == "2029-06-13"


def test_running_it_twice_changes_nothing(office: ImportDesk) -> None:
    office.take(AGREEMENT, CLOSED, OPEN)
    before = office.counts()
    again = office.later(40).take(AGREEMENT, CLOSED, OPEN)
    assert results(again) == ["unchanged"] * 3
    assert office.counts() == before


def test_columns_in_another_order_and_other_spellings_of_a_date_are_the_same_row(
    office: ImportDesk,
) -> None:
    office.take(CLOSED)
    turned = dict(reversed(CLOSED.items())) | {"closed_on": "03/11/2025"}
    assert results(office.take(turned)) == ["unchanged"]


def test_an_import_that_was_killed_goes_on_where_it_was(office: ImportDesk) -> None:
    people = [CLOSED | {"person_id": f"C{number}"} for number in range(BATCH + 3)]
    path = office.file(*people)
    running = office.taking(path)
    assert next(running).result == "imported"
    running.close()  # type: ignore[attr-defined] # killed after the first transaction
    done = results(list(office.taking(path)))
    assert (done.count("unchanged"), done.count("imported")) == (BATCH, 3)
    assert sum(len(office.rows(f"C{number}")) for number in (0, BATCH, BATCH + 2)) == 3


def test_a_dry_run_says_the_same_and_stores_nothing(office: ImportDesk) -> None:
    people = (AGREEMENT, CLOSED, OPEN | {"person_id": "A1", "date_of_birth": "2008-05-12"})
    tried = list(office.taking(office.file(*people), leave))
    assert office.counts() == (0, 0, 0)
    done = office.take(*people)
    assert tried == done
    assert all(row.result == "imported" for row in done)


def test_whoever_is_assessed_already_gets_no_assessment_before_21(office: ImportDesk) -> None:
    office.take(AGREEMENT, OPEN | {"person_id": "A1", "date_of_birth": "2008-05-12"})
    assert sorted(office.standing("A1")) == ["T01", "T02", "T07", "T21"]


def test_an_assessment_imported_later_ends_the_wait_for_it(office: ImportDesk) -> None:
    office.take(AGREEMENT)
    office.take(OPEN | {"person_id": "A1", "date_of_birth": "2008-05-12"})
    assert "T08" not in office.standing("A1")


REFUSED = [
    (AGREEMENT | {"agreement_date": "31/02/2026"}, "31/02/2026 is not a real date"),
    (AGREEMENT | {"agreement_date": "soon"}, "This is no date"),
    (AGREEMENT | {"agreement_date": ""}, "Fill in agreement_date."),
    (AGREEMENT | {"lead_social_worker_team": ""}, "Fill in lead_social_worker_name or"),
    (AGREEMENT | {"eligible_full_service": "maybe"}, "eligible_full_service: Write yes or no."),
    (AGREEMENT | {"visit_interval_weeks": "200"}, "visit_interval_weeks: Write a whole number"),
    (AGREEMENT | {"last_pathway_plan_on": "2026-03-28"}, "28 March 2026 is in the future"),
    (AGREEMENT | {"date_of_birth": "2011-01-01"}, "They are under 16."),
    (AGREEMENT | {"date_of_birth": "2004-11-03"}, "they were 21 or over"),
    (
        AGREEMENT | {"date_of_birth": "2005-02-20", "agreement_date": "2025-01-02"},
        "ended by itself on 20 March 2026",
    ),
    (CLOSED | {"date_of_birth": "2001-03-27"}, "They turned 25 on 27 March 2026"),
    (CLOSED | {"date_of_birth": "2005-08-01"}, "They turn 21 on 1 August 2026"),
    (CLOSED | {"date_of_birth": "1899-03-04"}, "cannot be right"),
    (CLOSED | {"closed_on": ""}, "Fill in closed_on."),
    (OPEN | {"assessed_on": ""}, "Fill in assessed_on."),
    (OPEN | {"kind": "other"}, "kind: Write agreement or closed_case or open_case."),
    (OPEN | {"person_id": "9" * 37}, "person_id: A record number has at most 36 characters."),
]


@pytest.mark.parametrize(("person", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_a_row_that_cannot_be_used_is_refused_and_the_others_go_on(
    person: Person, why: str, office: ImportDesk
) -> None:
    first, second = office.take(person, CLOSED | {"person_id": "C9"})
    assert (first.line, first.result, second.result) == (2, "refused", "imported")
    assert why in first.reason
    assert not office.rows(person["person_id"][:36])


def test_every_reason_is_told_at_once(office: ImportDesk) -> None:
    (row,) = office.take(AGREEMENT | {"agreement_date": "x", "eligible_full_service": ""})
    assert "agreement_date" in row.reason
    assert "Fill in eligible_full_service." in row.reason


def test_a_refusal_repeats_no_words_of_a_cell(office: ImportDesk) -> None:
    names = {"agreement_date": "Alex Canary", "eligible_full_service": "Canary"}
    (row,) = office.take(AGREEMENT | names)
    assert "Canary" not in row.reason


def test_a_case_may_close_before_21_where_the_council_says_so(office: ImportDesk) -> None:
    policy = load_policy({"post21": {"closure_effective": "immediately"}})
    configuration = replace(office.desk.configuration, policy=policy)
    office.desk = replace(office.desk, configuration=configuration)
    assert results(office.take(CLOSED | {"date_of_birth": "2005-08-01"})) == ["imported"]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (CLOSED, "twice as the same kind"),
        (OPEN | {"person_id": "C1"}, "in the file as closed_case too"),
        (AGREEMENT | {"person_id": "C1"}, "in the file as closed_case too"),
    ],
)
def test_a_person_is_in_the_file_once(second: Person, why: str, office: ImportDesk) -> None:
    first, other = office.take(CLOSED, second)
    assert first.result == "imported"
    assert why in other.reason


def test_other_values_than_before_are_refused(office: ImportDesk) -> None:
    office.take(CLOSED)
    (row,) = office.take(CLOSED | {"closed_on": "2025-11-04"})
    assert "imported with other values before" in row.reason


def test_another_kind_than_before_is_refused(office: ImportDesk) -> None:
    office.take(OPEN)
    (row,) = office.take(CLOSED | {"person_id": "O1"})
    assert "imported as open_case before" in row.reason


def test_a_person_a_form_has_told_of_is_refused(office: ImportDesk) -> None:
    office.form({})
    before = office.standing("400123")
    (row,) = office.take(AGREEMENT | {"person_id": "400123"})
    assert "A form of this person is known already" in row.reason
    assert office.standing("400123") == before


def test_nothing_is_planned_for_someone_who_has_died(office: ImportDesk) -> None:
    with office.desk.store.transaction() as tx:
        known = tx.persons.get(HOST, "C1").told(NOW, died_on="2026-01-02")
        tx.persons.keep(HOST, "C1", known, NOW)
    (row,) = office.take(CLOSED)
    assert "recorded as having died" in row.reason


def test_a_merged_record_is_named_by_its_new_number(office: ImportDesk) -> None:
    with office.desk.store.transaction() as tx:
        tx.persons.merge(HOST, "C1", "C2", NOW)
    (row,) = office.take(CLOSED)
    assert "merged" in row.reason


def test_an_objection_of_the_host_refuses_the_row(office: ImportDesk) -> None:
    rows = office.take(CLOSED, OPEN, objects=lambda row: "No." if row.person_id == "C1" else None)
    assert results(rows) == ["refused", "imported"]


class Records:
    """The case system's records: a person by number."""

    def __init__(self, **people: HostPerson) -> None:
        self.people = people

    def read_person(self, person_id: str) -> HostPerson | None:
        return self.people.get(person_id)


@pytest.mark.parametrize(
    ("records", "why"),
    [
        (Records(), "has no record of this number"),
        (Records(C1=HostPerson(date_of_birth=date(2003, 4, 3))), "not the one on the record"),
        (Records(C1=HostPerson(date_of_birth=date(2003, 3, 4))), ""),
        (Records(C1=HostPerson()), ""),
    ],
)
def test_a_row_is_held_against_the_record_where_that_is_asked_for(
    records: Records, why: str, office: ImportDesk
) -> None:
    (row,) = office.take(CLOSED, objects=partial(record_disagrees, records))
    assert row.result == ("refused" if why else "imported")
    assert why in row.reason


# The example's person, with an agreement from before.
EARLIER = AGREEMENT | {"person_id": "400123", "date_of_birth": "2007-10-01"}
FORM_DAY = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)


def test_a_later_form_takes_the_place_of_the_import(office: ImportDesk) -> None:
    office.take(EARLIER)
    office = office.at(FORM_DAY)
    office.form({})
    standing = [row for row in office.rows("400123") if row.stands]
    assert {row.form_id for row in standing if row.task in {"T01", "T02"}} == {"884213"}
    assert sorted(row.task for row in standing) == ["T01", "T02", "T07", "T08"]


def test_the_clocks_carry_over_to_the_form_since_a_signature_is_no_contact(
    office: ImportDesk,
) -> None:
    office.take(EARLIER)
    office = office.at(FORM_DAY)
    office.form({})
    assert office.standing("400123")["T01"] == "2026-05-05"  # 84 days after 10 February


def test_running_the_import_again_after_the_form_changes_nothing(office: ImportDesk) -> None:
    office.take(EARLIER)
    office.form({})
    before = office.standing("400123")
    assert results(office.take(EARLIER)) == ["unchanged"]
    assert office.standing("400123") == before


def test_a_form_of_before_the_import_that_arrives_late_counts(office: ImportDesk) -> None:
    office.take(EARLIER)
    office.form({"completedDate": "26/03/2026 10:00"})
    with office.desk.store.transaction() as tx:
        held = tx.answers.get(HOST, "400123", FORM)
    assert held is not None
    assert held.content["values"]["submission_id"] == "884213"


def test_the_first_task_opens_for_whoever_the_row_names(office: ImportDesk) -> None:
    office.take(AGREEMENT)
    office = office.later(30)
    opening = next(each for each in ROUNDS if each.name == "opening")
    with office.desk.store.transaction() as tx:
        for row in opening.due(tx, office.desk, 0):
            assert opening.act(tx, office.desk, row)
    (row,) = (row for row in office.rows("A1", "T01"))
    assert (row.state, row.assignee) == ("open", "w1")


@pytest.mark.parametrize("person", [AGREEMENT, CLOSED, OPEN], ids=lambda each: each["kind"])
def test_whoever_was_imported_and_lost_a_next_step_is_found(
    person: Person, office: ImportDesk
) -> None:
    office.take(person)
    with office.desk.store.transaction() as tx:
        assert gaps_of(tx, office.desk, HOST, person["person_id"]) == ()
        series = [row for row in tx.follow_ups.listing(HOST) if row.task in SERIES]
        for row in series:
            tx.follow_ups.leave(row, FollowUpState.CANCELLED, "Lost.")
        gaps = gaps_of(tx, office.desk, HOST, person["person_id"])
    assert {gap.task.task for gap in gaps} == {row.task for row in series}
