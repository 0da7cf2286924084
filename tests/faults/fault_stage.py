"""One connector in this process, on a database of either size, before a live host that misbehaves.

The host listens at a real socket and speaks what the sandbox's profile expects; the time is made
up, so that a settle window of ten minutes and a night cost nothing.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from chaos import hostile_host
from chaos.held import Held
from script import Script

from connector.assembly import Parts, duties
from connector.casework.visiting import visit_hosts
from connector.clock import Clock, Duties, open_follow_ups
from connector.dispatch import drain
from connector.intake import Receipt, Webhook, receive
from connector.profiles import Configuration, load, packaged_folder
from connector.settings import Settings
from connector.signature import prove, secrets_of
from connector.store import Store
from connector.store.submission_row import Submission

HOST = "sandbox"
READ_SECONDS = 0.4
SETTLE = timedelta(minutes=10)
UNSETTLED = ("planned", "intent", "unknown")
KEYS = "k1:" + "a2V5IG1hZGUgZm9yIHRlc3RzIG9ubHkgMzIgYnl0ZXM="
PROFILE = {
    "base_path: /registers/sandbox/api": f"base_path: {hostile_host.ROOT}",
    "timeouts: {connect: 5, read: 20}": f"timeouts: {{connect: 1, read: {READ_SECONDS}}}",
    "settle_seconds: 2": "probe: {method: GET, path: /whoami}",
    "items: items, reference: reference": "items: items, next: next, reference: reference",
}


@dataclass
class Running:
    """A connector that runs, as of `at`; another one may be started on the same database."""

    settings: Settings
    configuration: Configuration
    store: Store
    at: datetime
    _made: Duties | None = None
    thanked: list[Receipt] = field(default_factory=list)

    def now(self) -> datetime:
        """Its clock."""
        return self.at

    @property
    def duties(self) -> Duties:
        """What its worker was given."""
        if self._made is None:
            chosen = self.configuration
            parts = Parts(self.settings, chosen, self.store, chosen.working)
            self._made = duties(parts, self.now)
        return self._made

    def with_duties(self, **parts: Any) -> None:
        """Give its dispatcher other parts."""
        made = self.duties
        self._made = replace(made, dispatcher=replace(made.dispatcher, **parts))

    def close(self) -> None:
        """Let another one lead."""
        if self._made is not None:
            self._made.leads.give_up()

    def take(self, payload: Any, delivery: str) -> Receipt:
        """A signed webhook comes to its door."""
        profile = self.configuration.hosts[HOST]
        how = profile.inbound.authentication
        secrets = secrets_of(how, self.settings.secrets)
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        moment = int(self.at.timestamp())
        proof = prove(how, secrets, message_id=delivery, timestamp=moment, body=body)
        headers = {"Content-Type": "application/json", **proof.headers}
        webhook = Webhook(headers, dict(proof.query), body)
        receipt = receive(self.store, profile, secrets, webhook, self.at)
        self.thanked.append(receipt)
        return receipt

    def start(self) -> None:
        """What a worker does first: on its own machine it knows that the one before is dead."""
        if not self.store.shared:
            with self.store.transaction() as tx:
                tx.effects.take_over(self.at)

    def work(self) -> None:
        """Everything that is due now is done, but for the rounds at the hosts."""
        clock = Clock(self.duties, Event())
        while self.duties.process_waiting():
            pass
        open_follow_ups(clock)
        with self.store.transaction() as tx:
            tx.effects.expire(self.at)
        drain(self.duties.dispatcher, Event(), lambda: None)

    def visit(self) -> None:
        """The rounds at the hosts."""
        visit_hosts(self.duties.desk)

    def later(self, **how_long: float) -> None:
        """Time passes; nothing is done in it."""
        self.at += timedelta(**how_long)

    def until_rest(self, most: int = 200) -> None:
        """Work until nothing waits any more; the time goes on to whatever is next."""
        for _ in range(most):
            self.work()
            waiting = self._waits_until()
            if not waiting:
                return
            # Whatever is due has been done: the rest waits for the next moment that comes.
            soon = self.at + timedelta(seconds=1)
            self.at = min((each for each in waiting if each > self.at), default=soon)
        raise AssertionError(f"it never came to rest: {self.effects(*UNSETTLED)}")

    def _waits_until(self) -> list[datetime]:
        moments = [
            max(filter(None, (each["not_before"], each["lease_until"])), default=self.at)
            for each in self.effects(*UNSETTLED)
        ]
        return moments + [each.not_before or self.at for each in self.submissions("received")]

    def effects(self, *states: str) -> list[dict[str, Any]]:
        """The ledger: every effect, or those in some states, without content."""
        with self.store.transaction() as tx:
            every = [
                effect
                for each in tx.submissions.listing(10_000)
                for effect in tx.effects.of_submission(each.id)
            ]
        return [vars(each) for each in every if not states or each.state.value in states]

    def submissions(self, *states: str) -> list[Submission]:
        """The deliveries, or those in some states."""
        with self.store.transaction() as tx:
            every = tx.submissions.listing(10_000)
        return [each for each in every if not states or each.state in states]


@dataclass
class Stage:
    """A council: its configuration, the environment of its connector, and the live host."""

    folder: Path
    configuration: Configuration
    environment: dict[str, str]
    host: hostile_host.HostileHost
    thread: Thread
    script: Script = field(default_factory=Script)

    def afresh(self, name: str = "held") -> None:
        """The host has forgotten everything and behaves."""
        self.host.held.close()
        self.host.held = Held(self.folder / f"{name}.jsonl")
        self.host.behave()
        self.script = Script()
        self.host.faults = self.script  # type: ignore[assignment]

    def running(self, store: Store, at: datetime | None = None) -> Running:
        """A connector on this database."""
        settings = Settings.from_environment(self.environment)
        moment = at or datetime.now(UTC).replace(microsecond=0)
        return Running(settings, self.configuration, store, moment)

    def host_goes_away(self) -> None:
        """Connections to the host are refused from now on."""
        self.host.go_away()
        self.thread.join()

    def host_comes_back(self) -> None:
        """It answers again, and holds what it held."""
        self.host.come_back()
        self.thread = _serving(self.host)

    def held(self, kind: str = "") -> list[dict[str, Any]]:
        """What the host holds."""
        return [each.as_json() for each in self.host.held.all() if kind in ("", each.kind)]

    def copies(self) -> dict[str, int]:
        """How many of each reference there are beyond one."""
        counted = Counter(each["reference"] for each in self.held())
        return {reference: times - 1 for reference, times in counted.items() if times > 1}


@contextmanager
def fault_stage(folder: Path, **profile: str) -> Iterator[Stage]:
    """The host listens; `profile` replaces texts of the host's profile, as in `settle="…"`."""
    host = hostile_host.HostileHost(0, Held(folder / "held.jsonl"), Script())  # type: ignore[arg-type]
    mappings = _written(folder / "mappings", PROFILE | profile)
    environment = {
        "CONNECTOR_KEYS": KEYS,
        "CONNECTOR_CONFIG": str(mappings),
        "CONNECTOR_DATA": str(folder),
        "SANDBOX_URL": f"http://127.0.0.1:{host.server_address[1]}",
        "SANDBOX_TOKEN_URL": f"http://127.0.0.1:{host.server_address[1]}/token",
        "SANDBOX_TOKEN": "a-token-for-tests-only",
        "SANDBOX_WEBHOOK_SECRET": "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=",
    }
    stage = Stage(folder, load(mappings), environment, host, _serving(host))
    stage.afresh()
    try:
        yield stage
    finally:
        host.shutdown()
        host.server_close()
        stage.thread.join()
        host.held.close()


def _serving(host: hostile_host.HostileHost) -> Thread:
    thread = Thread(target=host.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    return thread


def _written(folder: Path, changes: dict[str, str]) -> Path:
    shutil.copytree(packaged_folder() / HOST, folder / HOST)
    shutil.copy(packaged_folder() / "policy.yaml", folder)
    profile = folder / HOST / "host.yaml"
    text = profile.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{old!r} is not in the profile"
        text = text.replace(old, new)
    profile.write_text(text, encoding="utf-8")
    return folder
