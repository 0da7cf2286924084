"""A list that the host hands out in pages, each asked for once, on the same host only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from connector.errors import NotSent
from connector.host.answers import as_text, read_json
from connector.host.drafting import drafted
from connector.host.wire import Answer
from connector.mapping.expressions import Expression
from connector.mapping.outbound_calls import Call
from connector.mapping.outbound_templates import Variables

Ask = Callable[[requests.PreparedRequest, Call, frozenset[int]], Answer]
"""Send a read; an answer with one of the codes is handed back as it is, any other bad one raised.
"""


@dataclass(frozen=True)
class Listing:
    """How a list is asked for. `key` is its place in the profile, for messages."""

    key: str
    call: Call
    items: Expression
    next: Expression | None = None
    absent: frozenset[int] = frozenset()
    most_pages: int = 50


def pages(base: str, listing: Listing, variables: Variables, ask: Ask) -> Iterator[list[Any]]:
    """The entries, page by page. NotSent where an answer has no list, or the pages do not end."""
    request = drafted(base, listing.call, variables)
    seen = {request.url}
    for _ in range(listing.most_pages):
        answer = ask(request, listing.call, listing.absent)
        if answer.status in listing.absent:
            return
        page = read_json(answer)
        yield listed(page, listing.items, listing.key)
        link = as_text(listing.next.find(page)) if listing.next else ""
        if not link:
            return
        request = _next_page(base, request, link)
        if request.url in seen:
            break
        seen.add(request.url)
    raise NotSent(f"The list has pages without end. Check {listing.key} in the profile.")


def listed(page: Any, items: Expression, key: str) -> list[Any]:
    """The entries in an answer; one alone counts as a list. NotSent where there is no list."""
    found = items.find(page)
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return [found]
    if page is None:
        return []
    raise NotSent(f"The answer has no list under “{items.text}”. Check {key} in the profile.")


def _next_page(base: str, request: requests.PreparedRequest, link: str) -> requests.PreparedRequest:
    """The next page, on the same host only: an address out of an answer gets no credentials."""
    try:
        address = urljoin(request.url or "", link)
        if urlsplit(address)[:2] == urlsplit(base)[:2]:
            return requests.Request("GET", address, headers=_kept(request)).prepare()
    except (requests.RequestException, ValueError):
        pass
    raise NotSent("The next page of the list is on another host, which is never asked.")


def _kept(request: requests.PreparedRequest) -> dict[str, str | bytes]:
    return {
        name: each
        for name, each in request.headers.items()
        if name.lower() not in ("content-type", "content-length")
    }
