"""Before the first write the host is asked whose record it is (EN-07)."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from person_register import PersonRegister, record
from short_life import ShortLife

from connector.errors import NotSent

NewLife = Callable[..., ShortLife]
PLAN = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}


def nothing_but_a_task_to_put_it_right(life: ShortLife) -> bool:
    host = life.host
    written = host.statuses or host.notes or host.documents
    return not written and [t.variables["task"] for t in host.tasks.values()] == ["T90"]


def test_a_record_that_agrees_leads_to_what_the_form_asks_for(new_life: NewLife) -> None:
    register = PersonRegister(record())
    life = new_life(register=register)
    life.tells("agreement", **PLAN)
    assert register.asked == ["P1"]
    assert life.status == "tailored_support_active"
    assert not life.inbox("T90")


def test_another_date_of_birth_holds_everything_and_somebody_hears(new_life: NewLife) -> None:
    life = new_life(register=PersonRegister(record(date_of_birth=date(2006, 5, 5))))
    held = life.tells("agreement", **PLAN, untold=True)
    assert held.status == "on_hold"
    assert nothing_but_a_task_to_put_it_right(life)
    assert "date of birth" in life.the("T90").variables["title"]
    assert life.the("T90").assignee == "W1"
    assert life.on("2026-08-01").standing("T01") == []


def test_a_number_without_a_record_holds_everything_too(new_life: NewLife) -> None:
    life = new_life(register=PersonRegister(None))
    life.tells("agreement", **PLAN, untold=True)
    assert nothing_but_a_task_to_put_it_right(life)


def test_a_form_put_right_is_worked_on_as_usual(new_life: NewLife) -> None:
    life = new_life(register=PersonRegister(record(date_of_birth=date(2006, 5, 5))))
    life.tells("agreement", **PLAN)
    life.on("2026-03-30")
    life.tells("agreement", **PLAN, version=2, date_of_birth="2006-05-05")
    assert life.status == "tailored_support_active"
    assert not life.inbox("T90")


def test_a_wrong_version_leaves_what_stands_and_the_record_alone(new_life: NewLife) -> None:
    life = new_life(register=PersonRegister(record()))
    life.tells("agreement", **PLAN)
    before, statuses = set(life.picture()), list(life.host.statuses)
    life.on("2026-04-01")
    life.tells("agreement", **PLAN, version=2, date_of_birth="2006-05-05")
    assert before < set(life.picture())
    assert life.host.statuses == statuses
    assert life.the("T90")


def test_a_form_waits_while_the_host_does_not_answer(new_life: NewLife) -> None:
    register = PersonRegister(record(), trouble=NotSent("The case system does not answer."))
    life = new_life(register=register)
    kept = life.tells("agreement", **PLAN)
    assert kept.state == "received"
    assert not life.host.tasks
    assert not life.host.statuses
    register.trouble = None
    life.council.at = datetime(2026, 3, 27, 12, tzinfo=UTC)
    life.council.work()
    assert life.status == "tailored_support_active"


def test_what_comes_after_a_form_that_waits_is_heard_after_it(new_life: NewLife) -> None:
    register = PersonRegister(record(), trouble=NotSent("The case system does not answer."))
    life = new_life(register=register)
    form = life.tells("agreement", **PLAN)
    death = life.sends(
        {
            "event": "person.died",
            "at": "2026-03-27T09:00:00+00:00",
            "person": {"id": "P1", "date_of_death": "2026-03-27"},
        }
    )
    assert (form.state, death.state) == ("received", "received")
    assert "older" in death.reason
    register.trouble = None
    life.council.at = datetime(2026, 3, 27, 12, tzinfo=UTC)
    life.council.work()
    assert [each.state for each in life.submissions()] == ["processed", "processed"]
    assert next(status for _, status in life.host.statuses) == "tailored_support_active"
    assert life.status == "ended_deceased"


def test_a_death_on_the_record_counts_for_a_form_that_does_not_know_of_it(
    new_life: NewLife,
) -> None:
    life = new_life(register=PersonRegister(record(died_on=date(2026, 3, 1))))
    life.tells("agreement", **PLAN, untold=True)
    assert life.status == "ended_deceased"
    assert not life.standing()


def test_a_restriction_on_the_record_counts_too(new_life: NewLife) -> None:
    life = new_life(register=PersonRegister(record(restricted=True)), born="2004-06-15")
    life.council.desk.registers["sandbox"].found = record(  # type: ignore[attr-defined]
        restricted=True, date_of_birth=date(2004, 6, 15)
    )
    actions = [{"what": "Call the clinic", "who": "pa", "due_on": "2026-04-01"}]
    life.tells("assessment", outcome="remain_open", actions=actions)
    assert life.the("T20").variables["title"] == "Do an agreed action"


def test_a_worker_on_the_record_has_the_task_that_opens(new_life: NewLife) -> None:
    life = new_life(register=PersonRegister(record(worker_id="W8", manager_id="M8")))
    life.tells("agreement", **PLAN)
    life.on("2026-05-22")
    assert life.the("T01").assignee == "W8"


def test_a_death_on_a_form_about_somebody_else_ends_nothing(new_life: NewLife) -> None:
    life = new_life(register=PersonRegister(record()))
    life.tells("agreement", **PLAN)
    before = set(life.picture())
    wrong = {"date_of_birth": "2006-05-05", "date_of_death": "2026-03-20"}
    held = life.tells("agreement", **PLAN, form_id="WRONG", **wrong)
    assert before < set(life.picture())
    assert held.status == "on_hold"
    assert "date of birth" in life.the("T90").variables["title"]
    assert life.status == "tailored_support_active"
    life.on("2026-05-22")
    assert life.the("T01")


def test_a_death_on_a_form_counts_once_the_date_of_birth_was_put_right(
    new_life: NewLife,
) -> None:
    life = new_life(register=PersonRegister(record()))
    life.tells("agreement", **PLAN)
    life.tells("family_request", date_of_birth="2006-05-05", date_of_death="2026-03-20")
    life.on("2026-03-31")
    life.tells("family_request", version=2, date_of_death="2026-03-20")
    assert life.status == "ended_deceased"
    assert not life.standing()


def test_a_form_on_the_wrong_record_that_is_withdrawn_leaves_nothing_to_put_right(
    new_life: NewLife,
) -> None:
    life = new_life(register=PersonRegister(record()))
    life.tells("agreement", **PLAN, date_of_birth="2006-05-05")
    assert life.the("T90")
    life.on("2026-03-30")
    life.tells("agreement", **PLAN, version=2, date_of_birth="2006-05-05", status="withdrawn")
    assert not life.inbox("T90")


def test_a_form_about_a_record_that_was_merged_goes_to_the_one_that_remains(
    new_life: NewLife,
) -> None:
    register = PersonRegister(record(merged_into="P2"))
    life = new_life(register=register)
    life.tells("agreement", **PLAN)
    assert register.asked == ["P1", "P2"]
    assert not life.standing()
    assert life.standing("T01", "P2")
