"""What is known of a person: the newest fact counts, whoever tells it and in whatever order."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from connector.events import HostPerson
from connector.people import (
    Person,
    died_no_more,
    newest_of,
    person_from_json,
    told_by_form,
    told_by_host,
)
from schemas import Envelope

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
NOBODY = Person()


def form(form_id: str = "F1", **facts: object) -> Envelope:
    return Envelope(submission_id=form_id, **facts)  # type: ignore[arg-type]


def test_of_a_stranger_nothing_is_known() -> None:
    assert NOBODY.text("worker_id") is None
    assert NOBODY.day("died_on") is None
    assert not NOBODY.is_true("restricted")
    assert not NOBODY.is_false("worker_active")
    assert not NOBODY.deceased


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_fact_counts_in_whatever_order_they_are_told(order: tuple[int, ...]) -> None:
    said = [(MONDAY, "W1"), (TUESDAY, "W2"), (WEDNESDAY, "W3")]
    known = NOBODY
    for place in order:
        at, worker = said[place]
        known = known.told(at, worker_id=worker)
    assert known.text("worker_id") == "W3"


def test_each_fact_has_a_time_of_its_own() -> None:
    known = NOBODY.told(TUESDAY, worker_id="W2").told(MONDAY, worker_id="W1", team_id="T1")
    assert (known.text("worker_id"), known.text("team_id")) == ("W2", "T1")


def test_of_two_words_of_one_moment_the_later_told_counts() -> None:
    known = NOBODY.told(MONDAY, worker_id="W1").told(MONDAY, worker_id="W2")
    assert known.text("worker_id") == "W2"


def test_moments_are_compared_whatever_their_offset() -> None:
    summer = datetime.fromisoformat("2026-06-01T10:00:00+01:00")
    later = datetime.fromisoformat("2026-06-01T09:30:00+00:00")
    known = NOBODY.told(later, worker_id="W2").told(summer, worker_id="W1")
    assert known.text("worker_id") == "W2"


def test_it_can_be_known_that_there_is_none() -> None:
    known = NOBODY.told(MONDAY, worker_id="W1").told(TUESDAY, worker_id=None)
    assert known.text("worker_id") is None
    assert "worker_id" in known.facts


def test_telling_leaves_the_person_as_it_was() -> None:
    NOBODY.told(MONDAY, worker_id="W1")
    assert Person() == NOBODY


def test_what_is_kept_reads_as_it_was_told() -> None:
    known = NOBODY.told(MONDAY, "F1", died_on=date(2026, 3, 1), restricted=True, worker_id=None)
    again = person_from_json(known.as_json())
    assert again == known
    assert again.day("died_on") == date(2026, 3, 1)
    assert again.deceased


def test_a_blank_on_a_form_says_nothing() -> None:
    known = told_by_form(NOBODY, form(allocated_worker_id="W1", manager_id="M1"), MONDAY)
    after = told_by_form(known, form("F2", team_id="T1"), TUESDAY)
    assert [after.text(name) for name in ("worker_id", "manager_id", "team_id")] == [
        "W1",
        "M1",
        "T1",
    ]


def test_a_form_that_was_completed_before_does_not_undo_a_later_word() -> None:
    known = NOBODY.told(TUESDAY, worker_id="W2")
    assert told_by_form(known, form(allocated_worker_id="W1"), MONDAY) == known


@pytest.mark.parametrize(
    ("form_id", "deceased"), [("F1", False), ("F2", True)], ids=["the same form", "another form"]
)
def test_only_the_form_that_told_of_a_death_takes_it_back(form_id: str, deceased: bool) -> None:
    known = told_by_form(NOBODY, form("F1", date_of_death=date(2026, 3, 1)), MONDAY)
    assert told_by_form(known, form(form_id), TUESDAY).deceased is deceased


def test_a_death_that_the_host_told_is_not_taken_back_by_a_form() -> None:
    known = told_by_host(NOBODY, HostPerson(died_on=date(2026, 3, 1)), MONDAY)
    assert told_by_form(known, form("F1"), TUESDAY).deceased


def test_a_restriction_is_lifted_by_the_form_that_set_it_alone() -> None:
    known = told_by_form(NOBODY, form("F1", record_restricted=True), MONDAY)
    assert told_by_form(known, form("F2", record_restricted=False), TUESDAY).is_true("restricted")
    lifted = told_by_form(known, form("F1", record_restricted=False), TUESDAY)
    assert not lifted.is_true("restricted")


def test_what_the_host_does_not_say_stays_as_it_is() -> None:
    known = NOBODY.told(MONDAY, worker_id="W1", worker_active=True)
    after = told_by_host(known, HostPerson(worker_active=False), TUESDAY)
    assert after.text("worker_id") == "W1"
    assert after.is_false("worker_active")


def test_what_is_read_is_newer_than_whatever_had_come_before() -> None:
    """However the clocks differ: the form had come when the record was read."""
    known = told_by_host(NOBODY, HostPerson(worker_id="W8"), TUESDAY)
    after = told_by_form(known, form(allocated_worker_id="W1"), WEDNESDAY, came_at=MONDAY)
    assert after.text("worker_id") == "W8"


def test_what_comes_after_a_look_is_newer_though_the_hosts_clock_lags() -> None:
    known = NOBODY.told(MONDAY, worker_id="W1")
    known = told_by_host(known, HostPerson(worker_id="W1"), WEDNESDAY)
    lagging, came = TUESDAY, WEDNESDAY + timedelta(minutes=1)
    assert known.told(lagging, "", came, worker_id="W2").text("worker_id") == "W2"


def test_an_older_word_of_the_host_stays_older_across_a_look() -> None:
    known = NOBODY.told(TUESDAY, worker_id="W2")
    known = told_by_host(known, HostPerson(worker_id="W2"), WEDNESDAY)
    late = WEDNESDAY + timedelta(hours=1)
    assert known.told(MONDAY, "", late, worker_id="W1").text("worker_id") == "W2"


def test_a_look_counts_whatever_the_hosts_clock_said_before() -> None:
    known = NOBODY.told(WEDNESDAY, worker_id="W1")
    assert told_by_host(known, HostPerson(worker_id="W2"), MONDAY).text("worker_id") == "W2"


def test_a_death_that_stood_on_the_record_is_taken_back_where_it_stands_there_no_more() -> None:
    known = told_by_host(NOBODY, HostPerson(died_on=date(2026, 3, 1)), MONDAY)
    assert not died_no_more(known, TUESDAY).deceased


def test_a_record_that_never_had_a_date_of_death_takes_none_back() -> None:
    known = NOBODY.told(MONDAY, died_on=date(2026, 3, 1))
    assert died_no_more(known, TUESDAY).deceased


def test_of_two_records_the_newer_word_counts_and_in_doubt_the_one_that_stays() -> None:
    stays = NOBODY.told(TUESDAY, worker_id="W2").told(MONDAY, team_id="T1").read(MONDAY, x="a")
    other = NOBODY.told(MONDAY, worker_id="W1").told(TUESDAY, team_id="T2", x="b")
    both = newest_of(stays, other)
    assert [both.text(name) for name in ("worker_id", "team_id", "x")] == ["W2", "T2", "a"]


def test_a_person_kept_by_an_earlier_version_reads_as_before() -> None:
    known = person_from_json({"worker_id": ["W1", MONDAY.isoformat(), "F1"]})
    assert known == NOBODY.told(MONDAY, "F1", worker_id="W1")
