"""What the API describes is what it does: schemathesis sends what the description allows and not.

Its own checks judge the answers: no 5xx, nothing undescribed, authentication never ignored, wrong
data and wrong methods refused.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from made_once import packaged
from receiving import TOKEN, Clock
from serving import served

from connector.dry_run import try_payload
from connector.mapping.profile import HostProfile
from connector.signature import Authentication, Kind
from connector.store.heartbeats import WORKER
from connector.web import WebServer, WebServices, create_app

pytestmark = [pytest.mark.live, pytest.mark.faults("M2")]

# The host's name is given. NUL is refused by a rule that a schema has no word for, and a form that
# cannot be read is refused by `validate` in the terms of the host's profile.
CONFIGURATION = """
seed = 1
[parameters]
"path.host" = "west"
[generation]
database = "none"
allow-x00 = false
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 401, 404, 409, 422]
"""
PROGRAM = "from schemathesis.cli import schemathesis; schemathesis()"
PROOF = f"Authorization: Bearer {TOKEN}"


@pytest.fixture
def address(services: WebServices, clock: Clock) -> Iterator[str]:
    """In good order, with one host that proves itself by a bearer token."""
    with services.store.transaction() as tx:
        tx.heartbeats.beat(WORKER, clock())
    west = west_host()
    open_to_west = replace(
        services,
        hosts={"west": west},
        secrets={"west": (TOKEN,)},
        dry_run=lambda _, payload: judged(west, payload),
        least_free_bytes=0,
    )
    with served(WebServer(create_app(open_to_west), "127.0.0.1:0")) as (where, port):
        yield f"http://{where}:{port}"


def west_host() -> HostProfile:
    flat = packaged().hosts["flat"]
    by_token = Authentication(Kind.BEARER, ("WEST_TOKEN",))
    return replace(flat, name="west", inbound=replace(flat.inbound, authentication=by_token))


def judged(west: HostProfile, payload: Any) -> Any:
    council = packaged()
    return try_payload(west, payload, council.policy, council.working, date(2026, 11, 2))


def tried(address: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A run of schemathesis against what is described for this one host."""
    (folder / "openapi.json").write_text(json.dumps(description_for_west(address)), "utf-8")
    (folder / "schemathesis.toml").write_text(CONFIGURATION, "utf-8")
    run = ["run", "openapi.json", "--url", address, "--max-examples=15", "--no-color", *options]
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *run],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def description_for_west(address: str) -> Any:
    """The description without the ways in which other hosts prove themselves."""
    described = requests.get(f"{address}/openapi.json", timeout=(5, 5)).json()
    for operations in described["paths"].values():
        for operation in operations.values():
            ways = [each for each in operation["security"] if {"bearer", "apiToken"} & each.keys()]
            operation["security"] = ways
    return described


def test_no_request_the_description_leads_to_makes_it_fail(address: str, tmp_path: Path) -> None:
    tool = tried(address, tmp_path, "--header", PROOF)
    assert tool.returncode == 0, tool.stdout + tool.stderr
    assert "generated" in tool.stdout


def test_without_proof_nothing_is_let_in_and_nothing_fails(address: str, tmp_path: Path) -> None:
    tool = tried(address, tmp_path)
    assert tool.returncode == 0, tool.stdout + tool.stderr
    assert "generated" in tool.stdout
