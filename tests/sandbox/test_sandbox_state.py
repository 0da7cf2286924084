"""The sandbox keeps its state apart, and starts only with what it needs."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from flask import Flask

from connector.sandbox import SandboxSettings, create_sandbox, start

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
ENOUGH = {"SANDBOX_TOKEN": "t", "SANDBOX_WEBHOOK_SECRET": SECRET}


def test_what_was_written_survives_a_restart(
    make_sandbox: Callable[..., Flask], tmp_path: Path
) -> None:
    path = tmp_path / "new folder" / "sandbox.db"
    note = {"reference": "r", "title": "A title", "text": "words"}
    token = {"Authorization": "Bearer a-token"}
    first = make_sandbox(database=path)
    where = "/registers/sandbox/api/people/P1001/notes"
    first.test_client().post(where, json=note, headers=token)
    second = make_sandbox(database=path).test_client()
    held = second.get("/registers/sandbox/api/everything", headers=token).get_json()
    assert [each["text"] for each in held["notes"]] == ["words"]
    assert len(held["people"]) == 5


def test_a_transaction_is_whole_or_not_at_all(app: Flask) -> None:
    desk = app.extensions["sandbox"]

    def fail_in_the_middle() -> None:
        with desk.database.transaction():
            desk.people.ensure("flat", "1")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail_in_the_middle()
    assert desk.people.find("flat", "1") is None


def test_the_settings_come_from_the_environment() -> None:
    settings = SandboxSettings.from_environment(
        ENOUGH
        | {"SANDBOX_PORT": "9001", "SANDBOX_DATABASE": "x.db", "CONNECTOR_URL": "http://c"}
        | {"SANDBOX_CLOCK_FILE": "now.txt"}
    )
    assert settings.clock_file == Path("now.txt")
    assert (settings.port, settings.database) == (9001, Path("x.db"))
    assert settings.connector_url == "http://c"
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SANDBOX_TOKEN": ""}, "SANDBOX_TOKEN"),
        ({"SANDBOX_WEBHOOK_SECRET": ""}, "SANDBOX_WEBHOOK_SECRET"),
        ({"SANDBOX_WEBHOOK_SECRET": "whsec_short"}, "SANDBOX_WEBHOOK_SECRET"),
        ({"SANDBOX_PORT": "many"}, "SANDBOX_PORT"),
        ({"SANDBOX_PORT": "70000"}, "SANDBOX_PORT"),
    ],
)
def test_a_missing_or_wrong_setting_is_named(change: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        SandboxSettings.from_environment(ENOUGH | change)


def test_without_a_clock_the_time_is_now() -> None:
    app = create_sandbox(SandboxSettings(token="t", webhook_secret=SECRET))
    assert "People" in app.test_client().get("/registers/sandbox/people").text
    app.extensions["sandbox"].database.close()


def test_a_stopped_sandbox_no_longer_answers(app: Flask) -> None:
    running = start(app)
    assert requests.get(running.url, timeout=5).status_code == 200
    running.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(running.url, timeout=5)
