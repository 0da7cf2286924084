"""PostgreSQL, RabbitMQ and Redis for tests: the ones that run here, else ones started for the test.

Where a server is not even installed the test is skipped with the one command that installs it; with
CI set in the environment it fails instead.
"""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest
from kombu import Connection

ADDRESS = "127.0.0.1"
WAIT = 60.0


@contextmanager
def postgres_database() -> Iterator[str]:
    """The address of an empty database, which is gone afterwards with whoever is still in it."""
    server, name = _postgres(), f"connector_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
            administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def own_postgres() -> Iterator["OwnPostgres"]:
    """A running PostgreSQL of the test's own, which it may stop and start as it likes."""
    server = OwnPostgres(_programs_of_postgres())
    try:
        server.start()
        yield server
    finally:
        server.end()


class OwnPostgres:
    """A PostgreSQL in a folder of its own, on a free port."""

    def __init__(self, programs: Path) -> None:
        self._folder, port = _folder_of("postgres"), _free_port()
        account, data = _as_user("postgres"), self._folder / "data"
        made = [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N"]
        subprocess.run([*account, *made], check=True, stdout=subprocess.DEVNULL)
        settings = (
            f"port={port}",
            f"listen_addresses={ADDRESS}",
            f"unix_socket_directories={self._folder}",
            "fsync=off",
            "max_connections=200",
        )
        options = [part for each in settings for part in ("-c", each)]
        self._command = [*account, programs / "postgres", "-D", data, *options]
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"postgresql://postgres@{ADDRESS}:{port}"

    def start(self) -> None:
        """Start it and wait until it lets people in."""
        self._process = _process(self._command, self._folder)
        _wait_for(lambda: _postgres_answers(self.address), self._folder)

    def stop(self) -> None:
        """Stop it as its administrator would: who is in it is thrown out."""
        self._leave(signal.SIGINT)

    def crash(self) -> None:
        """Stop it from one moment to the next; it mends itself when it is started."""
        self._leave(signal.SIGQUIT)

    def end(self) -> None:
        """Stop it for good; its folder goes with it."""
        self._leave(signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _leave(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            _ended(self._process)
            self._process = None


def rabbitmq() -> str:
    """The address of a RabbitMQ. Queues are shared with whoever else tests here: name your own."""
    return _rabbitmq()


def redis_server() -> str:
    """The address of a Redis. Keys are shared with whoever else tests here: name your own."""
    return _redis()


@cache
def _postgres() -> str:
    running = f"postgresql://postgres@{ADDRESS}:5432"
    if _postgres_answers(running):
        return running
    server = OwnPostgres(_programs_of_postgres())
    atexit.register(server.end)
    server.start()
    return server.address


def _programs_of_postgres() -> Path:
    """Where the newest of the installed versions has its programs."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    if not programs:
        _not_installed("PostgreSQL", "apt-get install -y postgresql")
    return programs[-1]


def _version(programs: Path) -> int:
    name = programs.parent.name
    return int(name) if name.isdecimal() else 0


def _postgres_answers(server: str) -> bool:
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=2).close()
    except psycopg.Error:  # not there, or it lets nobody in without a password
        return False
    return True


@cache
def _rabbitmq() -> str:
    running = "amqp://guest:guest@127.0.0.1:5672//"
    if _broker_answers(running):
        return running
    # The wrapper on the path insists on the account and the place of the system's own server.
    program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    if not program.exists():
        _not_installed("RabbitMQ", "apt-get install -y rabbitmq-server")
    return _start_rabbitmq(program)


def _start_rabbitmq(program: Path) -> str:
    folder, port = _folder_of("rabbitmq"), _free_port()
    environment = {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"test{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": ADDRESS,
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(_free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
    }
    _run([*_as_user("rabbitmq"), program], folder, environment)
    server = f"amqp://guest:guest@{ADDRESS}:{port}//"
    _wait_for(lambda: _broker_answers(server), folder)
    return server


@cache
def _redis() -> str:
    running = f"redis://{ADDRESS}:6379/0"
    if _broker_answers(running):
        return running
    program = shutil.which("redis-server")
    if program is None:
        _not_installed("Redis", "apt-get install -y redis-server")
    return _start_redis(str(program))


def _start_redis(program: str) -> str:
    folder, port = _folder_of("redis"), _free_port()
    options = ["--port", str(port), "--bind", ADDRESS, "--save", "", "--dir", folder]
    _run([*_as_user("redis"), program, *options], folder)
    server = f"redis://{ADDRESS}:{port}/0"
    _wait_for(lambda: _broker_answers(server), folder)
    return server


def _broker_answers(address: str) -> bool:
    with Connection(address, connect_timeout=2) as connection:
        try:
            connection.connect()
        except connection.connection_errors:
            return False
        return True


def _not_installed(what: str, command: str) -> None:
    told = f"{what} is not installed here: {command}"
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)


def _folder_of(account: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"connector-{account}-"))
    if _as_user(account):
        found = pwd.getpwnam(account)
        os.chown(folder, found.pw_uid, found.pw_gid)
    return folder


def _as_user(account: str) -> list[str]:
    """What runs a program under the server's own account, which it wants instead of root's."""
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid", account, "--regid", account, "--clear-groups", "--"]


def _free_port() -> int:
    with closing(socket.create_server((ADDRESS, 0))) as probe:
        return int(probe.getsockname()[1])


def _run(
    command: list[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Start a server that ends with this process; its folder goes with it."""
    process = _process(command, folder, environment)

    def end() -> None:
        process.terminate()
        _ended(process)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)


def _process(
    command: list[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    with (folder / "said").open("ab") as said:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(answers: Callable[[], bool], folder: Path) -> None:
    end = time.monotonic() + WAIT
    while not answers():
        if time.monotonic() > end:
            pytest.fail(f"a server did not start: {(folder / 'said').read_text()[-2000:]}")
        time.sleep(0.1)
