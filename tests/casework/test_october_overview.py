"""The October overview: one task for each manager on the day the exercise opens, with the list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from import_desk import CLOSED, HOST, ImportDesk, import_desk

from connector.casework.october import hosts_to_tell, tell_managers
from connector.model import EffectKind, Inbox
from connector.policy.overview import listed
from connector.store.follow_up_row import FollowUpRow

SUMMER = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
OPENS = datetime(2026, 10, 19, 6, 0, tzinfo=UTC)
DAY_BEFORE, LAST_DAY = OPENS.replace(day=18), OPENS.replace(day=30)
OVER = OPENS.replace(day=31)
OTHER = CLOSED | {"person_id": "C2", "manager_id": "m2"}
THIRD = CLOSED | {"person_id": "C3"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ImportDesk]:
    with import_desk(tmp_path, SUMMER) as desk:
        yield desk


def make_round(office: ImportDesk, host: str = HOST) -> bool:
    """As the worker's clock does it, for one host; whether it was to be told."""
    with office.desk.store.transaction() as tx:
        due = host in hosts_to_tell(tx, office.desk, 0)
    if due:
        with office.desk.store.transaction() as tx:
            assert tell_managers(tx, office.desk, host)
    return due


def overviews(office: ImportDesk) -> list[FollowUpRow]:
    with office.desk.store.transaction() as tx:
        return tx.follow_ups.listing(task="T93")


def contents(office: ImportDesk, kind: EffectKind) -> list[dict[str, Any]]:
    """The variables of every write of a kind that is owed."""
    with office.desk.store.transaction() as tx:
        submissions = {row.submission_id for row in tx.follow_ups.listing(task="T93")}
        rows = [row for each in submissions for row in tx.effects.of_submission(each)]
        return [tx.effects.content(row.id) for row in rows if row.kind is kind]


def test_each_manager_has_one_overview_due_on_the_first_day(office: ImportDesk) -> None:
    office.take(CLOSED, OTHER, THIRD)
    opened = office.at(OPENS)
    assert make_round(opened)
    shown = {(row.inbox, row.assignee, str(row.due_on), row.state) for row in overviews(opened)}
    assert shown == {
        (Inbox.MANAGER, "m1", "2026-10-26", "open"),
        (Inbox.MANAGER, "m2", "2026-10-26", "open"),
    }
    assert {row.person_id for row in overviews(opened)} == {""}


def test_the_list_has_whoever_the_manager_is_responsible_for(office: ImportDesk) -> None:
    office.take(CLOSED, OTHER, THIRD)
    opened = office.at(OPENS)
    make_round(opened)
    lists = contents(opened, EffectKind.TASK_DOCUMENT)
    people = sorted([line.split(",")[0] for line in each["csv"].splitlines()[1:]] for each in lists)
    assert people == [["C1", "C3"], ["C2"]]
    assert {each["name"] for each in lists} == {"Yearly contact October 2026.csv"}
    assert {each["content_type"] for each in lists} == {"text/csv"}


def test_the_list_waits_for_the_task_it_goes_onto(office: ImportDesk) -> None:
    office.take(CLOSED)
    opened = office.at(OPENS)
    make_round(opened)
    (task,) = contents(opened, EffectKind.TASK)
    (attached,) = contents(opened, EffectKind.TASK_DOCUMENT)
    assert attached["task_reference"] == task["reference"]


@pytest.mark.parametrize(
    ("now", "told"), [(DAY_BEFORE, False), (OPENS, True), (LAST_DAY, True), (OVER, False)]
)
def test_it_comes_from_the_opening_until_the_exercise_is_over(
    now: datetime, told: bool, office: ImportDesk
) -> None:
    office.take(CLOSED)
    assert make_round(office.at(now)) is told


def test_a_worker_that_was_down_on_the_day_makes_up_for_it(office: ImportDesk) -> None:
    office.take(CLOSED)
    late = office.at(LAST_DAY)
    make_round(late)
    assert [str(row.due_on) for row in overviews(late)] == ["2026-11-02"]


def test_it_comes_once_a_year(office: ImportDesk) -> None:
    office.take(CLOSED)
    assert make_round(office.at(OPENS))
    assert not make_round(office.at(OPENS.replace(day=20)))
    assert make_round(office.at(OPENS.replace(year=2027, day=18)))


def test_where_nobody_is_due_there_is_none(office: ImportDesk) -> None:
    opened = office.at(OPENS)
    assert make_round(opened)
    assert overviews(opened) == []
    assert not make_round(opened)


def test_without_a_manager_the_team_has_it(office: ImportDesk) -> None:
    office.take(CLOSED | {"manager_id": ""})
    opened = office.at(OPENS)
    make_round(opened)
    assert [(row.inbox, row.assignee) for row in overviews(opened)] == [(Inbox.TEAM, "t1")]


def test_a_manager_who_left_is_not_told(office: ImportDesk) -> None:
    office.take(CLOSED)
    with office.desk.store.transaction() as tx:
        tx.persons.worker_left(HOST, "m1", SUMMER)
    opened = office.at(OPENS)
    make_round(opened)
    assert [row.inbox for row in overviews(opened)] == [Inbox.TEAM]


def without_files(office: ImportDesk, **defaults: str) -> ImportDesk:
    """The same desk; its host takes no files on tasks."""
    configuration = office.desk.configuration
    profile = configuration.hosts[HOST]
    profile = replace(
        profile,
        outbound=replace(profile.outbound, task_attachment=None),
        defaults={**profile.defaults, **defaults},
    )
    hosts = {**configuration.hosts, HOST: profile}
    desk = replace(office.desk, configuration=replace(configuration, hosts=hosts))
    return replace(office, desk=desk)


def test_a_host_without_files_on_tasks_has_the_list_in_the_text(office: ImportDesk) -> None:
    office.take(CLOSED, THIRD | {"restricted": "yes"})
    opened = without_files(office.at(OPENS))
    make_round(opened)
    (task,) = contents(opened, EffectKind.TASK)
    assert "Record C1: due 30 October 2026\nRecord C3 (restricted): due" in task["text"]
    assert not contents(opened, EffectKind.TASK_DOCUMENT)


def test_the_task_is_put_on_the_councils_own_record_where_one_is_named(
    office: ImportDesk,
) -> None:
    office.take(CLOSED)
    opened = without_files(office.at(OPENS), team_record_id="T-900")
    make_round(opened)
    (task,) = contents(opened, EffectKind.TASK)
    assert task["person_id"] == "T-900"
    assert [row.person_id for row in overviews(opened)] == [""]


def test_a_long_list_in_a_text_says_how_many_more_there_are() -> None:
    lines = [f"Record {number}: due 30 October 2026" for number in range(100, 110)]
    text = listed(lines, 110)
    assert text.splitlines()[:3] == lines[:3]
    assert "And 7 more" in text.splitlines()[3]
