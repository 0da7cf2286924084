"""A delivery as the rest of the product sees it, and the query that reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, select

from connector.store import tables
from connector.store.effect_row import SETTLED

_table = tables.submission
_effect = tables.effect


@dataclass(frozen=True)
class Kept:
    """The answer to a delivery: which submission it is, and whether we had it already.

    `conflict`: the delivery id was taken by another body; nothing but the quarantine changed.
    """

    submission_id: str
    state: str
    duplicate: bool
    conflict: bool


@dataclass(frozen=True)
class Submission:
    """What is known of one delivery without opening anything sealed.

    `state` is what became of it here. `standing` is what people see: the same, but for a processed
    one `parked` where a person must decide, `working` while something is owed, else `done`.
    """

    id: str
    host: str
    delivery_id: str
    body_sha256: str
    received_at: datetime
    state: str
    standing: str
    reason: str
    event: str | None
    not_before: datetime | None
    form_type: str | None
    form_id: str | None
    version: str | None
    ordinal: int | None
    content_sha256: str | None
    person_ids: tuple[str, ...]
    completed_at: datetime | None
    processed_at: datetime | None
    as_of: date | None
    status: str | None
    configuration_hash: str | None
    body_held: bool


@dataclass(frozen=True)
class Revision:
    """One version of one form that was understood, applied or outdated."""

    submission_id: str
    version: str | None
    ordinal: int | None
    content_sha256: str | None
    completed_at: datetime | None
    status: str | None
    state: str


def _effect_in(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(and_(_effect.c.submission_id == _table.c.id, condition))


standing = case(
    (_table.c.state != "processed", _table.c.state),
    (_effect_in(_effect.c.state == "parked"), "parked"),
    (_effect_in(_effect.c.state.not_in(SETTLED)), "working"),
    else_="done",
).label("standing")
_facts = [column for column in _table.c if column.name not in ("body", "summary")]
query_all = select(*_facts, standing, _table.c.body.is_not(None).label("body_held"))


def read(row: Any) -> Submission:
    """A row of `query_all` as a value."""
    return Submission(**{**row, "person_ids": tuple(row["person_ids"])})
