"""A worker is paused between its look at the lease and its request, and wakes up later (G3)."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fault_stage import HOST, SETTLE, Running, Stage
from live_forms import assessment

from connector.casework.doubles import DOUBLES
from connector.store import Store


@dataclass
class PausedBefore:
    """A host before whose next write of this kind something else happens."""

    host: Any
    kind: str
    meanwhile: Callable[[], None] | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.host, name)

    def write(self, kind: Any, variables: Mapping[str, Any]) -> str:
        """The request leaves when everything else has happened."""
        if kind.value == self.kind and self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return str(self.host.write(kind, variables))


def paused(running: Running, kind: str, meanwhile: Callable[[], None]) -> None:
    """This worker will sleep before a write of this kind."""
    host = running.duties.dispatcher.hosts[HOST]
    running.with_duties(hosts={HOST: PausedBefore(host, kind, meanwhile)})


def standing(stage: Stage, kind: str) -> list[str]:
    return [each.get("state", "there") for each in stage.held(kind)]


@pytest.mark.faults("G3", "E3", "I2", "I3")
def test_the_request_of_a_worker_that_slept_too_long_is_found_out_and_its_copy_closed(
    stage: Stage, running: Running, store: Store, log: io.StringIO
) -> None:
    other = stage.running(store, running.at)

    def the_other_takes_over() -> None:
        other.later(seconds=running.settings.lease.total_seconds() + 1)
        other.until_rest()
        assert other.at - running.at > SETTLE

    paused(running, "task", the_other_takes_over)
    running.take(assessment(), "d1")
    running.work()
    assert '"effect taken over"' in log.getvalue()
    assert {each["state"].value for each in running.effects()} == {"confirmed"}
    assert len(stage.held("task")) == 3
    running.at = other.at
    running.visit()
    running.until_rest()
    assert sorted(standing(stage, "task")) == ["cancelled", "open", "open"]
    with store.transaction() as tx:
        assert tx.persons.rounds(DOUBLES) == {HOST: 1}
    other.close()


@pytest.mark.faults("G3", "I2", "I3", "I6")
def test_where_the_copy_cannot_be_closed_a_person_is_told(
    stage: Stage, running: Running, store: Store
) -> None:
    other = stage.running(store, running.at)

    def the_other_takes_over() -> None:
        other.later(seconds=running.settings.lease.total_seconds() + 1)
        other.until_rest()

    paused(running, "case_note", the_other_takes_over)
    running.take(assessment(), "d1")
    running.work()
    running.at = other.at
    running.visit()
    (parked,) = running.effects("parked")
    assert parked["reason"].startswith("ALARM: the host holds 2 copies")
    stage.host.held.remove(stage.held("note")[1]["id"])
    other.close()


@pytest.mark.faults("G3", "I2")
def test_a_worker_that_slept_before_its_look_at_the_lease_sends_nothing(
    stage: Stage, running: Running, store: Store
) -> None:
    other = stage.running(store, running.at)

    def slept(_: Any) -> bytes:
        other.later(seconds=running.settings.lease.total_seconds() + 1)
        other.until_rest()
        running.at = other.at
        return b"%PDF-1.7"

    running.with_duties(render_document=slept)
    running.take(assessment(), "d1")
    running.work()
    assert standing(stage, "document") == ["there"]
    assert stage.script.received == len(running.effects()) == 5
    other.close()
