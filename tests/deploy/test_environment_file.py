"""The environment file explains every setting, and nothing that is none."""

import re

import pytest
from command_lines import DEPLOY

from connector.profiles import load, packaged_folder
from connector.settings import SETTINGS, Settings
from connector.vault import new_key_text

TEXT = (DEPLOY / "environment.example").read_text("utf-8")
LINES = dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", TEXT, re.MULTILINE))
OF_OURS = {name: text for name, text in LINES.items() if name.startswith("CONNECTOR_")}


def test_every_setting_is_in_it_and_nothing_else_of_ours() -> None:
    assert set(OF_OURS) == {each.name for each in SETTINGS}


@pytest.mark.parametrize("name", sorted(LINES))
def test_words_stand_above_each_line(name: str) -> None:
    above = re.search(rf"((?:^.+\n)+)^#?{name}=", TEXT, re.MULTILINE)
    assert above is not None
    assert len(re.findall(r"^# \w", above[1], re.MULTILINE)) >= 1


def test_what_it_shows_for_a_setting_can_be_read() -> None:
    shown = OF_OURS | {"CONNECTOR_KEYS": new_key_text()}
    assert Settings.from_environment(shown).public_url == "https://forms.example.gov.uk"


def test_a_line_that_is_off_and_has_a_default_shows_it() -> None:
    defaults = {each.name: each.default for each in SETTINGS if each.default}
    elsewhere = {"CONNECTOR_DATA": "/var/lib/connector"}
    assert {name: OF_OURS[name] for name in defaults} == defaults | elsewhere


def test_the_secrets_of_the_example_hosts_are_in_it() -> None:
    hosts = load(packaged_folder()).hosts.values()
    named = {name for host in hosts for name in host.inbound.authentication.secret_env}
    assert named <= set(LINES)


def test_no_secret_stands_in_it() -> None:
    secret = [name for name in LINES if re.search(r"KEYS|TOKEN|SECRET|WEBHOOK_KEY", name)]
    assert len(secret) > 5
    assert {LINES[name] for name in secret} <= {"", "whsec_"}
