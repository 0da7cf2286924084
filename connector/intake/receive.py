"""Receiving a webhook: who sent it, can it be read, keep it (receive first, think later).

A Receipt means the body is on disk. Nothing here looks at what the form says.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connector.errors import Refused
from connector.intake.payload import check_content_type, read_json
from connector.mapping.profile import HostProfile, Inbound
from connector.signature import Kind, Outcome, Verdict, verify

if TYPE_CHECKING:  # a dry run reads a body without the database's libraries
    from connector.store import Store, Transaction
    from connector.store.submission_row import Kept

LONGEST_ID = 150
# What a fresh copy of a delivery sets going again (R6): a copy proves that somebody still waits.
STUCK = ("held_stale", "unmapped", "broken")


@dataclass(frozen=True)
class Webhook:
    """The facts of one request. `headers` in any letter case; `body` as it came."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """A header's text, empty where it is not there."""
        wanted = name.lower()
        return next((text for key, text in self.headers.items() if key.lower() == wanted), "")


@dataclass(frozen=True)
class Receipt:
    """`state` is what people see of the submission now; `duplicate`: we held this delivery already.

    `secret_env` names the secret that proved it, so that a rotation can be watched in the log.
    """

    submission_id: str
    state: str
    duplicate: bool
    secret_env: str


def receive(
    store: "Store", profile: HostProfile, secrets: Sequence[str], webhook: Webhook, now: datetime
) -> Receipt:
    """Keep a delivery and commit; the same delivery again gives the same submission (R1, R6).

    Raises Refused: 401 not proven, 415 or 400 unreadable, 413 too large, 409 when this delivery id
    came before with another body (kept in quarantine). Raises OutOfOrder when we cannot keep it.
    """
    verdict = proven(profile, secrets, webhook, now)
    delivery = delivery_id(profile.inbound, webhook, readable(webhook))
    # Where several machines receive, one clock says what came first.
    came_at = store.now() if store.shared else now
    fresh = verdict.outcome is Outcome.ACCEPTED
    state = "received" if fresh else "held_stale"

    def keep(tx: "Transaction") -> tuple["Kept", str]:
        kept = tx.submissions.keep(profile.name, delivery, webhook.body, came_at, state=state)
        return kept, _state_of_a_copy(tx, kept, fresh) if kept.duplicate else kept.state

    kept, shown = store.gathered(keep)
    if kept.conflict:
        raise Refused(409, "This delivery id came before with another body; both are kept.")
    return Receipt(kept.submission_id, shown, kept.duplicate, _proven_by(profile, verdict))


def _state_of_a_copy(tx: "Transaction", kept: "Kept", fresh: bool) -> str:
    if fresh and kept.state in STUCK:
        tx.submissions.rearm(kept.submission_id)
    return tx.submissions.state_for_people(kept.submission_id) or kept.state


def proven(
    profile: HostProfile, secrets: Sequence[str], webhook: Webhook, now: datetime
) -> Verdict:
    """The verdict accepted or stale, judged before anything else is looked at (S1).

    Raises Refused (401) when the request does not prove that it comes from this host.
    """
    verdict = verify(
        profile.inbound.authentication,
        secrets,
        webhook.headers,
        webhook.query,
        webhook.body,
        now,
    )
    if verdict.outcome is Outcome.REFUSED:
        raise Refused(401, verdict.reason)
    return verdict


def readable(webhook: Webhook) -> Any:
    """The body as strict JSON. Raises Refused (400, 413, 415)."""
    check_content_type(webhook.header("Content-Type"), webhook.header("Content-Encoding"))
    return read_json(webhook.body)


def delivery_id(inbound: Inbound, webhook: Webhook, payload: Any) -> str:
    """What names this delivery: the profile's header or path, else the SHA-256 of the body.

    Standard Webhooks bring their own: the signed id. A name too long to store is hashed.
    """
    named = _named(inbound, webhook, payload)
    if not named:
        return f"sha256:{hashlib.sha256(webhook.body).hexdigest()}"
    if len(named) > LONGEST_ID or not (named.isascii() and named.isprintable()):
        return f"sha256:{hashlib.sha256(named.encode()).hexdigest()}"
    return named


def _named(inbound: Inbound, webhook: Webhook, payload: Any) -> str:
    named = inbound.delivery_id
    if named and named.header:
        return webhook.header(named.header)
    if named and named.path:
        return _as_id(named.path.find(payload))
    if inbound.authentication.kind == Kind.STANDARD_WEBHOOKS:
        return webhook.header(inbound.authentication.id_header or "webhook-id")
    return ""


def _as_id(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _proven_by(profile: HostProfile, verdict: Verdict) -> str:
    names = profile.inbound.authentication.secret_env
    sizes = len(profile.inbound.authentication.headers) or 1
    return names[(verdict.key or 0) * sizes]
