"""How the connector signs in to the host: secrets by the name of an environment variable only."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from connector.mapping.outbound_fields import Address, Block, EnvironmentName, Text, YesNo


@dataclass(frozen=True)
class NoAuth:
    """The host asks for nothing (a sandbox, or a network that answers for it)."""


@dataclass(frozen=True)
class StaticHeaders:
    """Headers such as `X-Api-Key`, each with the environment variable that holds its value."""

    headers_env: Mapping[str, str]


@dataclass(frozen=True)
class Bearer:
    """`Authorization: Bearer …` with a token that does not change by itself."""

    token_env: str


@dataclass(frozen=True)
class Basic:
    """User name and password."""

    password_env: str
    username: str | None = None
    username_env: str | None = None


@dataclass(frozen=True)
class ClientCredentials:
    """OAuth2 client credentials; `client_auth` says how the token service wants the secret."""

    client_secret_env: str
    token_url: str | None = None
    token_url_env: str | None = None
    client_id: str | None = None
    client_id_env: str | None = None
    scope: str | None = None
    scope_env: str | None = None
    client_auth: str = "body"
    allow_http: bool = False


@dataclass(frozen=True)
class ClientCertificate:
    """A TLS client certificate; the variables hold the paths of the PEM files."""

    certificate_env: str
    key_env: str


Auth = NoAuth | StaticHeaders | Bearer | Basic | ClientCredentials | ClientCertificate


class _NoAuth(Block):
    makes = NoAuth


class _StaticHeaders(Block):
    makes = StaticHeaders

    headers_env = fields.Dict(
        keys=Text(), values=EnvironmentName(), required=True, validate=validate.Length(min=1)
    )


class _Bearer(Block):
    makes = Bearer

    token_env = EnvironmentName(required=True)


class _Basic(Block):
    makes = Basic

    username = Text()
    username_env = EnvironmentName()
    password_env = EnvironmentName(required=True)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _one_name(self, _data: Any, typed: Mapping[str, Any], **_: Any) -> None:
        exactly_one(typed, "username", "username_env")


class _ClientCredentials(Block):
    makes = ClientCredentials

    token_url = Address()
    token_url_env = EnvironmentName()
    client_id = Text()
    client_id_env = EnvironmentName()
    client_secret_env = EnvironmentName(required=True)
    scope = Text()
    scope_env = EnvironmentName()
    client_auth = fields.String(validate=validate.OneOf(["body", "basic"]))
    allow_http = YesNo()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _one_token_service(self, _data: Any, typed: Mapping[str, Any], **_: Any) -> None:
        exactly_one(typed, "token_url", "token_url_env")

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _one_client(self, _data: Any, typed: Mapping[str, Any], **_: Any) -> None:
        exactly_one(typed, "client_id", "client_id_env")


class _ClientCertificate(Block):
    makes = ClientCertificate

    certificate_env = EnvironmentName(required=True)
    key_env = EnvironmentName(required=True)


KINDS: dict[str, type[Block]] = {
    "none": _NoAuth,
    "static_headers": _StaticHeaders,
    "bearer": _Bearer,
    "basic": _Basic,
    "oauth2_client_credentials": _ClientCredentials,
    "client_certificate": _ClientCertificate,
}


class AuthField(fields.Field[Auth]):
    """`auth: {type: …}`: the type decides which other keys there are."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValidationError("Write auth as {type: …}.")
        schema = KINDS.get(str(value.get("type", "")))
        if schema is None:
            raise ValidationError({"type": [f"Write one of: {', '.join(KINDS)}."]})
        return schema().load({key: each for key, each in value.items() if key != "type"})


def exactly_one(data: Mapping[str, Any], one: str, other: str) -> None:
    """A ValidationError at `one` unless exactly one of two keys is there."""
    if (one in data) == (other in data):
        raise ValidationError(f"Give either {one} or {other}.", one)


def environment_names(auth: Auth) -> tuple[str, ...]:
    """Every environment variable the sign-in needs."""
    names: list[str] = []
    for each in dataclass_fields(auth):
        value = getattr(auth, each.name)
        if each.name == "headers_env":
            names.extend(value.values())
        elif each.name.endswith("_env") and value is not None:
            names.append(value)
    return tuple(names)
