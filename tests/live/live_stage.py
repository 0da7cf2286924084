"""Sandbox, web service and worker as real processes that a test can kill and start again.

Every council here is a host of its own (its own profile and register in the sandbox), so that tests
on one stage do not meet. Host and connector are told to be quick: a read time-out and a settle
window of a second. Whoever a form is about is put on record there before it is sent.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import requests

from connector.cli.demonstration.stage import answering, environment_for, free_ports
from connector.profiles import Configuration, load, packaged_folder
from connector.sandbox.database import Database
from connector.sandbox.people import People, Person
from connector.settings import Settings
from connector.signature import prove, secrets_of
from connector.store import Store

MODES = ("slow", "work-then-500", "503", "work-then-reset", "refuse", "429")
COUNCILS = ("north", "south", "mended", *(f"host-{mode}" for mode in MODES))
LABEL = "12. Level of support"
ARGUMENTS = {"sandbox": ["sandbox"], "web": ["serve"], "worker": ["work"]}
BOTH = "both"
WRITTEN = ("outcomes", "notes", "documents", "tasks")
LONGEST_WAIT = 60.0
UNSETTLED = ("received", "working")

_deliveries = count(1)


@dataclass
class LiveStage:
    """What runs, and how a test speaks to it."""

    folder: Path
    configuration: Configuration
    environment: dict[str, str]
    sandbox: str
    connector: str
    people: People
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start `sandbox`, `web`, `worker` or `both`; what listens answers when this returns.

        A name may go on after a blank, where there are several of a kind.
        """
        arguments = list(ARGUMENTS.get(name.partition(" ")[0], ["serve", "--with-worker"]))
        if name == "sandbox":
            arguments += ["--port", self.sandbox.rpartition(":")[2]]
        log = self.folder / f"{name}.log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "connector", *arguments],
                env=self.environment | environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.running[name] = process
        if name == "sandbox":
            answering(f"{self.sandbox}/switches", process, log)
        if name in ("web", BOTH):
            answering(f"{self.connector}/healthz", process, log)
        return process

    def stop(self, name: str) -> int:
        """Ask a process to end, and wait; its exit code."""
        process = self.running[name]
        process.send_signal(signal.SIGINT if name == "sandbox" else signal.SIGTERM)
        code = process.wait(timeout=30)
        del self.running[name]
        return code

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        process = self.running.pop(name)
        process.kill()
        process.wait(timeout=30)

    def send(
        self,
        host: str,
        payload: Any,
        *,
        delivery: str = "",
        at: float | None = None,
        session: requests.Session | None = None,
    ) -> requests.Response:
        """Post a form as its host would, signed, under a new delivery id if none is given."""
        if isinstance(payload, dict):
            self.put_on_record(host, payload.get("person"))
        how = self.configuration.hosts[host].inbound.authentication
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        proof = prove(
            how,
            secrets_of(how, self.environment),
            message_id=delivery or f"msg-{next(_deliveries)}",
            timestamp=int(time.time() if at is None else at),
            body=body,
        )
        return (session or requests).post(
            f"{self.connector}/hooks/{host}",
            data=body,
            params=dict(proof.query),
            headers={"Content-Type": "application/json", **proof.headers},
            timeout=(5, 30),
        )

    def put_on_record(self, host: str, person: Any) -> None:
        """Make the person's record in the host, where there is none."""
        if not isinstance(person, dict) or self.people.find(host, person["id"]):
            return
        record = Person(host, person["id"], date_of_birth=person["date_of_birth"])
        self.people.save(record if record.birthday() else replace(record, date_of_birth=""))

    def submit(self, host: str, payload: Any) -> str:
        """Send a form that is taken; its submission."""
        answer = self.send(host, payload)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["submission"])

    def story(self, submission: str) -> dict[str, Any]:
        """What `GET /submissions/{id}` tells."""
        answer = requests.get(
            f"{self.connector}/submissions/{submission}",
            headers={"Authorization": f"Bearer {self.environment['CONNECTOR_API_TOKEN']}"},
            timeout=(5, 30),
        )
        answer.raise_for_status()
        return dict(answer.json())

    def settled(self, submission: str, seconds: float = LONGEST_WAIT) -> dict[str, Any]:
        """Its story once nothing is under way any more."""

        def at_rest(told: dict[str, Any]) -> bool:
            states = {each["state"] for each in told["effects"]}
            return told["state"] not in UNSETTLED and states <= {"confirmed", "cancelled", "parked"}

        return dict(wait_for(lambda: self.story(submission), at_rest, seconds))

    def under_way(self) -> list[str]:
        """The submissions that are not at rest, whoever sent them."""
        with self.store() as store, store.transaction() as tx:
            return [each.id for state in UNSETTLED for each in tx.submissions.listing(9, state)]

    def done(self, host: str, payload: Any) -> dict[str, Any]:
        """Send a form; its story once all of it is in the host."""
        told = self.settled(self.submit(host, payload))
        assert told["state"] == "done", told
        return told

    def held(self, host: str, person: str = "") -> dict[str, list[dict[str, Any]]]:
        """What the sandbox holds for a host, or for one person there: outcomes, notes, …"""
        everything = self._sandbox("GET", f"/registers/{host}/api/everything").json()
        return {
            kind: [each for each in entries if person in ("", each["person_id"])]
            for kind, entries in everything.items()
            if kind in WRITTEN
        }

    def document(self, host: str, document_id: str) -> bytes:
        """The bytes of a document the sandbox holds."""
        path = f"/registers/{host}/api/documents/{document_id}/content"
        return self._sandbox("GET", path).content

    def misbehave(self, host: str, kind: str, mode: str, **how: Any) -> None:
        """Turn on a switch of the sandbox."""
        self._sandbox("POST", "/switches", {"register": host, "kind": kind, "mode": mode, **how})

    def behave(self) -> None:
        """Turn all switches off."""
        self._sandbox("DELETE", "/switches")

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `connector` with these arguments to its end."""
        return subprocess.run(
            [sys.executable, "-m", "connector", *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def only(self, host: str) -> str:
        """A configuration folder with this host alone, which loads faster."""
        folder = self.folder / f"only-{host}"
        shutil.copytree(self.configuration.folder / host, folder / host)
        shutil.copy(self.configuration.folder / "policy.yaml", folder)
        return str(folder)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The connector's own store on the same data, in this process."""
        settings = Settings.from_environment(self.environment)
        with Store.open(settings.database_url, settings.vault) as opened:
            yield opened

    def _sandbox(self, method: str, path: str, body: Any = None) -> requests.Response:
        token = self.environment["SANDBOX_TOKEN"]
        answer = requests.request(
            method,
            f"{self.sandbox}{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=(5, 30),
        )
        answer.raise_for_status()
        return answer


