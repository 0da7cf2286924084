"""One machine needs none of it: no broker, no server, none of their packages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from live_stage import wait_for

from connector.cli.demonstration.stage import free_ports
from connector.vault import new_key_text
from connector.worker import EX_TEMPFAIL

pytestmark = pytest.mark.live

WITHOUT = """
import sys
for name in ("celery", "kombu", "amqp", "redis", "psycopg", "psycopg_binary"):
    sys.modules[name] = None
from connector.cli import main
main()
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (port,) = free_ports(1)
    ours = {
        "CONNECTOR_DATA": str(tmp_path / "data"),
        "CONNECTOR_CONFIG": str(tmp_path / "mappings"),
        "CONNECTOR_KEYS": new_key_text(),
        "CONNECTOR_LISTEN": f"127.0.0.1:{port}",
        "SANDBOX_URL": "http://127.0.0.1:9",
        "SANDBOX_TOKEN": "made-up-token-0123",
        "SANDBOX_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }
    made = {**os.environ, **ours}
    assert command(made, "init", str(tmp_path / "mappings")).returncode == 0
    for other in (tmp_path / "mappings").glob("*/host.yaml"):
        if other.parent.name != "sandbox":
            shutil.rmtree(other.parent)
    return made


def command(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `connector` without the packages of the distributed engine."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def running(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WITHOUT, *arguments],
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_one_machine_works_without_the_packages_and_a_second_worker_leaves_with_75(
    environment: dict[str, str],
) -> None:
    with running(environment, "serve", "--with-worker") as both:
        lock = Path(environment["CONNECTOR_DATA"]) / "worker.lock"
        wait_for(lambda: lock.exists() or both.poll(), bool)
        second = command(environment, "work")
        assert second.returncode == EX_TEMPFAIL, second.stderr
        assert "Another worker is already at work" in second.stderr
        assert command(environment, "submissions", "--json").returncode == 0
        both.terminate()
        assert both.wait(30) == 0


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"CONNECTOR_DATABASE_URL": "postgresql://localhost/connector"}, "its driver"),
        ({"CONNECTOR_BROKER_URL": "amqp://localhost//"}, "they need PostgreSQL"),
    ],
    ids=["driver", "broker on SQLite"],
)
def test_what_is_missing_for_more_is_said_in_plain_words(
    environment: dict[str, str], setting: dict[str, str], said: str
) -> None:
    told = command(environment | setting, "work")
    assert told.returncode == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr
