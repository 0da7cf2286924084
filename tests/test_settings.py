"""Settings are read once, and everything wrong with them is said at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from connector.errors import SetupProblem
from connector.settings import SETTINGS, Settings
from connector.vault import new_key_text

KEYS = {"CONNECTOR_KEYS": new_key_text()}


def test_the_keys_alone_are_enough() -> None:
    settings = Settings.from_environment(KEYS)
    assert settings.config is None
    assert settings.data == Path("var")
    assert settings.database_url == "sqlite:///var/connector.db"
    assert (settings.listen_host, settings.listen_port) == ("127.0.0.1", 8080)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.api_token is None
    assert settings.log_level == "INFO"
    assert settings.tick_seconds == 1
    assert settings.broker_url == ""
    assert settings.lease == timedelta(minutes=2)


def test_every_variable_is_read() -> None:
    env = KEYS | {
        "CONNECTOR_CONFIG": "/etc/connector",
        "CONNECTOR_DATA": "/srv/connector",
        "CONNECTOR_DATABASE_URL": "sqlite:////srv/other.db",
        "CONNECTOR_API_TOKEN": "sixteen letters!",
        "CONNECTOR_LISTEN": "[::1]:9000",
        "CONNECTOR_PUBLIC_URL": "https://forms.example.gov.uk/",
        "CONNECTOR_LOG_LEVEL": "debug",
        "CONNECTOR_TICK_SECONDS": "0.2",
        "CONNECTOR_BROKER_URL": "amqp://connector:canary@broker.example//",
        "CONNECTOR_LEASE_SECONDS": "30",
    }
    assert env.keys() == {setting.name for setting in SETTINGS}
    settings = Settings.from_environment(env)
    assert settings.config == Path("/etc/connector")
    assert settings.data == Path("/srv/connector")
    assert settings.database_url == "sqlite:////srv/other.db"
    assert settings.api_token == "sixteen letters!"
    assert (settings.listen_host, settings.listen_port) == ("::1", 9000)
    assert settings.public_url == "https://forms.example.gov.uk"
    assert settings.log_level == "DEBUG"
    assert settings.tick_seconds == 0.2
    assert settings.broker_url == "amqp://connector:canary@broker.example//"
    assert settings.lease == timedelta(seconds=30)


def test_a_blank_variable_counts_as_missing() -> None:
    blank = {setting.name: "  " for setting in SETTINGS}
    assert Settings.from_environment(blank | KEYS).database_url == "sqlite:///var/connector.db"


def test_the_database_lies_in_the_data_folder() -> None:
    settings = Settings.from_environment(KEYS | {"CONNECTOR_DATA": "/srv/connector"})
    assert settings.database_url == "sqlite:////srv/connector/connector.db"


def test_every_problem_is_reported_at_once_with_its_variable() -> None:
    env = {
        "CONNECTOR_API_TOKEN": "short",
        "CONNECTOR_LISTEN": "8080",
        "CONNECTOR_PUBLIC_URL": "forms.example.gov.uk",
        "CONNECTOR_LOG_LEVEL": "chatty",
        "CONNECTOR_TICK_SECONDS": "soon",
        "CONNECTOR_BROKER_URL": "broker.example",
        "CONNECTOR_LEASE_SECONDS": "1.5",
    }
    with pytest.raises(SetupProblem) as caught:
        Settings.from_environment(env)
    said = str(caught.value).splitlines()
    assert {line.split(":")[0] for line in said} == {*env, "CONNECTOR_KEYS"}


@pytest.mark.parametrize(
    "text", ["8080", "localhost", "localhost:http", "host:99999", "u@h:1", "h:1/x", "::1:80", ":80"]
)
def test_an_address_without_host_or_port_is_refused(text: str) -> None:
    with pytest.raises(SetupProblem, match="not an address and a port"):
        Settings.from_environment(KEYS | {"CONNECTOR_LISTEN": text})


@pytest.mark.parametrize("text", ["0", "-1", "61", "nan", "inf", "1s"])
def test_a_tick_outside_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(SetupProblem, match=r"from 0\.1 to 60"):
        Settings.from_environment(KEYS | {"CONNECTOR_TICK_SECONDS": text})


@pytest.mark.parametrize("text", ["0", "1", "3601", "-5", "5s", "²"])
def test_a_lease_outside_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(SetupProblem, match="from 2 to 3600"):
        Settings.from_environment(KEYS | {"CONNECTOR_LEASE_SECONDS": text})


def test_nothing_secret_is_in_the_repr_or_in_a_message() -> None:
    secret = {
        "CONNECTOR_API_TOKEN": "canary-token-0123",
        "CONNECTOR_BROKER_URL": "amqp://connector:canary@broker.example//",
        "FLAT_SECRET": "canary-host",
    }
    shown = repr(Settings.from_environment(KEYS | secret))
    assert "canary" not in shown
    assert KEYS["CONNECTOR_KEYS"].partition(":")[2] not in shown
    with pytest.raises(SetupProblem) as caught:
        Settings.from_environment(
            {
                "CONNECTOR_API_TOKEN": "canary",
                "CONNECTOR_KEYS": "canary",
                "CONNECTOR_BROKER_URL": "canary",
            }
        )
    assert "canary" not in str(caught.value)


def test_a_hosts_secret_is_found_by_its_name() -> None:
    assert Settings.from_environment(KEYS | {"FLAT_SECRET": "x"}).secrets["FLAT_SECRET"] == "x"


def test_every_setting_says_what_it_means_and_what_happens_without_it() -> None:
    assert all(setting.meaning and setting.without for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
