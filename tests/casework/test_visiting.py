"""The rounds at the hosts hold up nobody: no transaction, no other host, no heartbeat."""

from dataclasses import replace
from datetime import date, timedelta

from rounds_stage import HOST, PERSON, Council, agreement

from connector.casework.visiting import visit_hosts
from connector.clock import FREQUENT, TICKS
from connector.events import HostPerson


def test_no_transaction_is_open_while_a_host_is_asked(council: Council) -> None:
    asked: list[str] = []

    def look_into_the_database() -> None:
        with council.store.transaction() as tx:
            asked.append(str(tx.persons.last_round(HOST, "sweep")))

    council.host.when_asked = look_into_the_database
    council.host.forms = [agreement()]
    council.visit()
    council.host.people[PERSON] = HostPerson(worker_id="9001")
    council.on(date(2026, 5, 21))
    council.later(hours=7)
    council.visit()
    assert asked
    assert council.host.read
    assert council.the("T01").assignee == "9001"


def test_one_round_that_fails_leaves_the_others_alone(council: Council) -> None:
    def fall_over() -> None:
        raise RuntimeError("Zephyrine")

    council.take(agreement())
    council.on(date(2026, 5, 21))
    council.later(hours=1)
    council.host.when_asked = fall_over
    visit_hosts(council.desk)
    with council.store.transaction() as tx:
        assert tx.persons.last_round(HOST, "sweep") is None
    council.host.when_asked = lambda: None
    council.later(hours=7)
    council.visit()
    assert council.host.read


def test_a_host_that_is_not_there_does_not_stop_the_check_of_another(council: Council) -> None:
    profile = council.configuration.hosts[HOST]
    council.configuration = replace(
        council.configuration, hosts={"another": profile, HOST: profile}
    )
    council.host.forms = [agreement()]
    council.visit()
    assert council.the("T01")


def test_asked_to_stop_the_rounds_stop_and_are_made_again_later(council: Council) -> None:
    council.host.forms = [agreement(), agreement(formId=2, eventId="2")]
    visit_hosts(council.desk, lambda: False)
    assert council.submissions() == []
    council.at += timedelta(minutes=20)
    council.visit()
    assert len(council.submissions()) == 2


def test_the_heartbeat_does_not_wait_for_the_rounds_at_the_hosts() -> None:
    (rounds,) = [tick for tick in TICKS if tick.name == "hosts"]
    assert rounds.seconds is not None
    assert rounds.seconds >= FREQUENT
