"""Telling the connector of forms and events, signed, and keeping each to send it again."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

import requests

from connector.sandbox.database import Database
from connector.sandbox.filled_forms import FilledForm
from connector.sandbox.payload import event_body, webhook_body
from connector.sandbox.settings import SandboxSettings
from connector.signature import sign_standard_webhook

# Seconds to connect and to wait for an answer: the worker is looking at the page.
_TIME_OUT = (2, 10)
_LONGEST_ANSWER = 4000
_LOST = "Lost on purpose: this system was told to lose it."


@dataclass(frozen=True)
class Webhook:
    """One webhook: its bytes, and what came of the last time it was sent.

    `form_id` is blank and `version` 0 where it carries an event and no form. `status` is the HTTP
    status, None where no answer came; `answer` is the body, or what went wrong in words.
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
    def lost(self) -> bool:
        """It was lost on purpose, and has not been sent since."""
        return self.tries == 0 and self.answer == _LOST

    @property
    def said(self) -> Mapping[str, Any]:
        """The body, read."""
        return dict(json.loads(self.body))

    @property
    def event(self) -> str:
        """What it is about: `task.completed`; `form.withdrawn` for a form in that state."""
        said = self.said
        return f"form.{said['form']['status']}" if "answers" in said else str(said["event"])

    @property
    def person_id(self) -> str:
        """The number of the person it is about; blank where it is about nobody in particular."""
        return str(self.said.get("person", {}).get("id", ""))

    @property
    def pretty(self) -> str:
        """The body to read."""
        return json.dumps(self.said, indent=2, ensure_ascii=False)


def _new_id() -> str:
    return f"msg_{secrets.token_hex(12)}"


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

    def keep_form(self, form: FilledForm, url: str, by: str, now: datetime) -> str:
        """Keep the webhook of a completed form, to be sent; its id."""
        webhook_id = _new_id()
        self._keep(webhook_id, webhook_body(webhook_id, form, url, by), form, now)
        return webhook_id

    def keep_event(self, event: str, parts: Mapping[str, object], by: str, now: datetime) -> str:
        """Keep the webhook of an event, to be sent; its id."""
        webhook_id = _new_id()
        self._keep(webhook_id, event_body(webhook_id, event, now, by, parts), None, now)
        return webhook_id

    def _keep(self, webhook_id: str, body: bytes, form: FilledForm | None, now: datetime) -> None:
        about = (form.id, form.version) if form else ("", 0)
        self._database.write(
            "INSERT INTO webhook (id, form_id, version, made_at, body) VALUES (?, ?, ?, ?, ?)",
            *(webhook_id, *about, now.isoformat(timespec="seconds"), body),
        )

    def lose(self, webhook_id: str) -> None:
        """Leave one unsent on purpose, and say so. It can still be sent by hand."""
        self._database.write("UPDATE webhook SET answer = ? WHERE id = ?", _LOST, webhook_id)

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

    def of_person(self, person_id: str) -> list[Webhook]:
        """All about one person, newest first."""
        found = self._database.rows(
            "SELECT * FROM webhook WHERE json_extract(CAST(body AS TEXT), '$.person.id') = ? "
            "ORDER BY number DESC",
            person_id,
        )
        return [_webhook(row) for row in found]

    def of_form(self, form_id: str, version: int) -> Webhook | None:
        """The first one that carried this version of a form."""
        row = self._database.row(
            "SELECT * FROM webhook WHERE form_id = ? AND version = ? ORDER BY number",
            *(form_id, version),
        )
        return _webhook(row) if row else None
