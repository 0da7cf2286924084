"""Sending completed forms to the connector, signed, and keeping each to send it again."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

import requests

from connector.sandbox.database import Database
from connector.sandbox.filled_forms import FilledForm
from connector.sandbox.payload import webhook_body
from connector.sandbox.settings import SandboxSettings
from connector.signature import sign_standard_webhook

# Seconds to connect and to wait for an answer: the worker is looking at the page.
_TIME_OUT = (2, 10)
_LONGEST_ANSWER = 4000


@dataclass(frozen=True)
class Webhook:
    """One webhook: its bytes, and what came of the last time it was sent.

    `status` is the HTTP status, None where no answer came; `answer` is the body, or what went
    wrong in words.
    """

    id: str
    form_id: str
    version: int
    made_at: str
    body: bytes
    tries: int
    sent_at: str | None
    status: int | None
    answer: str

    @property
    def arrived(self) -> bool:
        """The connector took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def pretty(self) -> str:
        """The body to read."""
        return json.dumps(json.loads(self.body), indent=2, ensure_ascii=False)


def _webhook(row: Row) -> Webhook:
    return Webhook(**{name: row[name] for name in row.keys() if name != "number"})  # noqa: SIM118 - a Row iterates over its values


class Webhooks:
    """What was sent. A failed send loses nothing: the same bytes can be sent again."""

    def __init__(self, database: Database, settings: SandboxSettings) -> None:
        self._database = database
        self._settings = settings

    @property
    def address(self) -> str:
        """Where they go; blank when the sandbox was not told where the connector is."""
        url = self._settings.connector_url.rstrip("/")
        return f"{url}/hooks/sandbox" if url else ""

    def make(self, form: FilledForm, url: str, now: datetime) -> str:
        """Keep the webhook of a completed form; its id."""
        webhook_id = f"msg_{secrets.token_hex(12)}"
        self._database.write(
            "INSERT INTO webhook (id, form_id, version, made_at, body) VALUES (?, ?, ?, ?, ?)",
            *(webhook_id, form.id, form.version, now.isoformat(timespec="seconds")),
            webhook_body(webhook_id, form, url),
        )
        return webhook_id

    def send(self, webhook_id: str, clock: Callable[[], datetime]) -> None:
        """Send it now, and note what came of it. Ids stay, time and signature are new."""
        webhook = self.find(webhook_id)
        if webhook is None:
            return
        now = clock()
        status, answer = self._post(webhook, int(now.timestamp()))
        self._database.write(
            "UPDATE webhook SET tries = tries + 1, sent_at = ?, status = ?, answer = ? "
            "WHERE id = ?",
            *(now.isoformat(timespec="seconds"), status, answer[:_LONGEST_ANSWER], webhook_id),
        )

    def _post(self, webhook: Webhook, timestamp: int) -> tuple[int | None, str]:
        if not self.address:
            return None, "Not sent: CONNECTOR_URL is not set, so there is nowhere to send it."
        secret = self._settings.webhook_secret
        headers = {
            "Content-Type": "application/json",
            "webhook-id": webhook.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign_standard_webhook(secret, webhook.id, timestamp, webhook.body),
        }
        try:
            with requests.Session() as session:
                session.trust_env = False  # the connector is near: no proxy, no netrc
                answer = session.post(
                    self.address,
                    data=webhook.body,
                    headers=headers,
                    timeout=_TIME_OUT,
                    allow_redirects=False,
                )
        except requests.ConnectionError:
            return None, f"Nothing answered at {self.address}. Is the connector running?"
        except requests.RequestException as wrong:
            return None, f"No answer from {self.address} ({type(wrong).__name__})."
        return answer.status_code, answer.text

    def find(self, webhook_id: str) -> Webhook | None:
        """One webhook, or None."""
        row = self._database.row("SELECT * FROM webhook WHERE id = ?", webhook_id)
        return _webhook(row) if row else None

    def listing(self) -> list[Webhook]:
        """All of them, newest first."""
        return [
            _webhook(row)
            for row in self._database.rows("SELECT * FROM webhook ORDER BY number DESC")
        ]

    def of_form(self, form_id: str, version: int) -> Webhook | None:
        """The one that carried this version of a form."""
        row = self._database.row(
            "SELECT * FROM webhook WHERE form_id = ? AND version = ?", form_id, version
        )
        return _webhook(row) if row else None
