"""`connector serve`, `connector work` and `connector sandbox`: the processes that keep running."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from connector.assembly import Parts, duties, utc_now, worker_lock
from connector.cli.options import config_option, the_parts
from connector.errors import SetupProblem
from connector.file_clock import FileClock

if TYPE_CHECKING:
    from connector.clock import Duties
    from connector.distributed import Engine
    from connector.settings import Settings
    from connector.web.server import WebServer

clock_option = click.option(
    "--clock-from-file",
    "clock",
    type=click.Path(path_type=Path, dir_okay=False),
    help="For a rehearsal on test systems: the worker takes the date and time from this file.",
)


@click.command("serve")
@click.option("--with-worker", is_flag=True, help="Run the worker in the same process too.")
@clock_option
@config_option
@click.pass_context
def serve_command(ctx: click.Context, with_worker: bool, clock: Path | None) -> None:
    """Run the web service that hosts send their forms to.

    One machine needs no more than `connector serve --with-worker`.
    """
    parts = the_parts(ctx)
    stop = _stopped_by_signals()
    server = _listening(parts)
    if not with_worker:
        server.run(stop)
        return
    failed: list[Exception] = []
    now = _clock(clock)
    thread = threading.Thread(target=_work_too, args=(parts, stop, failed, now), name="worker")
    thread.start()
    server.run(stop)
    thread.join()
    if failed:
        raise failed[0]


@click.command("work")
@clock_option
@config_option
@click.pass_context
def work_command(ctx: click.Context, clock: Path | None) -> None:
    """Run the worker: it reads what was received, writes to the hosts, and opens tasks in time.

    On SQLite only one runs at a time, and a second leaves with exit code 75. On PostgreSQL any
    number run side by side, on as many machines as you like: one of them reads and makes the
    rounds, all write. Any of them can be killed.
    """
    _work(the_parts(ctx), threading.Event(), _clock(clock))


@click.command("sandbox")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help="Its port."
)
@click.option(
    "--host", "address", default="127.0.0.1", show_default=True, help="The address it listens at."
)
def sandbox_command(port: int, address: str) -> None:
    """Run a made-up case system to try things on.

    It needs SANDBOX_TOKEN and SANDBOX_WEBHOOK_SECRET, with the values the connector has, and
    CONNECTOR_URL. SANDBOX_DATABASE keeps its data in a file; otherwise it forgets them.
    SANDBOX_CLOCK_FILE names a file with the date and time it takes for now.
    """
    from connector.sandbox import SandboxSettings, create_sandbox, serve

    try:
        settings = SandboxSettings.from_environment({**os.environ, "SANDBOX_PORT": str(port)})
        app = create_sandbox(settings)
    except ValueError as wrong:
        raise SetupProblem(str(wrong)) from None
    port = _free_port(address, port)
    click.echo(f"The sandbox is at http://{address}:{port}/ (stop it with Ctrl-C)", err=True)
    try:
        serve(app, address, port)
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


def _clock(path: Path | None) -> Callable[[], datetime]:
    """The worker's clock: the real one, or for a rehearsal the one in a file."""
    if path is None:
        return utc_now
    click.echo(f"Rehearsal: the worker takes the time from the file {path}.", err=True)
    return FileClock(path)


def _free_port(address: str, port: int) -> int:
    """The port itself, or any free one for 0. SetupProblem where it is taken."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.create_server((address, port), family=family) as probe:
            free: int = probe.getsockname()[1]
            return free
    except OSError as error:
        raise SetupProblem(
            f"Nothing can listen at {address}:{port} ({error.strerror}). Stop what listens there,"
            " or name another --port."
        ) from None


def _listening(parts: Parts) -> "WebServer":
    from connector.web import create_app
    from connector.web.server import WebServer
    from connector.web.starting import web_services

    address = _address(parts.settings)
    app = create_app(web_services(parts))
    try:
        return WebServer(app, address)
    except OSError as error:
        raise SetupProblem(
            f"Nothing can listen at {address} ({error.strerror}). Stop what listens there, or set "
            "CONNECTOR_LISTEN to another address."
        ) from None
    except ValueError:  # the server's answer to a name that nobody knows
        raise SetupProblem(
            f"CONNECTOR_LISTEN: {parts.settings.listen_host} is no address of this computer. Write"
            " it as 127.0.0.1:8080."
        ) from None


def _work(parts: Parts, stop: threading.Event, now: Callable[[], datetime]) -> None:
    """Be a worker until `stop`: one that looks for work, or one that a broker brings it to."""
    from connector import worker

    ours, lock = duties(parts, now), worker_lock(parts.settings)
    if not parts.settings.broker_url:
        worker.run(ours, stop, lock=lock)
        return
    engine = _engine(parts, ours, stop)
    with engine.at_work():
        worker.run(ours, stop, lock=lock, ticks=engine.ticks())


def _engine(parts: Parts, ours: "Duties", stop: threading.Event) -> "Engine":
    if not parts.store.shared:
        raise SetupProblem(
            "CONNECTOR_BROKER_URL hands work to several workers, and they need PostgreSQL: set "
            "CONNECTOR_DATABASE_URL to its address, or leave the broker out."
        )
    try:
        from connector.distributed import Engine, celery_app, queue_of, sender
    except ImportError:
        raise SetupProblem(
            "CONNECTOR_BROKER_URL names a broker, and what speaks to it is not installed: "
            "pip install 'leaving-care-connector[distributed]'."
        ) from None
    app = celery_app(parts.settings.broker_url, queue_of(parts.settings.database_url))
    return Engine(app, ours, stop, sender(app))


def _work_too(
    parts: Parts,
    stop: threading.Event,
    failed: list[Exception],
    now: Callable[[], datetime],
) -> None:
    """The worker beside the web part; neither goes on without the other."""
    try:
        _work(parts, stop, now)
    except Exception as error:  # noqa: BLE001 - handed to the main thread, which raises it
        failed.append(error)
    finally:
        stop.set()


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, ask_to_stop)
    return stop


def _address(settings: "Settings") -> str:
    host = f"[{settings.listen_host}]" if ":" in settings.listen_host else settings.listen_host
    return f"{host}:{settings.listen_port}"
