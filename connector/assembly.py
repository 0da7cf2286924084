"""Which concrete parts make up a running connector. The only module that chooses them.

Each part is imported by what makes it: a dry run starts without database, network and scheduler.
"""

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.dates import WorkingDays, london_date
from connector.errors import SetupProblem
from connector.profiles import Configuration, find_folder, load

if TYPE_CHECKING:
    from connector.clock import Duties
    from connector.host import HostClient
    from connector.settings import Settings
    from connector.store import Store


def utc_now() -> datetime:
    """The one clock of the product."""
    return datetime.now(UTC)


def today() -> date:
    """Today in London."""
    return london_date(utc_now())


def configuration(
    explicit: Path | None, env: Mapping[str, str], only: str | None = None
) -> Configuration:
    """The council's YAML: `--config`, else CONNECTOR_CONFIG, ./mappings or the packaged copy."""
    return load(find_folder(explicit, env), only)


@dataclass(frozen=True)
class Parts:
    """What every door of a running connector shares."""

    settings: "Settings"
    configuration: Configuration
    store: "Store"
    working: WorkingDays


def open_parts(settings: "Settings", config: Path | None = None) -> Parts:
    """Open the store and read the configuration. Raises SetupProblem, naming what to mend."""
    from connector.store import Store

    chosen = configuration(config or settings.config, settings.secrets)
    _make_folder(settings.data)
    store = Store.open(settings.database_url, settings.vault)
    return Parts(settings, chosen, store, chosen.working)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupProblem(
            f"CONNECTOR_DATA: The folder {folder} cannot be made ({error.strerror}). Name a folder "
            "on a local disk that the connector's account may write to."
        ) from None


def duties(parts: Parts, now: Callable[[], datetime] = utc_now) -> "Duties":
    """What the worker is given; `now` is its clock, on a shared database that of its server.

    Raises SetupProblem where a host's access is missing, or its answers may outlast a lease.
    """
    from connector.casework import Desk
    from connector.clock import Duties
    from connector.dispatch import Dispatcher, check_lease
    from connector.pipeline import process_waiting

    hosts, store, owner = _gateways(parts), parts.store, _owner(parts)
    check_lease(parts.settings.lease, hosts)
    rehearsed = now is not utc_now
    moment = store.now if store.shared and not rehearsed else now
    desk = Desk(store, parts.configuration, parts.working, moment, hosts, rehearsed)
    return Duties(
        store=store,
        dispatcher=Dispatcher(store, hosts, _render_document, moment, owner, parts.settings.lease),
        desk=desk,
        process_waiting=lambda: process_waiting(desk),
        retain=lambda: _retain(parts),
        now=moment,
        watch=utc_now,
        wall=now,
        leads=store.leadership(),
        owner=owner,
        tick_seconds=parts.settings.tick_seconds,
    )


def _owner(parts: Parts) -> str:
    """The name under which this worker holds what it has in hand: no two have the same."""
    if not parts.store.shared:
        return "worker"
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


def worker_lock(settings: "Settings") -> Path:
    """The file only one worker at a time can hold."""
    return settings.data / "worker.lock"


def _gateways(parts: Parts) -> Mapping[str, "HostClient"]:
    from connector.host import HostClient

    hosts = parts.configuration.hosts
    return every(
        {
            name: lambda host=host: HostClient(host.outbound, parts.settings.secrets)
            for name, host in hosts.items()
        }
    )


def every(makers: Mapping[str, Any]) -> dict[str, Any]:
    """Make one for each host; the problems of all of them are reported together."""
    made, problems = {}, []
    for name, make in makers.items():
        try:
            made[name] = make()
        except SetupProblem as problem:
            problems.append(f"{name}: {problem}")
    if problems:
        problems.append("The folder of a host you do not have can be deleted.")
        raise SetupProblem("\n".join(problems))
    return made


def _render_document(content: Mapping[str, Any]) -> bytes:
    from connector import pdf
    from connector.summary import from_json

    return pdf.render(from_json(content["summary"]))


def _retain(parts: Parts) -> None:
    days = parts.configuration.policy.privacy.keep_payload_days
    with parts.store.transaction() as tx:
        tx.submissions.purge_bodies(utc_now() - timedelta(days=days))
