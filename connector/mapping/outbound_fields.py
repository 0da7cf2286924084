"""The kinds of value in an `outbound:` block: texts in the YAML, converted and checked here.

Every problem lands in marshmallow's error dictionary under the key or index where it stands.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

import jmespath
from jmespath.exceptions import JMESPathError
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate
from marshmallow.experimental.context import Context

from connector.mapping.outbound_templates import (
    Template,
    compile_address,
    compile_text,
    compile_value,
    unknown_names,
)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Vocabulary:
    """The names a template may use at this place; of the `closed` ones the insides too."""

    names: frozenset[str]
    closed: frozenset[str]

    def also(self, *names: str) -> "Vocabulary":
        return replace(self, names=self.names | set(names))


class Block(Schema):
    """One mapping of the YAML that becomes one frozen value; an unknown key is a problem."""

    class Meta:
        unknown = RAISE

    makes: ClassVar[Callable[..., Any]]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        known = ", ".join(sorted(each.data_key or name for name, each in self.fields.items()))
        self.error_messages["unknown"] = f"There is no such key here. There are: {known}."
        self.error_messages["type"] = "This must be a block of keys and values."

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        return type(self).makes(**data)


class Text(fields.String):
    """A text that is not blank."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not text.strip():
            raise ValidationError("This is blank. Leave the key out, or give it a value.")
        return text


class EnvironmentName(Text):
    """The name of an environment variable; what stands there is never repeated (S14)."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        name = super()._deserialize(value, attr, data, **kwargs)
        if not _VARIABLE.fullmatch(name):
            raise ValidationError(
                "This must be the name of an environment variable, such as HOST_TOKEN, "
                "and never the secret itself."
            )
        return name


class YesNo(fields.Boolean):
    """`true` or `false`, `yes` or `no`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            truthy={"true", "True", "yes", "Yes"},
            falsy={"false", "False", "no", "No"},
            error_messages={"invalid": "Write true or false."},
            **options,
        )


class Number(fields.Float):
    """A number of at least `least`."""

    def __init__(self, *, least: float, **options: Any) -> None:
        wrong = f"This must be a number of at least {least:g}."
        check = validate.Range(min=least, error=wrong)
        super().__init__(validate=check, error_messages={"invalid": wrong}, **options)


class WholeNumber(fields.Integer):
    """A whole number of at least one."""

    def __init__(self, **options: Any) -> None:
        wrong = "This must be a whole number of at least 1."
        check = validate.Range(min=1, error=wrong)
        super().__init__(validate=check, error_messages={"invalid": wrong}, **options)


class Codes(fields.Field[frozenset[int]]):
    """HTTP status codes, one or a list, each within `low` to `high`."""

    def __init__(self, low: int, high: int, **options: Any) -> None:
        self.low, self.high = low, high
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> frozenset[int]:
        typed = value if isinstance(value, list) else [value]
        wrong = [index for index, each in enumerate(typed) if not self._fits(each)]
        if wrong:
            raise ValidationError(
                {index: [f"Write a status code from {self.low} to {self.high}."] for index in wrong}
                if isinstance(value, list)
                else f"Write a status code from {self.low} to {self.high}."
            )
        return frozenset(int(each) for each in typed)

    def _fits(self, each: Any) -> bool:
        code = str(each)
        return code.isascii() and code.isdigit() and self.low <= int(code) <= self.high


@dataclass(frozen=True)
class Query:
    """A JMESPath expression; `find` gives what it names in an answer, None where it is not."""

    source: str

    def find(self, answer: Any) -> Any:
        try:
            return jmespath.search(self.source, answer)
        except (JMESPathError, ArithmeticError, LookupError, TypeError, ValueError):
            return None  # a function met a value it does not take: what it would give is not there


class JmesPath(Text):
    """A JMESPath expression that can be read."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        source = super()._deserialize(value, attr, data, **kwargs)
        try:
            jmespath.compile(source)
        except JMESPathError:
            raise ValidationError(
                "This JMESPath cannot be read. Put a name with a hyphen or a dot in double quotes."
            ) from None
        return Query(source)


class Pattern(Text):
    """A regular expression; its first group, else the whole match, is what counts."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        try:
            return re.compile(super()._deserialize(value, attr, data, **kwargs))
        except re.error:
            raise ValidationError("This regular expression cannot be read.") from None


class Address(Text):
    """An https address without query; http only to this machine (see `allow_http`)."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        address = super()._deserialize(value, attr, data, **kwargs)
        allowed = isinstance(data, Mapping) and str(data.get("allow_http")).lower() in (
            "true",
            "yes",
        )
        fault = address_fault(address, allow_http=allowed)
        if fault:
            raise ValidationError(fault)
        return address


def address_fault(address: str, *, allow_http: bool) -> str | None:
    """What is wrong with a base address, in a sentence that does not repeat it; None if nothing."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is not an address."
    if parts.scheme not in ("http", "https") or not host:
        return "This must be an address that starts with https://."
    if parts.username is not None or parts.password is not None:
        return "An address must not hold a user name or password. Use auth: instead."
    if parts.query or parts.fragment:
        return "A base address has no ? or #. Put the query into the path."
    if parts.scheme == "http" and host not in LOOPBACK and not allow_http:
        return (
            "This must start with https://. Only a host on a closed network may go without: "
            "say so with allow_http: true."
        )
    return None


class TemplateText(Text):
    """A header or form field with `{{ … }}` in it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return compiled(super()._deserialize(value, attr, data, **kwargs), compile_text)


class TemplateAddress(Text):
    """A path with `{{ … }}` in it, from the first slash on; values are quoted when filled in."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        template = compiled(super()._deserialize(value, attr, data, **kwargs), compile_address)
        if not template.source.startswith("/") or template.source.startswith("//"):
            raise ValidationError("A path starts with one slash and is added to the base address.")
        return template


class TemplateTree(fields.Field[Any]):
    """A body: texts with `{{ … }}` inside lists and keys, as deep as need be."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return _tree(value)


def _tree(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _branches({str(key): each for key, each in value.items()})
    if isinstance(value, list | tuple):
        branches = _branches(dict(enumerate(value)))
        return tuple(branches[index] for index in range(len(value)))
    return compiled("" if value is None else str(value), compile_value)


def _branches(items: Mapping[Any, Any]) -> dict[Any, Any]:
    made, faults = {}, {}
    for key, each in items.items():
        try:
            made[key] = _tree(each)
        except ValidationError as error:
            faults[key] = error.messages
    if faults:
        raise ValidationError(faults)
    return made


def compiled(source: str, compiler: Callable[[str], Template]) -> Template:
    """The template; a ValidationError where it cannot be read or names something unknown."""
    try:
        template = compiler(source)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    words = Context[Vocabulary].get(None)
    if isinstance(words, Vocabulary):
        problems = unknown_names(template, words.names, words.closed)
        if problems:
            raise ValidationError(problems)
    return template
