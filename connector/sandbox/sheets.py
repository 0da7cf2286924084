"""The forms of this case system as they are declared in forms/*.yaml: groups of questions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

FORM_TYPES = (
    "tailored_support_agreement",
    "post_21_assessment",
    "annual_contact_outcome",
    "family_request",
)


@dataclass(frozen=True)
class Question:
    """One question. `kind` is text, short, long, date, number, one (of `options`), several or
    grid; a grid has `columns`, `size` rows and, where `numbered_as` names one, a row number.
    """

    name: str
    ask: str
    kind: str = "text"
    hint: str = ""
    default: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    columns: tuple["Question", ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    size: int = 0
    numbered_as: str = ""


@dataclass(frozen=True)
class Group:
    """Questions under one heading."""

    legend: str
    questions: tuple[Question, ...]
    hint: str = ""


@dataclass(frozen=True)
class Sheet:
    """A form, or the head that all forms share."""

    title: str
    groups: tuple[Group, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """Every question, in order."""
        return (question for group in self.groups for question in group.questions)


@cache
def sheet(name: str) -> Sheet:
    """The sheet that is declared in `forms/{name}.yaml`."""
    declared, lists = _read(name), _read("lists")
    groups = tuple(
        Group(
            legend=group["legend"],
            questions=tuple(_question(each, lists) for each in group["questions"]),
            hint=group.get("hint", ""),
        )
        for group in declared["groups"]
    )
    return Sheet(declared["title"], groups)


def sheets() -> Mapping[str, Sheet]:
    """The forms a worker can fill in, by type."""
    return MappingProxyType({form_type: sheet(form_type) for form_type in FORM_TYPES})


def _read(name: str) -> Any:
    text = (files("connector.sandbox") / "forms" / f"{name}.yaml").read_text("utf-8")
    # BaseLoader keeps every scalar as text: "yes" stays a code and "0" a digit.
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but text


def _question(declared: Mapping[str, Any], lists: Mapping[str, Mapping[str, str]]) -> Question:
    known = dict(declared)
    options = lists[known.pop("list")] if "list" in known else {}
    columns = tuple(_question(column, lists) for column in known.pop("columns", ()))
    return Question(
        **{
            **known,
            "kind": known.get("kind", "one" if options else "text"),
            "options": options,
            "columns": columns,
            "rows": tuple(known.get("rows", ())),
            "size": int(known.get("size", 0)),
        }
    )
