"""What a write sends: the variables for the profile's templates, and a document made once."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connector.model import EffectKind
from connector.store import Store
from connector.store.effect_row import EffectRow

RenderDocument = Callable[[Mapping[str, Any]], bytes]


@dataclass(frozen=True)
class Prepared:
    """The variables of one write; `made`: the document's bytes where they were made only now."""

    variables: Mapping[str, Any]
    made: bytes | None = None


def prepare(store: Store, row: EffectRow, render_document: RenderDocument) -> Prepared:
    """Gather what is to be sent. The same bytes go out on every try of a document.

    Raises KeyProblem where it does not open, and whatever the renderer raises.
    """
    with store.transaction() as tx:
        content = tx.effects.content(row.id)
        kept = tx.documents.get(row.id) if row.kind is EffectKind.DOCUMENT else None
    ours = {"reference": row.reference, "person_id": row.person_id}
    if row.kind is not EffectKind.DOCUMENT:
        return Prepared(content | ours)
    held = kept.content if kept else None
    document = render_document(content) if held is None else held
    return Prepared(content | ours | about(document), made=document if held is None else None)


def about(document: bytes) -> dict[str, Any]:
    """What a template may say about a document: its bytes as base64, its size and its SHA-256."""
    return {
        "base64": base64.b64encode(document).decode("ascii"),
        "size": len(document),
        "sha256": hashlib.sha256(document).hexdigest(),
    }
