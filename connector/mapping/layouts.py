"""From a payload to its answers, by the layout a profile describes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connector.mapping.answers import Answer, Answers
from connector.mapping.expressions import Expression
from connector.mapping.language import Layout, WordsFrom
from connector.mapping.reading_dates import london_moment, read_when
from connector.mapping.text import as_text

DEEPEST = 60


def answers_of(
    layouts: Sequence[Layout], payload: Any, subject: Any, formats: Sequence[str] = ()
) -> Answers:
    """Everything answered, over all the parts the profile names."""
    found = Answers()
    for layout in layouts:
        root = subject if layout.in_subject else payload
        found = found + _READERS[layout.kind](layout, root, formats)
    return found


def _object(layout: Layout, payload: Any, formats: Sequence[str]) -> Answers:
    found: tuple[Answer, ...] = ()
    roots = Answers()
    for path in layout.paths:
        node = path.find(payload)
        for each in node if isinstance(node, list) else [node]:
            roots = roots + Answers((), each if isinstance(each, Mapping) else None)
            found = _newer(found, tuple(flattened(each, "", layout)), side=isinstance(node, list))
    return Answers(found, roots.root)


def _newer(
    earlier: tuple[Answer, ...], later: tuple[Answer, ...], *, side: bool = False
) -> tuple[Answer, ...]:
    if side:
        return earlier + later
    keys = {each.key for each in later}
    return tuple(each for each in earlier if each.key not in keys) + later


def flattened(node: Any, key: str, layout: Layout, depth: int = 0) -> Iterator[Answer]:
    """The answers in an object: groups give dotted keys, a list of groups stays whole (a grid).

    A list of one group is both a grid and that group. What stands beside an answer in its
    object, such as a comment or an attribute, is an answer of its own.
    """
    if isinstance(node, Mapping) and depth < DEEPEST:
        own: frozenset[str] = frozenset()
        if is_cell(node, layout):
            yield from cell(node, key, layout)
            own = _own_names(layout)
        for name, each in node.items():
            if name in own:
                continue
            yield from flattened(each, f"{key}.{name}" if key else str(name), layout, depth + 1)
    elif isinstance(node, list):
        yield from _listed(node, key, layout, depth)
    elif key:
        yield Answer(key, node)


def _own_names(layout: Layout) -> frozenset[str]:
    questions = (layout.question,) if layout.question else ()
    expressions = (*layout.value, *layout.words, *questions)
    return frozenset(name for each in expressions for name in each.heads)


def _listed(items: list[Any], key: str, layout: Layout, depth: int) -> Iterator[Answer]:
    if len(items) == 1 and isinstance(items[0], Mapping):
        inside = tuple(flattened(items[0], key, layout, depth + 1))
        if not is_cell(items[0], layout):
            yield Answer(key, items, covers=inside)
        yield from inside
        return
    if any(isinstance(each, list | dict) and not is_cell(each, layout) for each in items):
        yield Answer(key, items)
        return
    for each in items:
        yield from cell(each, key, layout) if isinstance(each, dict) else [Answer(key, each)]


def is_cell(node: Any, layout: Layout) -> bool:
    """An object that is an answer itself, such as {"value": "Y", "label": "Yes"}."""
    return isinstance(node, Mapping) and any(
        head in node for expression in layout.value for head in expression.heads
    )


def cell(node: Any, key: str, layout: Layout) -> Iterator[Answer]:
    """The answers in one answer object: one for each value it holds."""
    question = _question(layout, node)
    value, words = _first(layout.value, node), _first(layout.words, node)
    if not isinstance(value, list) or any(isinstance(each, list | dict) for each in value):
        yield Answer(key, value, _spoken(words), question)
        return
    spoken = words if isinstance(words, list) and len(words) == len(value) else [None] * len(value)
    for each, word in zip(value, spoken, strict=True):
        yield Answer(key, each, _spoken(word), question)


def _question(layout: Layout, node: Any) -> str | None:
    return (as_text(layout.question.find(node)) or None) if layout.question else None


def _first(expressions: Iterable[Expression], node: Any) -> Any:
    for each in expressions:
        found = each.find(node)
        if found not in (None, "", []):
            return found
    return None


def _spoken(words: Any) -> str | None:
    return as_text(words) or None


def _array(layout: Layout, payload: Any, formats: Sequence[str]) -> Answers:
    found: tuple[Answer, ...] = ()
    for path in layout.paths:
        node = path.find(payload)
        items = node if isinstance(node, list) else [node]
        later = tuple(answer for item in items for answer in _item(layout, item, ""))
        found = _newer(found, later)
    if layout.words_from:
        found = _worded(found, layout.words_from, payload)
    return Answers(_latest(found, formats) if layout.order_by else found)


def _item(layout: Layout, item: Any, parent: str, depth: int = 0) -> Iterator[Answer]:
    if isinstance(item, list):
        for each in item:
            yield from _item(layout, each, parent, depth + 1)
    if not isinstance(item, Mapping) or depth > DEEPEST:
        return
    key = as_text(layout.key.find(item)) if layout.key else ""
    if layout.full_keys and parent and key:
        key = f"{parent}.{key}"
    below = tuple(
        answer
        for expression in layout.children
        for answer in _item(layout, expression.find(item), key or parent, depth + 1)
    )
    if key:
        for answer in _cells(layout, item, key):
            yield replace(answer, **_placed(layout, item), children=below)
    yield from below


def _cells(layout: Layout, item: Mapping[str, Any], key: str) -> Iterator[Answer]:
    if layout.each_of is None:
        yield from cell(item, key, layout)
        return
    held = layout.each_of.find(item)
    values = held if isinstance(held, list) else [held]
    question = _question(layout, item)
    for each in values or [None]:
        for answer in cell(each, key, layout):
            yield replace(answer, question=question)


def _placed(layout: Layout, item: Mapping[str, Any]) -> dict[str, Any]:
    places = {"row": layout.row, "column": layout.column}
    found = {name: as_text(each.find(item)) or None for name, each in places.items() if each}
    return found | ({"order": layout.order_by.find(item)} if layout.order_by else {})


def _worded(answers: tuple[Answer, ...], source: WordsFrom, payload: Any) -> tuple[Answer, ...]:
    words: dict[str, str] = {}
    for path in source.path:
        node = path.find(payload)
        for each in node if isinstance(node, list) else []:
            words[as_text(source.key.find(each))] = as_text(source.words.find(each))
    return tuple(replace(each, words=words.get(each.key) or each.words) for each in answers)


def _latest(answers: tuple[Answer, ...], formats: Sequence[str]) -> tuple[Answer, ...]:
    """Of answers to one question (and cell) only those given last; a tie keeps all of them."""
    newest: dict[tuple[Any, ...], tuple[int, float, str]] = {}
    for each in answers:
        place, rank = (each.key, each.row, each.column), _rank(each.order, formats)
        newest[place] = max(newest.get(place, rank), rank)
    return tuple(
        each
        for each in answers
        if _rank(each.order, formats) == newest[(each.key, each.row, each.column)]
    )


def _rank(order: Any, formats: Sequence[str]) -> tuple[int, float, str]:
    when = read_when(order, formats)
    at = london_moment(when, None) if when else None
    if at:
        return (2, at.timestamp(), "")
    try:
        return (1, float(as_text(order)), "")
    except (ValueError, OverflowError):
        return (0, 0.0, as_text(order))


def _lists(layout: Layout, payload: Any, formats: Sequence[str]) -> Answers:
    part = layout.paths[0].find(payload)
    keys = layout.key.find(part) if layout.key else None
    values = _first(layout.value, part)
    if not isinstance(keys, list) or not isinstance(values, list):
        return Answers()
    pairs = zip(keys, values, strict=False)
    plain_values = replace(layout, value=(), words=())
    return Answers(
        tuple(
            each
            for key, value in pairs
            if as_text(key)
            for each in flattened(value, as_text(key), plain_values)
        )
    )


_READERS = {"object": _object, "array": _array, "lists": _lists}
