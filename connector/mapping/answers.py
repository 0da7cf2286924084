"""Answers as they lie in a payload, whatever the layout: key, value, words and question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from connector.mapping.text import as_text, loose


@dataclass(frozen=True, eq=False)
class Answer:
    """One answer, or one item of an answer with several. Compared by identity: it is a place.

    `words` is the answer as people read it, where the payload has it beside a code. `row` and
    `column` place it in a grid. `children` are the answers inside it. `covers` are the answers
    this one stands for when a whole group is asked for by its name.
    """

    key: str
    value: Any = None
    words: str | None = None
    question: str | None = None
    row: str | None = None
    column: str | None = None
    order: Any = None
    children: tuple["Answer", ...] = ()
    covers: tuple["Answer", ...] = ()

    @property
    def text(self) -> str:
        """The value as text; its words where the value is blank or is no scalar."""
        return as_text(self.value) or (self.words or "").strip()

    @property
    def is_blank(self) -> bool:
        """Nothing was answered; an empty list or group is no answer either."""
        return not self.text and not _holds_something(self.value)


@dataclass(frozen=True)
class Answers:
    """All answers of one part of a payload, found by key.

    `root` is that part as it came where questions are keys; a group in it is found by its name.
    """

    items: tuple[Answer, ...] = ()
    root: Any = None
    _exact: Mapping[str, tuple[Answer, ...]] = field(init=False, repr=False, compare=False)
    _alike: Mapping[str, tuple[Answer, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_exact", _by((each.key, each) for each in self.items))
        object.__setattr__(self, "_alike", _by((loose(each.key), each) for each in self.items))

    def find(self, key: str) -> tuple[Answer, ...]:
        """Every answer with this key: as written, as a group of that name, else read loosely."""
        return self._exact.get(key) or self._group(key) or self._alike.get(loose(key), ())

    def _group(self, key: str) -> tuple[Answer, ...]:
        found = _walked(self.root, key.split("."), "")
        if found is None or not isinstance(found[1], list | dict):
            return ()
        name, node = found
        inside = tuple(each for each in self.items if each.key.startswith(name + "."))
        return (Answer(key, node, covers=inside),)

    def __add__(self, other: "Answers") -> "Answers":
        root = self.root
        if isinstance(root, Mapping) and isinstance(other.root, Mapping):
            root = {**root, **other.root}
        return Answers(self.items + other.items, other.root if root is None else root)


def _walked(node: Any, parts: list[str], walked: str) -> tuple[str, Any] | None:
    """The name as written and what is there; a name may hold dots, a list of one is its item."""
    if not parts:
        return walked, node
    if isinstance(node, list) and len(node) == 1:
        node = node[0]
    for count in range(len(parts), 0, -1) if isinstance(node, Mapping) else ():
        name = _name_in(node, ".".join(parts[:count]))
        if name is None:
            continue
        found = _walked(node[name], parts[count:], f"{walked}.{name}" if walked else name)
        if found:
            return found
    return None


def _name_in(node: Mapping[str, Any], wanted: str) -> str | None:
    if wanted in node:
        return wanted
    alike = _comparable(wanted)
    return next((name for name in node if _comparable(name) == alike), None)


# The names of a form are compared with each other for every field of every form of its kind.
_comparable = lru_cache(maxsize=4096)(loose)


def _holds_something(value: Any) -> bool:
    if not isinstance(value, list | dict):
        return bool(as_text(value))
    return any(map(_holds_something, value.values() if isinstance(value, dict) else value))


def _by(pairs: Iterable[tuple[str, Answer]]) -> dict[str, tuple[Answer, ...]]:
    found: dict[str, list[Answer]] = {}
    for key, answer in pairs:
        found.setdefault(key, []).append(answer)
    return {key: tuple(each) for key, each in found.items()}
