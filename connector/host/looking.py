"""Looking something up by our reference: what the host returns is compared before it counts."""

import uuid
from typing import Any

from connector.errors import NotSent
from connector.host.answers import as_text
from connector.host.paging import Ask, Listing, pages
from connector.mapping.outbound_calls import Find
from connector.mapping.outbound_templates import Variables
from connector.mapping.outbound_values import picked


def found(base: str, find: Find, variables: Variables, reference: str, ask: Ask) -> tuple[str, ...]:
    """The host's ids of everything with exactly our reference, each once, in its order.

    NotSent where the answer does not say for certain: a wrong list would lead to a second copy.
    """
    listing = Listing("find:", find.call, find.items, find.next, find.absent)
    items = [item for page in pages(base, listing, variables, ask) for item in page]
    named = [(item, _reference_of(item, find)) for item in items]
    if items and not any(name for _, name in named):
        raise NotSent(
            f"The look-up returned {len(items)} entries and none holds a reference under "
            f"“{find.reference.text}”. Check find: in the profile."
        )
    ours = [as_text(find.id.find(item)) for item, name in named if same(name, reference)]
    if not all(ours):
        raise NotSent(f"The look-up found ours, but no id under “{find.id.text}”.")
    return tuple(dict.fromkeys(ours))


def same(theirs: str, ours: str) -> bool:
    """Equal letter for letter, or the same GUID however it is written."""
    if theirs == ours:
        return True
    try:
        return uuid.UUID(theirs) == uuid.UUID(ours)
    except ValueError:
        return False


def _reference_of(item: Any, find: Find) -> str:
    return picked(as_text(find.reference.find(item)), find.reference_pattern)
