"""What the web part needs, handed to it ready made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connector.mapping.profile import HostProfile
from connector.store import Store


@dataclass(frozen=True)
class WebServices:
    """`secrets`: of each host's webhooks, by host name. `public_url`: where callers reach us.

    `dry_run` gives the `try` result (design section 5) of a payload for a host, writing nothing.
    An empty `api_token` closes the routes that need one. `least_free_bytes`: below it not ready.
    """

    store: Store
    hosts: Mapping[str, HostProfile]
    secrets: Mapping[str, tuple[str, ...]]
    api_token: str
    public_url: str
    data_folder: Path
    now: Callable[[], datetime]
    dry_run: Callable[[str, Any], Mapping[str, Any]]
    version: str
    least_free_bytes: int = 200_000_000
