"""What a text in the YAML may stand for: the marshmallow fields the mapping files are made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import RAISE, Schema, ValidationError, fields

from connector.mapping.expressions import Expression, expression
from connector.mapping.text import suggestion

_LONGEST_MATCHED = 5_000


class Block(Schema):
    """A group of keys. A key it does not know is a problem, with the nearest one it does know."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["type"] = "A group of “key: value” lines is expected here."

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """Say which key was probably meant."""
        known = [each.data_key or name for name, each in self.fields.items()]
        if not isinstance(data, Mapping) or not isinstance(error.messages, dict):
            return
        for key in data:
            if key not in known:
                error.messages[key] = [_unknown_key(str(key), known)]


def _unknown_key(key: str, known: list[str]) -> str:
    return (
        f"There is no “{key}” here.{suggestion(key, known) or ' Known: ' + ', '.join(known) + '.'}"
    )


class Text(fields.String):
    """One text that is not empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["invalid"] = "Write one text here, not a group or a list."

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text == "":
            raise ValidationError("Write something here, or leave the key out.")
        return text


class Flag(fields.Field[bool]):
    """`true` or `false` (`yes` and `no` mean the same)."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        word = str(value).lower()
        if word not in ("true", "false", "yes", "no"):
            raise ValidationError("Write true or false.")
        return word in ("true", "yes")


class Words(fields.Field[tuple[str, ...]]):
    """A list of texts; one text alone is a list of one."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[str, ...]:
        return words_of(value)


def words_of(value: Any) -> tuple[str, ...]:
    """A list of texts, or one. Raises ValidationError for anything else."""
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in items):
        raise ValidationError("Write a list of texts here, such as [one, two].")
    return tuple(items)


class Table(fields.Field[Mapping[str, str]]):
    """Text to text, such as `{FR: former_relevant}`."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise ValidationError("Write pairs here, such as {Y: yes, N: no}.")
        wrong = {key: ["Write one text."] for key, each in value.items() if not _is_text(each)}
        if wrong:
            raise ValidationError(wrong)
        return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


class Search(fields.Field[Expression]):
    """A JMESPath expression."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Expression:
        return searched(value)


def searched(value: Any) -> Expression:
    """The same for a value from the YAML."""
    if not isinstance(value, str) or not value.strip():
        raise ValidationError("Write a JMESPath here, such as form.id.")
    return expression(value)


class Searches(fields.Field[tuple[Expression, ...]]):
    """One JMESPath expression or a list of them."""

    def _deserialize(
        self, value: Any, attr: Any, data: Any, **kwargs: Any
    ) -> tuple[Expression, ...]:
        items = value if isinstance(value, list) else [value]
        return tuple(searched(each) for each in items)


@dataclass(frozen=True)
class Pattern:
    """A regular expression; what its first group (else the whole) matches is the value."""

    text: str

    def find(self, value: str) -> str | None:
        """The matched part, or None."""
        match = re.search(self.text, value[:_LONGEST_MATCHED])
        if match is None:
            return None
        return match.group(1) if match.re.groups else match.group(0)


class Regex(fields.Field[Pattern]):
    """A regular expression."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Pattern:
        try:
            re.compile(str(value))
        except re.error as error:
            raise ValidationError(f"This is not a regular expression: {error}.") from None
        return Pattern(str(value))


class Zone(fields.Field[ZoneInfo]):
    """A time zone by name."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> ZoneInfo:
        try:
            return ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValidationError("Write a time zone such as Europe/London or UTC.") from None
