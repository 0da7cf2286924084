"""The kinds of value in an `outbound:` block: texts in the YAML, converted and checked here.

Every problem lands in marshmallow's error dictionary under the key or index where it stands.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

import jmespath
from jmespath.exceptions import JMESPathError
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from connector.mapping.expressions import Expression

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


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


class JmesPath(Text):
    """A JMESPath expression that can be read."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        source = super()._deserialize(value, attr, data, **kwargs)
        try:
            return Expression(source, jmespath.compile(source))
        except JMESPathError:
            raise ValidationError(
                "This JMESPath cannot be read. Put a name with a hyphen or a dot in double quotes."
            ) from None


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
