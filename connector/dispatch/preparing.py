"""What a write sends: the variables for the profile's templates, and a document made once."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.dispatch.task_changes import CHANGES
from connector.model import EffectKind
from connector.store import Store, Transaction
from connector.store.effect_row import EffectRow, EffectState

RenderDocument = Callable[[Mapping[str, Any]], bytes]


@dataclass(frozen=True)
class Prepared:
    """The variables of one write; `made`: the document's bytes where they were made only now."""

    variables: Mapping[str, Any]
    made: bytes | None = None


def at_hand(tx: Transaction, row: EffectRow) -> Prepared | None:
    """What is to be sent, where it is all there; None where a document has to be made first.

    Raises KeyProblem where it does not open.
    """
    variables = _variables(tx, row)
    if row.kind is EffectKind.TASK_DOCUMENT:
        return Prepared(variables | about(_as_file(variables)))
    if row.kind is not EffectKind.DOCUMENT:
        return Prepared(variables)
    kept = tx.documents.get(row.id)
    if kept is None or kept.content is None:
        return None
    return Prepared(variables | about(kept.content))


def prepare(store: Store, row: EffectRow, render_document: RenderDocument) -> Prepared:
    """Gather what is to be sent. The same bytes go out on every try of a document.

    Raises KeyProblem where it does not open, and whatever the renderer raises.
    """
    with store.side_by_side() as tx:
        ready = at_hand(tx, row)
        if ready is not None:
            return ready
        variables = _variables(tx, row)
    made = render_document(variables)
    return Prepared(variables | about(made), made)


def to_look_up(tx: Transaction, row: EffectRow) -> Mapping[str, Any]:
    """The variables a write is looked up by, made or not. Raises KeyProblem."""
    ready = at_hand(tx, row)
    return ready.variables if ready else _variables(tx, row)


def _variables(tx: Transaction, row: EffectRow) -> dict[str, Any]:
    content = tx.effects.content(row.id)
    # A task about nobody in particular has no person, or the record of a team.
    ours = {"reference": row.reference, "person_id": row.person_id or content.get("person_id")}
    if row.kind is EffectKind.TASK_DOCUMENT:
        return content | ours | {"task_remote_id": _remote_id(tx, content["task_reference"])}
    if row.kind not in CHANGES:
        return content | ours
    # A profile may send the whole task again to cancel it, so its own variables are there as well.
    named = {
        "reference": content["task_reference"],
        "reference_guid": content["task_reference_guid"],
    }
    return tx.effects.content(content["task_effect"]) | content | ours | named


def state_of_its_task(tx: Transaction, row: EffectRow) -> EffectState | None:
    """How the task stands that a file is to be put on; None for any other write."""
    if row.kind is not EffectKind.TASK_DOCUMENT:
        return None
    task = tx.effects.by_reference(tx.effects.content(row.id).get("task_reference", ""))
    return task.state if task else EffectState.PLANNED


def _remote_id(tx: Transaction, reference: str) -> str | None:
    task = tx.effects.by_reference(reference)
    return task.remote_id if task else None


def _as_file(variables: Mapping[str, Any]) -> bytes:
    """A list as spreadsheets read it: with the mark that says it is UTF-8."""
    return str(variables.get("csv", "")).encode("utf-8-sig")


def about(document: bytes) -> dict[str, Any]:
    """What a template may say about a document: its bytes as base64, its size and its SHA-256."""
    return {
        "base64": base64.b64encode(document).decode("ascii"),
        "size": len(document),
        "sha256": hashlib.sha256(document).hexdigest(),
    }
