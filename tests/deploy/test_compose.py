"""The compose file: its services start what there is and show no more than the web's port."""

import re
from typing import Any

import pytest
import yaml
from command_lines import DEPLOY, not_understood

from connector.settings import SETTINGS

TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]


def test_its_services_are_the_web_two_workers_a_database_and_a_broker() -> None:
    assert list(SERVICES) == ["web", "worker", "database", "broker"]
    assert SERVICES["worker"]["scale"] == 2
    assert OURS == ["web", "worker"]


@pytest.mark.parametrize("name", OURS)
def test_its_command_is_one_that_there_is(name: str) -> None:
    assert not_understood(SERVICES[name]["command"]) == ""


@pytest.mark.parametrize("name", OURS)
def test_it_sets_settings_that_there_are_and_that_the_many_need(name: str) -> None:
    given = SERVICES[name]["environment"]
    assert set(given) <= {each.name for each in SETTINGS}
    assert given["CONNECTOR_DATABASE_URL"].startswith("postgresql://connector:")
    assert given["CONNECTOR_DATABASE_URL"].endswith("@database/connector")
    assert given["CONNECTOR_BROKER_URL"].endswith("@broker//")


@pytest.mark.parametrize("name", OURS)
def test_it_runs_without_rights_and_writes_where_it_may_alone(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert any(volume.endswith(":/etc/connector:ro") for volume in service["volumes"])


def test_only_the_web_has_a_port_and_only_on_this_machine() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8080:8080"]}


def test_the_database_and_the_broker_are_reached_from_inside_alone() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["database"]["networks"] == SERVICES["broker"]["networks"] == ["inside"]


def test_each_is_started_again_and_each_that_can_be_asked_is_asked() -> None:
    assert {service["restart"] for service in SERVICES.values()} == {"unless-stopped"}
    asked = [name for name, service in SERVICES.items() if "test" in service.get("healthcheck", {})]
    assert asked == ["database", "broker"]  # the web is, by its image
    assert SERVICES["worker"]["healthcheck"] == {"disable": True}


def test_what_it_takes_from_outside_is_explained_in_its_own_file() -> None:
    taken = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    told = (DEPLOY / "compose.env.example").read_text("utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", told, re.MULTILINE)) == taken


def test_no_password_stands_in_it() -> None:
    passwords = re.findall(r"(?:PASSWORD|PASS): (\S+)|connector:(\S+?)[?@]", TEXT)
    assert len(passwords) >= 4
    assert all(one.startswith("${") or other.startswith("${") for one, other in passwords)


def test_every_volume_and_network_that_is_used_is_declared() -> None:
    networks = {name for service in SERVICES.values() for name in service["networks"]}
    named = {
        volume.partition(":")[0] for service in SERVICES.values() for volume in service["volumes"]
    }
    assert networks == set(COMPOSE["networks"])
    assert {name for name in named if not name.startswith("$")} == set(COMPOSE["volumes"])
