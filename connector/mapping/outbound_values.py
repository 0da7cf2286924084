"""One value out of a host's answer: where it stands, and what it means in our words.

In the YAML a plain text is the place (a JMESPath); a block has `path` and, by kind, `pattern`,
`map` and `otherwise`, or `date_formats` and `zone`, as in the inbound language.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields, validate

from connector.mapping.expressions import Expression
from connector.mapping.outbound_fields import Block, JmesPath, Pattern, Text
from connector.mapping.reading_dates import format_fault, london_day, read_when
from connector.mapping.text import as_text
from connector.mapping.yaml_kinds import Words, Zone

LONGEST = 200
"""How many characters an id, a code or a date of the host's may have."""
NONE = "none"
"""In a `map`: this code says nothing of the kind we ask for."""
_YES_NO = {"true": "yes", "yes": "yes", "false": "no", "no": "no"}


class ValueFault(Exception):
    """An answer holds something the profile does not expect. The message repeats nothing of it."""


@dataclass(frozen=True)
class TextAt:
    """A text or a number as text; `pattern` picks a part of it."""

    path: Expression
    pattern: re.Pattern[str] | None = None

    def read(self, answer: Any) -> str | None:
        """The text; None where it is blank or not there.

        ValueFault for a list or a group, and for a text that is too long for what it should be.
        """
        found = self.path.find(answer)
        if isinstance(found, list | dict):
            raise ValueFault(f"“{self.path.text}” is a list or a group, not one value.")
        text = picked(as_text(found), self.pattern)
        if len(text) > LONGEST:
            raise ValueFault(f"“{self.path.text}” has more than {LONGEST} characters.")
        return text or None


@dataclass(frozen=True)
class DayAt:
    """A date, or the day in London of a date-time."""

    text: TextAt
    date_formats: tuple[str, ...] = ()
    zone: ZoneInfo | None = None

    def read(self, answer: Any) -> date | None:
        """The day; None where it is blank. ValueFault for what is no date."""
        typed = self.text.read(answer)
        if typed is None:
            return None
        when = read_when(typed, self.date_formats)
        day = london_day(when, self.zone) if when else None
        if day is None:
            raise ValueFault(
                f"“{self.text.path.text}” holds something that is not a date. Check date_formats:."
            )
        return day


@dataclass(frozen=True)
class ChoiceAt:
    """A code of the host's as one of our words; `map` has its keys in small letters."""

    text: TextAt
    map: Mapping[str, str]
    otherwise: str | None = None

    def read(self, answer: Any) -> str | None:
        """Our word; None where the code is blank or means none. ValueFault for an unknown code."""
        code = self.text.read(answer)
        if code is None:
            return None
        word = self.map.get(code.casefold(), self.otherwise)
        if word is None:
            raise ValueFault(
                f"“{self.text.path.text}” holds a code that has no meaning here. Add it to map:."
            )
        return None if word == NONE else word


@dataclass(frozen=True)
class YesNoAt:
    """Yes or no."""

    choice: ChoiceAt

    def read(self, answer: Any) -> bool | None:
        """True, False, or None where it is blank. ValueFault for an unknown code."""
        word = self.choice.read(answer)
        return None if word is None else word == "yes"


ValueAt = TextAt | DayAt | ChoiceAt | YesNoAt


def picked(text: str, pattern: re.Pattern[str] | None) -> str:
    """The part of a text that the pattern is after: its first group, else the whole match."""
    if pattern is None:
        return text
    found = pattern.search(text)
    if found is None:
        return ""
    return found[1] or "" if pattern.groups else found[0]


class _TextBlock(Block):
    makes: ClassVar[Callable[..., Any]] = TextAt

    path = JmesPath(required=True)
    pattern = Pattern()


def _formats(words: tuple[str, ...]) -> None:
    faults = [fault for each in words if (fault := format_fault(each))]
    if faults:
        raise ValidationError(faults)


def _day(path: Expression, pattern: re.Pattern[str] | None = None, **reading: Any) -> DayAt:
    return DayAt(TextAt(path, pattern), **reading)


class _DayBlock(_TextBlock):
    makes = staticmethod(_day)

    date_formats = Words(validate=_formats)
    zone = Zone()


class Value(fields.Field[Any]):
    """A value of one kind: a plain text is its place."""

    block: ClassVar[type[Block]] = _TextBlock

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            return self._made(self._schema().load(value))
        try:
            return self._made(self._schema().load({"path": value}))
        except ValidationError as error:
            raise ValidationError(_said_of_the_path(error)) from None

    def _schema(self) -> Block:
        return self.block()

    def _made(self, loaded: Any) -> Any:
        return loaded


def _said_of_the_path(error: ValidationError) -> Any:
    messages = error.messages
    return messages.get("path", messages) if isinstance(messages, dict) else messages


class Day(Value):
    """A date or date-time."""

    block = _DayBlock


class Choice(Value):
    """One of our words, `map` saying which code of the host's is which."""

    def __init__(self, *words: str, **options: Any) -> None:
        self.words = words
        super().__init__(**options)

    def _schema(self) -> Block:
        word = validate.OneOf(self.words, error=f"Write one of: {', '.join(self.words)}.")
        return _choice_block(word)()

    def _made(self, loaded: Any) -> Any:
        return ChoiceAt(
            TextAt(loaded["path"], loaded.get("pattern")),
            self._map(loaded.get("map")),
            loaded.get("otherwise"),
        )

    def _map(self, typed: Mapping[str, str] | None) -> Mapping[str, str]:
        if typed is None:
            return {word: word for word in self.words}
        return {code.strip().casefold(): word for code, word in typed.items()}


def _choice_block(word: validate.OneOf) -> type[Block]:
    class ChoiceBlock(_TextBlock):
        makes: ClassVar[Callable[..., Any]] = dict

        map = fields.Dict(keys=Text(), values=fields.String(validate=word))
        otherwise = fields.String(validate=word)

    return ChoiceBlock


class YesNoValue(Choice):
    """Yes or no; `true`, `false`, `yes` and `no` need no map."""

    def __init__(self, **options: Any) -> None:
        super().__init__("yes", "no", NONE, **options)

    def _made(self, loaded: Any) -> Any:
        return YesNoAt(super()._made(loaded))

    def _map(self, typed: Mapping[str, str] | None) -> Mapping[str, str]:
        return super()._map(typed) if typed is not None else _YES_NO
