"""Looking something up by our reference: what the host returns is compared before it counts."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from connector.errors import NotSent
from connector.host.answers import as_text, picked, read_json
from connector.host.drafting import drafted
from connector.host.wire import Answer
from connector.mapping.outbound_calls import Call, Find
from connector.mapping.outbound_templates import Variables

MOST_PAGES = 50

Ask = Callable[[requests.PreparedRequest, Call], Answer]


def found(base: str, find: Find, variables: Variables, reference: str, ask: Ask) -> tuple[str, ...]:
    """The host's ids of everything with exactly our reference, each once, in its order.

    NotSent where the answer does not say for certain: a wrong list would lead to a second copy.
    """
    items = [item for page in _pages(base, find, variables, ask) for item in page]
    named = [(item, _reference_of(item, find)) for item in items]
    if items and not any(name for _, name in named):
        raise NotSent(
            f"The look-up returned {len(items)} entries and none holds a reference under "
            f"“{find.reference.source}”. Check find: in the profile."
        )
    ours = [as_text(find.id.find(item)) for item, name in named if same(name, reference)]
    if not all(ours):
        raise NotSent(f"The look-up found ours, but no id under “{find.id.source}”.")
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


def _pages(base: str, find: Find, variables: Variables, ask: Ask) -> Iterator[list[Any]]:
    request = drafted(base, find.call, variables)
    for _ in range(MOST_PAGES):
        answer = ask(request, find.call)
        if answer.status in find.absent:
            return
        page = read_json(answer)
        yield _items(page, find)
        link = as_text(find.next.find(page)) if find.next else ""
        if not link:
            return
        request = _next_page(base, request, link)
    raise NotSent(f"The look-up has more than {MOST_PAGES} pages. Check find: in the profile.")


def _items(page: Any, find: Find) -> list[Any]:
    items = find.items.find(page)
    if isinstance(items, list):
        return items
    if isinstance(items, dict):
        return [items]
    if page is None:
        return []
    raise NotSent(
        f"The look-up's answer has no list under “{find.items.source}”. Check find: in the profile."
    )


def _next_page(base: str, request: requests.PreparedRequest, link: str) -> requests.PreparedRequest:
    """The next page, on the same host only: an address out of an answer gets no credentials."""
    address = urljoin(request.url or "", link)
    if urlsplit(address)[:2] != urlsplit(base)[:2]:
        raise NotSent("The look-up's next page is on another host, which is never asked.")
    headers = {
        name: each
        for name, each in request.headers.items()
        if name.lower() not in ("content-type", "content-length")
    }
    return requests.Request("GET", address, headers=headers).prepare()
