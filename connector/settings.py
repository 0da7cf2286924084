"""The settings: read once from the environment, frozen, every problem reported together.

`SETTINGS` is the table the documentation prints: each variable, its default and its meaning.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from connector.errors import SetupProblem
from connector.vault import Vault

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SHORTEST_TOKEN = 16
FASTEST_TICK, SLOWEST_TICK = 0.1, 60.0
SHORTEST_LEASE, LONGEST_LEASE = 2, 3600


@dataclass(frozen=True)
class Setting:
    """One environment variable: how its text is read, and what a table of settings says of it.

    `default` is the text read where the variable is missing or blank; where there is no such text,
    `otherwise` says what happens then. `read` raises ValueError or SetupProblem with the fix.
    """

    name: str
    read: Callable[[str], Any]
    meaning: str
    default: str = ""
    otherwise: str = ""

    @property
    def without(self) -> str:
        """What happens without the variable, for the table."""
        return self.default or self.otherwise


@dataclass(frozen=True)
class Settings:
    """Everything read from the environment. Its repr shows no key, token or secret.

    `secrets` is the environment itself: a host's secrets are looked up in it by the names its
    profile gives. `api_token` is None where the pages that need one answer nobody; `broker_url` is
    "" where there is no broker.
    """

    config: Path | None
    data: Path
    database_url: str
    vault: Vault
    api_token: str | None = field(repr=False)
    listen_host: str
    listen_port: int
    public_url: str
    log_level: str
    tick_seconds: float
    broker_url: str = field(repr=False)
    lease: timedelta
    secrets: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read every setting; SetupProblem lists all that is wrong, one line each."""
        values = _read_all(env)
        data = values["CONNECTOR_DATA"]
        address = values["CONNECTOR_LISTEN"]
        return cls(
            config=values["CONNECTOR_CONFIG"],
            data=data,
            database_url=values["CONNECTOR_DATABASE_URL"] or f"sqlite:///{data / 'connector.db'}",
            vault=values["CONNECTOR_KEYS"],
            api_token=values["CONNECTOR_API_TOKEN"],
            listen_host=address.hostname,
            listen_port=address.port,
            public_url=values["CONNECTOR_PUBLIC_URL"] or f"http://{address.netloc}",
            log_level=values["CONNECTOR_LOG_LEVEL"],
            tick_seconds=values["CONNECTOR_TICK_SECONDS"],
            broker_url=values["CONNECTOR_BROKER_URL"],
            lease=values["CONNECTOR_LEASE_SECONDS"],
            secrets=dict(env),
        )


def _read_all(env: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        text = env.get(setting.name, "").strip() or setting.default
        try:
            values[setting.name] = setting.read(text)
        except (ValueError, SetupProblem) as problem:
            problems.append(f"{setting.name}: {problem}")
    if problems:
        raise SetupProblem("\n".join(problems))
    return values


def _folder(text: str) -> Path | None:
    return Path(text) if text else None


def _token(text: str) -> str | None:
    if text and len(text) < SHORTEST_TOKEN:
        raise ValueError(f"The token has fewer than {SHORTEST_TOKEN} characters; use a longer one.")
    return text or None


def _listen(text: str) -> Any:
    fix = f"{text!r} is not an address and a port. Write it as 127.0.0.1:8080 or [::1]:8080."
    try:
        address = urlsplit(f"//{text}")
        port = address.port
    except ValueError:
        raise ValueError(fix) from None
    if not address.hostname or port is None or address.netloc != text or "@" in text:
        raise ValueError(fix)
    return address


def _web_address(text: str) -> str:
    if not text:
        return ""
    address = urlsplit(text)
    if address.scheme not in ("http", "https") or not address.hostname or address.query:
        raise ValueError(
            f"{text!r} is not a web address. Write it as https://forms.example.gov.uk."
        )
    return text.rstrip("/")


def _level(text: str) -> str:
    if text.upper() not in LEVELS:
        raise ValueError(f"{text!r} is not a level. Use one of {', '.join(LEVELS)}.")
    return text.upper()


def _tick(text: str) -> float:
    fix = (
        f"{text!r} is not a number of seconds from {FASTEST_TICK} to {SLOWEST_TICK:g}. "
        "Write it as 1."
    )
    try:
        seconds = float(text)
    except ValueError:
        raise ValueError(fix) from None
    if not FASTEST_TICK <= seconds <= SLOWEST_TICK:
        raise ValueError(fix)
    return seconds


def _broker(text: str) -> str:
    if text and not urlsplit(text).scheme:
        raise ValueError(
            "This is not the address of a broker. Write it as amqp://user:password@broker.example//"
            " or redis://broker.example/0."
        )
    return text


def _lease(text: str) -> timedelta:
    if not text.isdecimal() or not SHORTEST_LEASE <= int(text) <= LONGEST_LEASE:
        raise ValueError(
            f"{text!r} is not a whole number of seconds from {SHORTEST_LEASE} to {LONGEST_LEASE}. "
            "Write it as 120."
        )
    return timedelta(seconds=int(text))


SETTINGS = (
    Setting(
        "CONNECTOR_CONFIG",
        _folder,
        "Folder with policy.yaml and one folder for each host.",
        otherwise="./mappings where it exists, else the packaged copy",
    ),
    Setting(
        "CONNECTOR_DATA",
        Path,
        "Folder, on a local disk, for the database and the worker's lock.",
        default="./var",
    ),
    Setting(
        "CONNECTOR_DATABASE_URL",
        str,
        "Address of the database, as in sqlite:////srv/connector/connector.db.",
        otherwise="connector.db in CONNECTOR_DATA",
    ),
    Setting(
        "CONNECTOR_KEYS",
        Vault.from_text,
        "Encryption keys, id:base64 of 32 bytes, the current one first, older ones after commas. "
        "`connector keys` makes one. Keep a copy apart from the backups of the database.",
        otherwise="does not start",
    ),
    Setting(
        "CONNECTOR_API_TOKEN",
        _token,
        f"Token for reading submissions over HTTP; at least {SHORTEST_TOKEN} characters.",
        otherwise="nobody may read them",
    ),
    Setting(
        "CONNECTOR_LISTEN",
        _listen,
        "Address and port the web service listens on.",
        default="127.0.0.1:8080",
    ),
    Setting(
        "CONNECTOR_PUBLIC_URL",
        _web_address,
        "How hosts reach the web service, as in https://forms.example.gov.uk.",
        otherwise="http:// and CONNECTOR_LISTEN",
    ),
    Setting(
        "CONNECTOR_LOG_LEVEL",
        _level,
        f"The least that is logged: {', '.join(LEVELS)}.",
        default="INFO",
    ),
    Setting(
        "CONNECTOR_TICK_SECONDS",
        _tick,
        f"Seconds between two looks of the worker at what is due, {FASTEST_TICK} to "
        f"{SLOWEST_TICK:g}.",
        default="1",
    ),
    Setting(
        "CONNECTOR_BROKER_URL",
        _broker,
        "Address of the message broker that hands work to several workers, as in "
        "amqp://user:password@broker.example//. It needs PostgreSQL.",
        otherwise="every worker looks for work by itself",
    ),
    Setting(
        "CONNECTOR_LEASE_SECONDS",
        _lease,
        "How long a write is one worker's before another may look into it, "
        f"{SHORTEST_LEASE} to {LONGEST_LEASE}; longer than the slowest host's answer.",
        default="120",
    ),
)
