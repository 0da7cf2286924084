"""What in a payload says who and what it is about, so that it is not taken for an answer."""

import re
from collections.abc import Iterator

from connector.mapping.grids import keys_of
from connector.mapping.language import Layout, Rule
from connector.mapping.leftovers import Plumbing, also_recorded
from connector.mapping.profile import FormMapping, HostProfile, Inbound
from connector.mapping.reader import Reader
from connector.model import RecordedAnswer

_INDEX = re.compile(r"\[\d+\]")


def left_over(
    profile: HostProfile, form: FormMapping, reader: Reader
) -> tuple[RecordedAnswer, ...]:
    """What the form's mapping leaves over of the answers, for “Also recorded”."""
    ignore = tuple(each for layout in form.layouts for each in layout.ignore)
    prefixes = tuple(_prefix(each) for each in form.layouts if each.kind == "object")
    return also_recorded(reader, ignore, _plumbing(profile.inbound, form), prefixes)


def _prefix(layout: Layout) -> str:
    text = _INDEX.sub("", layout.paths[0].text if layout.paths else "@")
    return "" if text == "@" else text


def _plumbing(inbound: Inbound, form: FormMapping) -> Plumbing:
    """Every path and key that tells who and what the message is about, not what was answered."""
    rules = [inbound.select.form_type, *inbound.envelope.values(), *form.envelope.values()]
    rules += [each.rule for each in (*inbound.select.accept_if, *inbound.echo_if)]
    rules += [inbound.select.form_status] if inbound.select.form_status else []
    names = {name for rule in rules for name in _chains(rule)}
    names |= {name for rule in form.fields.values() for name in _chains(rule)}
    if inbound.delivery_id and inbound.delivery_id.path:
        names |= inbound.delivery_id.path.chains
    if inbound.subjects:
        names |= inbound.subjects.path.chains
    names |= {
        chain
        for layout in form.layouts
        if layout.kind != "object" and not layout.in_subject
        for path in layout.paths
        for chain in path.chains
    }
    keys = frozenset(key for rule in rules for key in keys_of(rule))
    return Plumbing(frozenset(names), keys, tuple(each.rows_of for each in rules if each.rows_of))


def _chains(rule: Rule) -> Iterator[str]:
    if rule.path:
        yield from rule.path.chains
    for each in (*rule.members, *rule.columns.values(), *filter(None, [rule.rows_of])):
        yield from _chains(each)
