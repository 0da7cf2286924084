"""Any story at all: forms, copies, crashes, faults and people who settle things, in any order (M1).

MODEL_EXAMPLES sets how many stories are told; 20 of each database otherwise.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from edges import Edges, WatchedDatabase, WatchedHost
from fault_stage import HOST, Running, Stage
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from lent_databases import lent_database
from live_forms import CANARIES, agreement, assessment, later
from made_once import sqlite_database

from connector.errors import Refused
from connector.store import Store
from connector.store.effect_row import Resolution
from connector.vault import Vault, new_key_text

PEOPLE = ("770001", "770002")
FAULTS = (
    "work then 500",
    "work then 502",
    "work then 504",
    "work then reset",
    "503 without work",
    "empty 2xx",
    "web page as 2xx",
    "half of the JSON",
    "answer breaks off",
    "429",
)
OUTCOMES = ("created", "changed")
IN_THE_HOST = ("outcome", "case_note", "document", "task")


class Crash(BaseException):
    """The process is gone: nothing of ours catches it."""


class CrashingEdges(Edges):
    """Raises at the edge it is told, and at every one after it, since the dead do nothing."""

    left = 0
    dead = False

    def passing(self, name: str) -> None:
        """An edge is passed."""
        if self.left == 1:
            self.dead = True
        self.left = max(0, self.left - 1)
        if self.dead:
            raise Crash(name)


class Connector(RuleBasedStateMachine):
    """One connector, its host and the people around them. `stage` and `kind` come from the test."""

    stage: Stage
    kind: str

    @initialize()
    def begin(self) -> None:
        """Fresh tables, a host that holds nothing, one key."""
        self.stage.afresh()
        self._folder = TemporaryDirectory()
        folder = Path(self._folder.name)
        opened: Any = sqlite_database(folder) if self.kind == "sqlite" else lent_database()
        self._edges = CrashingEdges()
        self._database = WatchedDatabase(opened, self._edges)
        self._keys = [new_key_text("k1")]
        self._thanked: dict[str, tuple[str, Any]] = {}
        self._versions: dict[str, int] = {}
        self._running: Running | None = None
        self._start(self.stage.running(self._store()))

    def _store(self) -> Store:
        return Store(self._database, Vault.from_text(",".join(reversed(self._keys))))  # type: ignore[arg-type]

    def _start(self, running: Running) -> None:
        if self._running is not None:
            self._running.close()
        self._running = running
        hosts = {HOST: WatchedHost(running.duties.dispatcher.hosts[HOST], self._edges)}
        running.with_duties(hosts=hosts, render_document=lambda _: b"%PDF-1.7")
        running.start()

    @property
    def running(self) -> Running:
        """The connector that runs now."""
        assert self._running is not None
        return self._running

    def _again(self) -> None:
        """Another process starts on the same database."""
        self._edges.left, self._edges.dead = 0, False
        self._start(self.stage.running(self._store(), self.running.at))

    @rule(
        person=strategies.sampled_from(PEOPLE),
        form=strategies.sampled_from([assessment, agreement]),
    )
    def a_form_is_completed(self, person: str, form: Callable[..., Any]) -> None:
        """For the first time, or once more."""
        name = f"{form.__name__}-{person}"
        version = self._versions[name] = self._versions.get(name, 0) + 1
        self._send(f"{name}-{version}", self._payload(form, person, version))

    @rule(person=strategies.sampled_from(PEOPLE))
    def a_newer_version_overtakes_an_older_one(self, person: str) -> None:
        """The host's queue is not in order (R10)."""
        name = f"assessment-{person}"
        older = self._versions.get(name, 0) + 1
        self._versions[name] = older + 1
        for version in (older + 1, older):
            self._send(f"{name}-{version}", self._payload(assessment, person, version))

    def _payload(self, form: Callable[..., Any], person: str, version: int) -> Any:
        first = form(person_id=person, form_id=f"{form.__name__}-{person}")
        return later(first, version=version) if version > 1 else first

    def _send(self, delivery: str, payload: Any) -> None:
        receipt = self.running.take(payload, delivery)
        self._thanked[delivery] = (receipt.submission_id, payload)

    @precondition(lambda self: self._thanked)
    @rule(choice=strategies.integers(0, 1000))
    def the_host_sends_a_delivery_again(self, choice: int) -> None:
        """It is told the same submission (R1)."""
        delivery, (submission, payload) = self._chosen(choice)
        receipt = self.running.take(payload, delivery)
        assert (receipt.submission_id, receipt.duplicate) == (submission, True)

    @precondition(lambda self: self._thanked)
    @rule(choice=strategies.integers(0, 1000))
    def another_body_comes_under_a_known_delivery_id(self, choice: int) -> None:
        """Refused, kept for a look, and nothing else changes (R2)."""
        delivery, (_, payload) = self._chosen(choice)
        with pytest.raises(Refused) as refused:
            self.running.take({**payload, "altered": choice}, delivery)
        assert refused.value.status == 409

    @precondition(lambda self: self._thanked)
    @rule(choice=strategies.integers(0, 1000))
    def somebody_replays_a_submission(self, choice: int) -> None:
        """From the stored bytes."""
        _, (submission, _) = self._chosen(choice)
        with self.running.store.transaction() as tx:
            tx.submissions.rearm(submission)

    def _chosen(self, choice: int) -> tuple[str, tuple[str, Any]]:
        return list(self._thanked.items())[choice % len(self._thanked)]

    @rule(minutes=strategies.sampled_from([0.2, 1, 11, 70, 60 * 25]))
    def time_passes(self, minutes: float) -> None:
        """A moment, a settle window, a day."""
        self.running.later(minutes=minutes)

    @rule()
    def the_worker_works(self) -> None:
        """On whatever is due now."""
        self.running.work()

    @rule(edges=strategies.integers(1, 30))
    def the_worker_dies_at_an_edge(self, edges: int) -> None:
        """Before or after a commit or a request; another one takes its place."""
        self._edges.left = edges
        with suppress(Crash):
            self.running.work()
        self._again()

    @rule(faults=strategies.lists(strategies.sampled_from(("", *FAULTS)), min_size=1, max_size=4))
    def the_host_is_about_to_misbehave(self, faults: list[str]) -> None:
        """At its next writes."""
        self.stage.script.writes.extend(faults)

    @rule(fault=strategies.sampled_from(["read 502", "stale replica"]))
    def the_host_is_about_to_misread(self, fault: str) -> None:
        """At its next read, or look-up."""
        self.stage.script.reads.append(fault)

    @rule()
    def the_encryption_key_is_rotated(self) -> None:
        """A new one seals, the older ones open; the service is started again for it."""
        self._keys.append(new_key_text(f"k{len(self._keys) + 1}"))
        self._again()

    @rule()
    def the_tables_are_upgraded_again(self) -> None:
        """As every start does."""
        self.running.store.upgrade()

    @rule()
    def a_person_settles_what_is_parked(self) -> None:
        """Having looked in the host."""
        held = {each["reference"] for each in self.stage.held()}
        for each in self.running.effects("parked"):
            there = each["reference"] in held or each["kind"] not in IN_THE_HOST
            resolution = Resolution.THERE if there else Resolution.AGAIN
            with self.running.store.transaction() as tx:
                assert tx.effects.resolve(each["id"], resolution, self.running.at)

    @invariant()
    def every_delivery_we_thanked_for_is_kept(self) -> None:
        """I1."""
        if self._running is not None:
            kept = {each.id for each in self.running.submissions()}
            assert {submission for submission, _ in self._thanked.values()} <= kept

    @invariant()
    def nothing_is_in_the_host_twice(self) -> None:
        """I2."""
        assert self.stage.copies() == {}

    def teardown(self) -> None:
        """The host is well again: everything ends, once, or waits with a reason (I3)."""
        if self._running is None:
            return
        self.stage.script.writes.clear()
        self.stage.script.reads.clear()
        self._again()
        for _ in range(3):  # what a person sends again can be parked again
            self.running.until_rest()
            self.a_person_settles_what_is_parked()
        self.running.until_rest()
        ended = self.running.effects()
        assert {each["state"] for each in ended} <= {"confirmed", "cancelled", "parked"}
        assert all(each["reason"] for each in ended if each["state"] == "parked")
        assert self.stage.copies() == {}
        owed = {each["reference"] for each in ended if self._is_wanted(each)}
        assert owed <= {each["reference"] for each in self.stage.held()}
        self._nothing_stands_in_clear()
        self.running.close()
        self.running.store.close()
        self._folder.cleanup()

    def _is_wanted(self, effect: dict[str, Any]) -> bool:
        return effect["state"] == "confirmed" and effect["kind"] in IN_THE_HOST

    def _nothing_stands_in_clear(self) -> None:
        """I5, for the files of SQLite."""
        for file in Path(self._folder.name).glob("connector.db*"):
            written = file.read_bytes()
            assert [word for word in CANARIES if word.encode() in written] == []


@pytest.mark.live
@pytest.mark.faults("M1", "R1", "R2", "R3", "R10", "E1", "E2", "G1", "I1", "I2", "I3", "I5", "I6")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whatever_happens_in_whatever_order_nothing_is_lost_or_doubled(
    kind: str, one_stage: Stage
) -> None:
    machine = type("Connector", (Connector,), {"stage": one_stage, "kind": kind})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("MODEL_EXAMPLES", "20")),
            stateful_step_count=25,
            deadline=None,
            derandomize=bool(os.environ.get("CI")),
            suppress_health_check=list(HealthCheck),
            # Making a story shorter tells it hundreds of times; ask for it where one failed.
            phases=[each for each in Phase if each is not Phase.shrink or "SHRINK" in os.environ],
        ),
    )
