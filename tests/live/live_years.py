"""Years with real processes: sandbox and worker go by one clock file, which a test moves on."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from live_stage import edit, wait_for

from connector.casework.sweeping import SWEEP
from connector.cli.demonstration.case_system import CaseSystem
from connector.cli.demonstration.stage import SANDBOX_TOKEN, answering, environment_for, free_ports
from connector.profiles import load, packaged_folder
from connector.sandbox import SandboxSettings
from connector.sandbox.database import Database
from connector.sandbox.entries import Entries
from connector.sandbox.people import People
from connector.sandbox.webhooks import Webhooks
from connector.settings import Settings
from connector.store import Store
from connector.store.follow_up_row import FollowUpRow

CONTACT = "Contact the lead social worker"
T01 = "T01"

# The case system's list is read as a thin one: each form is fetched by what the list names it.
EACH = "\"join('/', [form.id, to_string(form.version)])\""
FETCHED = "\n    fetch: {method: GET, path: '/forms/{{ id }}', absent: [404]}"


@dataclass
class Years:
    """What runs. `case_system` is where people work; `worker` can be killed and started again."""

    folder: Path
    environment: dict[str, str]
    case_system: CaseSystem
    people: People
    entries: Entries
    webhooks: Webhooks
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.case_system.today()

    def start(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as out:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "connector", *arguments],
                env=self.environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def start_worker(self) -> None:
        self.start("worker", "work", "--clock-from-file", str(self.case_system.clock))

    def kill_worker(self) -> None:
        worker = self.running.pop("worker")
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=30)

    def restart_worker(self) -> None:
        self.kill_worker()
        self.start_worker()

    def move_on(self, days: int) -> None:
        self.case_system.move_on_to(self.today + timedelta(days=days))

    def reach(self, day: date) -> None:
        """Move on to this day, unless it is later already."""
        self.case_system.move_on_to(max(day, self.today))

    def young_person(self, age_in_days: int = 18 * 366) -> str:
        """Somebody new, on record in the case system."""
        number = f"Y{len(self.people.listing('sandbox')):04}"
        born = self.today - timedelta(days=age_in_days)
        pattern = self.people.listing("sandbox")[0]
        self.people.save(replace(pattern, id=number, date_of_birth=born.isoformat()))
        return number

    def with_agreement(self) -> str:
        """Somebody whose agreement has been worked on."""
        person = self.young_person()
        self.case_system.complete_form(person, "tailored_support_agreement")
        wait_for(lambda: self.planned(person, T01), bool)
        return person

    def planned(self, person: str, task: str = "") -> list[FollowUpRow]:
        """The follow-ups of a person, in the order in which they open."""
        with self.store() as store, store.transaction() as tx:
            return tx.follow_ups.listing("sandbox", person, task=task or None)

    def next_of(self, person: str, task: str) -> FollowUpRow:
        """The one of a series that stands; never two."""
        (row,) = wait_for(
            lambda: [each for each in self.planned(person, task) if each.stands],
            lambda standing: len(standing) == 1,
        )
        return row  # type: ignore[no-any-return]

    def in_inbox(self, person: str, title: str = CONTACT, count: int = 1) -> dict[str, Any]:
        """The newest task of this title in the case system, once there are so many of them."""
        found = wait_for(
            lambda: self.case_system.tasks(person, title), lambda tasks: len(tasks) == count
        )
        return dict(found[-1])

    def at_rest(self) -> None:
        """Everything that came in was worked on, and everything owed is written."""
        wait_for(self._under_way, lambda left: not left)

    def _under_way(self) -> list[str]:
        with self.store() as store, store.transaction() as tx:
            waiting = tx.submissions.listing(99, "received")
            working = tx.submissions.listing(99, "working")
            return [each.id for each in (*waiting, *working)]

    def submissions(self, form_id: str = "") -> list[str]:
        """How each delivery stands; those about one form, or all."""
        with self.store() as store, store.transaction() as tx:
            listed = tx.submissions.listing(999)
            return [each.state for each in listed if form_id in ("", each.form_id)]

    def swept(self) -> datetime | None:
        """When the list of completed forms was last read to its end."""
        with self.store() as store, store.transaction() as tx:
            return tx.persons.last_round("sandbox", SWEEP)

    def unfetched(self) -> int:
        """How many forms of the list could not be read."""
        with self.store() as store, store.transaction() as tx:
            return len(tx.submissions.unfetched("sandbox"))

    def forms(self, since: date) -> list[dict[str, Any]]:
        """The completed forms the case system lists."""
        answer = self._sandbox("GET", f"/registers/sandbox/api/forms?since={since}T00:00:00Z")
        return list(answer.json()["items"])

    def switch(self, kind: str, **how: Any) -> None:
        """The sandbox misbehaves from now on."""
        self._sandbox("POST", "/switches", {"register": "sandbox", "kind": kind, **how})

    def lists(self) -> list[str]:
        """The files on tasks, as text, oldest first."""
        content = [
            self._sandbox("GET", f"/registers/sandbox/api/task-documents/{each.id}/content")
            for each in self.entries.of_kind("sandbox", "task_document")
        ]
        return [each.text for each in content]

    def send_webhooks_again(self) -> None:
        """Somebody sends every webhook of the case system once more, by hand."""
        for each in self.webhooks.listing():
            self._sandbox("POST", f"/webhooks/{each.id}/send")

    def behave(self) -> None:
        self._sandbox("DELETE", "/switches")

    @contextmanager
    def store(self) -> Iterator[Store]:
        settings = Settings.from_environment(self.environment)
        with Store.open(settings.database_url, settings.vault) as opened:
            yield opened

    def _sandbox(self, method: str, path: str, body: Any = None) -> requests.Response:
        answer = requests.request(
            method,
            f"{self.case_system.address}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.environment[SANDBOX_TOKEN]}"},
            timeout=(5, 30),
        )
        answer.raise_for_status()
        return answer


@contextmanager
def years(folder: Path) -> Iterator[Years]:
    """Everything running, from today on, with the case system's own profile and no other."""
    configuration = load(_profile(folder / "mappings"))
    sandbox, connector = free_ports(2)
    (folder / "data").mkdir()
    clock = folder / "clock.txt"
    clock.write_text(f"{datetime.now():%Y-%m-%dT%H:%M}")  # noqa: DTZ005 - a wall clock
    environment = environment_for(configuration, folder / "data", sandbox, connector) | {
        "CONNECTOR_TICK_SECONDS": "0.1",
        "SANDBOX_DATABASE": str(folder / "sandbox.db"),
        "SANDBOX_CLOCK_FILE": str(clock),
    }
    register = Database(folder / "sandbox.db")
    address = f"http://127.0.0.1:{sandbox}"
    case_system = CaseSystem(address, environment[SANDBOX_TOKEN], clock)
    secrets = SandboxSettings.from_environment(environment)
    made = Years(
        folder,
        environment,
        case_system,
        People(register),
        Entries(register),
        Webhooks(register, secrets),
    )
    with ExitStack() as ending:
        ending.callback(register.close)
        ending.callback(lambda: [each.kill() or each.wait() for each in made.running.values()])
        made.start("sandbox", "sandbox", "--port", str(sandbox))
        made.start("web", "serve")
        made.start_worker()
        answering(f"{address}/switches", made.running["sandbox"], folder / "sandbox.log")
        answering(f"http://127.0.0.1:{connector}/healthz", made.running["web"], folder / "web.log")
        yield made


def _profile(folder: Path) -> Path:
    folder.mkdir()
    shutil.copytree(packaged_folder() / "sandbox", folder / "sandbox")
    shutil.copy(packaged_folder() / "policy.yaml", folder)
    edit(folder / "policy.yaml", {"completion: assume": "completion: event"})
    edit(
        folder / "sandbox" / "host.yaml",
        {
            "settle_seconds: 2": "settle_seconds: 1",
            "items: items, next: next}": f"items: items, next: next, id: {EACH}}}{FETCHED}",
        },
    )
    return folder
