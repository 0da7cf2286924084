"""Reading from the host: one task, one person, and the forms completed since a moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import fields as parts
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.experimental.context import Context

from connector.events import HostPerson
from connector.mapping.expressions import Expression, expression
from connector.mapping.outbound_calls import Call, RequestSchema
from connector.mapping.outbound_fields import (
    Block,
    Codes,
    JmesPath,
    WholeNumber,
)
from connector.mapping.outbound_values import (
    NONE,
    Choice,
    Day,
    TextAt,
    Value,
    ValueAt,
    YesNoValue,
)
from connector.mapping.outbound_words import Vocabulary

PERSON_FIELDS = tuple(each.name for each in parts(HostPerson))
WHOLE = expression("@")

# What a template may name; the settings of the profile come with them.
TASK_WORDS = ("remote_id", "reference", "reference_guid", "person_id")
PERSON_WORDS = ("person_id",)
LIST_WORDS = ("since",)
FETCH_WORDS = ("id",)


@dataclass(frozen=True)
class Read:
    """One thing of the host's as it is now: `values` by the field of what is made of it.

    `items` is for an answer that is a list. `id` names the thing: it must be the one asked for.
    """

    call: Call
    values: Mapping[str, ValueAt]
    absent: frozenset[int] = frozenset()
    items: Expression | None = None
    id: TextAt | None = None


@dataclass(frozen=True)
class FormList:
    """The list of completed forms; `payload` makes of an entry what its webhook would bring."""

    call: Call
    items: Expression
    next: Expression | None = None
    payload: Expression = WHOLE
    id: TextAt | None = None


@dataclass(frozen=True)
class Fetch:
    """One completed form by its id, where the list is thin."""

    call: Call
    payload: Expression = WHOLE
    absent: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Forms:
    """How completed forms are read, and how often we look for those whose webhook was missed."""

    list: FormList
    fetch: Fetch | None = None
    every_minutes: int = 15


def _read(
    *,
    absent: frozenset[int] = frozenset(),
    items: Expression | None = None,
    id: TextAt | None = None,  # noqa: A002 - the key of the YAML
    **rest: Any,
) -> Read:
    values = {name: each for name, each in rest.items() if isinstance(each, ValueAt)}
    call = {name: each for name, each in rest.items() if name not in values}
    return Read(Call(**call), values, absent, items, id)


class _ReadSchema(RequestSchema):
    makes: ClassVar[Callable[..., Any]] = staticmethod(_read)
    methods = ("GET", "POST")

    absent = Codes(400, 499)
    items = JmesPath()
    id = Value()

    @validates_schema(skip_on_field_errors=False)
    def _one_of_a_list_is_named(self, data: Mapping[str, Any], **_: Any) -> None:
        if "items" in data and "id" not in data:
            raise ValidationError("Say where the id is, so that the right one is taken.", "id")


class TaskReadSchema(_ReadSchema):
    """`task: {read: …}`."""

    state = Choice("open", "done", "cancelled", required=True)
    done_on = Day()
    result = Choice("no_change", "change_needed", "attempted", NONE)
    assignee_id = Value()


class PersonReadSchema(_ReadSchema):
    """`person: {read: …}`: whatever the host's record can tell."""

    date_of_birth = Day()
    died_on = Day()
    restricted = YesNoValue()
    worker_id = Value()
    worker_active = YesNoValue()
    manager_id = Value()
    team_id = Value()
    merged_into = Value()

    @validates_schema(skip_on_field_errors=False)
    def _says_something(self, data: Mapping[str, Any], **_: Any) -> None:
        if not set(data) & set(PERSON_FIELDS):
            raise ValidationError(f"Say where one of these stands: {', '.join(PERSON_FIELDS)}.")


def _form_list(
    *,
    items: Expression,
    next: Expression | None = None,  # noqa: A002 - the key of the YAML
    payload: Expression | None = None,
    id: TextAt | None = None,  # noqa: A002 - the key of the YAML
    **call: Any,
) -> FormList:
    return FormList(Call(**call), items, next, payload or WHOLE, id)


class _FormListSchema(RequestSchema):
    makes = staticmethod(_form_list)
    methods = ("GET", "POST")

    items = JmesPath(required=True)
    next = JmesPath()
    payload = JmesPath()
    id = Value()


def _fetch(
    *, payload: Expression = WHOLE, absent: frozenset[int] = frozenset(), **call: Any
) -> Fetch:
    return Fetch(Call(**call), payload, absent)


class _FetchSchema(RequestSchema):
    makes = staticmethod(_fetch)

    payload = JmesPath()
    absent = Codes(400, 499)


class ReadField(fields.Nested):
    """A read; its templates may name `words` and the settings of the profile."""

    def __init__(self, schema: type[Block], words: tuple[str, ...], **options: Any) -> None:
        self.words = words
        super().__init__(schema, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, *args: Any, **kwargs: Any) -> Any:
        around = Context[Vocabulary].get()
        settings = {name for name in around.names if name.partition(".")[0] == "settings"}
        names = frozenset({"settings", *settings, *self.words})
        with Context(Vocabulary(names, frozenset({"settings"}))):
            return super()._deserialize(value, attr, data, *args, **kwargs)


def _person(read: Read) -> Read:
    return read


class PersonSchema(Block):
    """`person:`."""

    makes = staticmethod(_person)

    read = ReadField(PersonReadSchema, PERSON_WORDS, required=True)


class FormsSchema(Block):
    """`forms:`."""

    makes = Forms

    list = ReadField(_FormListSchema, LIST_WORDS, required=True)
    fetch = ReadField(_FetchSchema, FETCH_WORDS)
    every_minutes = WholeNumber()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _a_thin_list_names_its_forms(
        self, data: Mapping[str, Any], typed: Mapping[str, Any], **_: Any
    ) -> None:
        listed = typed.get("list")
        if "fetch" not in typed or not isinstance(listed, Mapping):
            return
        if "id" not in listed:
            raise ValidationError({"list": {"id": ["Say where the id is that fetch needs."]}})
        if "payload" in listed:
            raise ValidationError({"list": {"payload": ["Put this under fetch."]}})
