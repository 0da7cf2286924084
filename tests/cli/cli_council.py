"""A council with two hosts whose forms are kept and worked through in this process."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector.assembly import utc_now
from connector.cli.demonstration.forms import completed_today, sample
from connector.dates import london_date
from connector.pipeline import Desk, process_waiting
from connector.profiles import Configuration
from connector.store import Store
from connector.vault import Vault

HOST, FORM = "flat", "tailored_support_agreement"
OTHER_HOST, OTHER_FORM = "question-code", "post_21_assessment"


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@dataclass(frozen=True)
class Council:
    """A configuration with two hosts, and the environment the command line is given."""

    configuration: Configuration
    environment: Mapping[str, str]

    def store(self) -> Store:
        """Its database."""
        path = Path(self.environment["CONNECTOR_DATA"]) / "connector.db"
        return Store.open(f"sqlite:///{path}", Vault.from_text(self.environment["CONNECTOR_KEYS"]))

    def payload(self, host: str = HOST, form_type: str = FORM) -> Any:
        """The host's example, completed today."""
        folder = self.configuration.folder / host
        profile = self.configuration.hosts[host]
        return completed_today(profile, sample(folder, form_type), london_date(utc_now()))

    def take(self, payload: Any, host: str = HOST, *, delivery: str = "d1") -> str:
        """Keep a delivery and work through it, as web service and worker would."""
        with self.store() as store:
            with store.transaction() as tx:
                body = json.dumps(payload).encode()
                kept = tx.submissions.keep(host, delivery, body, utc_now())
            process_waiting(Desk(store, self.configuration, self.configuration.working, utc_now))
        return kept.submission_id
