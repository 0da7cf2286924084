"""Where a delivery stands among the versions of its form."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from connector.judging import completed_at
from connector.model import Reading
from connector.store import Transaction
from connector.store.submission_row import Submission
from connector.versions import Arrival, arrival

OF_A_VERSION = frozenset({"submission_version", "completed_at"})


def place(
    tx: Transaction, submission: Submission, reading: Reading, content: str, configuration: str
) -> Arrival:
    """Where this delivery stands among the versions of its form; a replay keeps its place."""
    form_id = str(reading.values.get("submission_id") or submission.id)
    version = str(reading.values.get("submission_version") or "1")
    held = [
        each
        for each in tx.submissions.revisions(submission.host, form_id)
        if each.submission_id != submission.id
    ]
    placed = arrival(held, version, content, completed_at(reading))
    if not submission.ordinal or not submission.version:
        return placed
    if any((each.ordinal or 0) > submission.ordinal for each in held):
        return Arrival("outdated", submission.version, submission.ordinal)
    before = (submission.content_sha256, submission.configuration_hash)
    if before == (content, configuration):
        replaces = submission.ordinal - 1 or None
        return Arrival("new", submission.version, submission.ordinal, replaces)
    return _again(placed, submission.ordinal) if placed.kind == "new" else placed


def content_hash(readings: Sequence[Reading]) -> str:
    """SHA-256 over all that was answered, understood or not: what makes a delivery a duplicate."""
    values = [dict(reading.values) for reading in readings]
    faults = [[fault.field, fault.typed] for reading in readings for fault in reading.faults]
    return hashlib.sha256(json.dumps([values, faults], sort_keys=True).encode()).hexdigest()


def answers_hash(readings: Sequence[Reading]) -> str:
    """The same over the answers alone, whichever version of the form brings them, and when."""
    return content_hash([replace(each, values=_answers(each)) for each in readings])


def _answers(reading: Reading) -> dict[str, Any]:
    return {name: each for name, each in reading.values.items() if name not in OF_A_VERSION}


def _again(placed: Arrival, before: int) -> Arrival:
    """Run again under another mapping: a new version of ours, so that the record is put right."""
    ordinal = max(placed.ordinal, before + 1)
    return replace(
        placed, version=f"{placed.version}~r{ordinal}", ordinal=ordinal, replaces=ordinal - 1
    )
