"""Reading one thing as the host has it now, and the forms completed since a moment."""

from collections.abc import Iterator, Mapping
from typing import Any

from connector.errors import NotSent
from connector.events import HostTask
from connector.host.answers import read_json
from connector.host.drafting import drafted
from connector.host.looking import same
from connector.host.paging import Ask, Listing, listed, pages
from connector.mapping.expressions import Expression
from connector.mapping.outbound_reads import Forms, Read
from connector.mapping.outbound_templates import Variables
from connector.mapping.outbound_values import ValueAt, ValueFault

MOST_PAGES = 500


def read_one(
    base: str, read: Read, variables: Variables, asked: str, ask: Ask
) -> dict[str, Any] | None:
    """The values of the one thing whose id is `asked`; None where the host says there is none.

    NotSent where the answer is about another one, or does not say what the profile expects.
    """
    answer = ask(drafted(base, read.call, variables), read.call, read.absent)
    if answer.status in read.absent:
        return None
    thing = _the_one(read_json(answer), read, asked)
    if thing is None:
        return None
    return {name: _value(rule, thing) for name, rule in read.values.items()}


def task_of(remote_id: str, values: Mapping[str, Any]) -> HostTask:
    """The task, as its values say. NotSent where they hold no state: nothing follows from that."""
    if values["state"] is None:
        raise NotSent("The host's answer has no state of the task. Check “state” in the profile.")
    return HostTask(remote_id=remote_id, **values)


def _the_one(answer: Any, read: Read, asked: str) -> Any:
    """The thing in the answer, compared by its id where the profile says where that is."""
    things = listed(answer, read.items, "read:") if read.items else [answer]
    if not things:
        return None
    if read.id:
        things = [each for each in things if same(_value(read.id, each) or "", asked)]
    if len(things) == 1 and isinstance(things[0], dict):
        return things[0]
    raise NotSent(
        "The host's answer is not about the one we asked for. Check read: in the profile."
    )


def _value(rule: ValueAt, answer: Any) -> Any:
    try:
        return rule.read(answer)
    except ValueFault as fault:
        message = f"The host's answer cannot be understood: {fault}"
    raise NotSent(message)


def listed_forms(base: str, forms: Forms, variables: Variables, ask: Ask) -> Iterator[Any]:
    """The entries of the list of completed forms, in the host's order.

    NotSent where a page cannot be read.
    """
    wanted = forms.list
    listing = Listing("forms:", wanted.call, wanted.items, wanted.next, most_pages=MOST_PAGES)
    for page in pages(base, listing, variables, ask):
        yield from page


def form_of(base: str, forms: Forms, variables: Variables, entry: Any, ask: Ask) -> Any:
    """What the webhook of an entry would have brought; None where the host has no such form.

    NotSent where that cannot be read.
    """
    if forms.fetch is None:
        return _payload(forms.list.payload, entry)
    fetch = forms.fetch
    form_id = _value(forms.list.id, entry) if forms.list.id else None
    answer = ask(drafted(base, fetch.call, {**variables, "id": form_id}), fetch.call, fetch.absent)
    return None if answer.status in fetch.absent else _payload(fetch.payload, read_json(answer))


def _payload(path: Expression, item: Any) -> Any:
    found = path.find(item)
    if found is None:
        raise NotSent(f"A form in the list has nothing under “{path.text}”. Check payload:.")
    return found
