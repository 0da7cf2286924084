"""How much is measured, and the folder, secrets and configuration it is measured with."""

import base64
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from connector.profiles import Configuration, load, packaged_folder
from connector.vault import new_key_text


@dataclass(frozen=True)
class Size:
    """How often each thing is done; how many follow-ups are `stored` and are `due` on one day.

    `in_scope`: how many people the nightly check looks over; `kept` and `backlog`: the webhooks
    and the forms with which the databases are compared.
    """

    starts: int
    documents: int
    webhooks: int
    forms: int
    stored: tuple[int, ...]
    due: int
    people: int
    in_scope: tuple[int, ...]
    kept: int
    backlog: int


FULL = Size(
    starts=9,
    documents=40,
    webhooks=4000,
    forms=200,
    stored=(10_000, 100_000),
    due=200,
    people=3000,
    in_scope=(10_000, 50_000),
    kept=800,
    backlog=40,
)
QUICK = Size(
    starts=3,
    documents=8,
    webhooks=480,
    forms=24,
    stored=(1000, 10_000),
    due=100,
    people=300,
    in_scope=(600, 1200),
    kept=160,
    backlog=12,
)


@dataclass
class Setting:
    """`memory` is filled by the measurements that load a process: its name and megabytes."""

    folder: Path
    size: Size
    configuration: Configuration
    environment: dict[str, str]
    memory: dict[str, float] = field(default_factory=dict)

    def with_data(self, name: str, **more: str) -> dict[str, str]:
        """The environment of a connector with an empty data folder of its own."""
        return self.environment | {"CONNECTOR_DATA": str(self.folder / name)} | more


def setting(folder: Path, size: Size) -> Setting:
    """Made-up secrets for every name the packaged profiles use."""
    configuration = load(packaged_folder())
    made = {
        "CONNECTOR_CONFIG": str(configuration.folder),
        "CONNECTOR_DATA": str(folder / "data"),
        "CONNECTOR_KEYS": new_key_text(),
        "CONNECTOR_API_TOKEN": secrets.token_urlsafe(24),
        "CONNECTOR_TICK_SECONDS": "0.1",
        "SANDBOX_TOKEN": secrets.token_urlsafe(24),
        "SANDBOX_URL": "http://127.0.0.1:9",
    }
    for profile in configuration.hosts.values():
        for name in profile.inbound.authentication.secret_env:
            made[name] = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONNECTOR_")}
    return Setting(folder, size, configuration, kept | made)