def wait_for(
    look: Callable[[], Any], good: Callable[[Any], object], seconds: float = LONGEST_WAIT
) -> Any:
    """What `look` sees once it is `good`; fails with the last sight of it when time is up."""
    end = time.monotonic() + seconds
    while not good(seen := look()):
        assert time.monotonic() < end, f"it did not come about in time: {seen}"
        time.sleep(0.05)
    return seen


@contextmanager
def live_stage(folder: Path) -> Iterator[LiveStage]:
    """All three running on free ports; whatever still runs at the end is stopped."""
    configuration = load(written_configuration(folder / "mappings"))
    sandbox, connector = free_ports(2)
    data = folder / "data"
    data.mkdir()
    ours = {
        "CONNECTOR_TICK_SECONDS": "0.1",
        "CONNECTOR_LOG_LEVEL": "DEBUG",
        "SANDBOX_DATABASE": str(folder / "sandbox.db"),
    }
    register = Database(folder / "sandbox.db")
    made = LiveStage(
        folder=folder,
        configuration=configuration,
        environment=environment_for(configuration, data, sandbox, connector) | ours,
        sandbox=f"http://127.0.0.1:{sandbox}",
        connector=f"http://127.0.0.1:{connector}",
        people=People(register),
    )
    with ExitStack() as ending:
        ending.callback(register.close)
        ending.callback(lambda: [made.kill(name) for name in list(made.running)])
        for name in ARGUMENTS:
            made.start(name)
        yield made


def written_configuration(folder: Path) -> Path:
    """The packaged flat host, and the sandbox's profile once for each council, all quick.

    `mended` is still to be mended: it does not know the agreement and takes an outcome amiss.
    """
    for name in ("policy.yaml", "flat", "sandbox"):
        copy = shutil.copytree if (packaged_folder() / name).is_dir() else shutil.copy
        folder.mkdir(exist_ok=True)
        copy(packaged_folder() / name, folder / name)
    for council in COUNCILS:
        _write_council(folder / "sandbox", folder / council)
    for profile in folder.glob("*/host.yaml"):
        edit(profile, {"read: 20": "read: 1", "settle_seconds: 2": "settle_seconds: 1"})
    mended = folder / "mended"
    edit(mended / "host.yaml", {"{tailored_support_agreement: tailored_support_agreement,": "{"})
    edit(mended / "post_21_assessment.yaml", {"  outcome: outcome\n": MISTAKEN})
    return folder


MISTAKEN = "  outcome: {key: outcome, map: {O2: remain_open}}\n"
MENDED = "  outcome: {key: outcome, map: {OUT-2: remain_open}}\n"


def _write_council(pattern: Path, folder: Path) -> None:
    shutil.copytree(pattern, folder)
    edit(folder / "host.yaml", {"/registers/sandbox/api": f"/registers/{folder.name}/api"})
    labelled = f'level_of_support: {{key: level_of_support, label: "{LABEL}"}}\n'
    edit(folder / "post_21_assessment.yaml", {"level_of_support: level_of_support\n": labelled})


def edit(file: Path, changes: Mapping[str, str]) -> None:
    """Replace texts of a file, each of which must be there."""
    text = file.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{old!r} is not in {file}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
