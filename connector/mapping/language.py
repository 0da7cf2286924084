"""The language of the mapping files as frozen values: what a YAML says, checked and compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from connector.mapping.expressions import Expression
from connector.mapping.yaml_kinds import Pattern

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Habits:
    """How a host writes yes, no, nothing and dates (`values:`).

    A field's own words and formats come first, then the host's, then what everybody understands.
    """

    yes_words: tuple[str, ...] = ()
    no_words: tuple[str, ...] = ()
    blank_words: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    zone: ZoneInfo | None = None

    def over(self, wider: "Habits") -> "Habits":
        """These habits first, then `wider`."""
        return Habits(
            self.yes_words + wider.yes_words,
            self.no_words + wider.no_words,
            self.blank_words + wider.blank_words,
            self.date_formats + wider.date_formats,
            self.zone or wider.zone,
        )


@dataclass(frozen=True)
class Rule:
    """Where one canonical field is found, and how what stands there is read.

    Exactly one source: `key` (an answer; in a grid's column a cell), `path` (JMESPath into the
    whole payload), `subject` (JMESPath into the young person's entry), `in_row` (JMESPath into a
    grid's row), `constant`, `first_of` (the first answered), `all_of` (all of them together),
    `ticked` (tick-box key to code), `row_number`, or `columns` for a grid, with `rows_of`.
    `where` picks rows of a grid by what their cells hold; with it `key` is a cell of such a row.
    """

    key: str | None = None
    path: Expression | None = None
    subject: Expression | None = None
    in_row: Expression | None = None
    constant: str | None = None
    first_of: tuple["Rule", ...] = ()
    all_of: tuple["Rule", ...] = ()
    ticked: Mapping[str, str] = field(default_factory=dict)
    row_number: bool = False
    rows_of: "Rule | None" = None
    columns: Mapping[str, "Rule"] = field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    take: str = "value"
    strip_prefix: tuple[str, ...] = ()
    extract: Pattern | None = None
    split: tuple[str, ...] = ()
    join: str | None = None
    has: tuple[str, ...] = ()
    map: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    default: str | None = None
    invert: bool = False
    habits: Habits = Habits()
    label: str | None = None

    @property
    def fixed(self) -> bool:
        """Never blank by itself, so it does not make a grid's row an answered one."""
        return self.constant is not None or self.row_number

    @property
    def members(self) -> tuple["Rule", ...]:
        """The rules inside `first_of` or `all_of`."""
        return self.first_of or self.all_of


@dataclass(frozen=True)
class WordsFrom:
    """Answers in words that stand in a list of their own (Dataverse: FormattedValues)."""

    path: tuple[Expression, ...]
    key: Expression
    words: Expression


@dataclass(frozen=True)
class Layout:
    """How answers lie in a payload (`answers:`).

    `kind`: `object` (a question is a key, groups nest), `array` (a question is an item) or
    `lists` (keys and values in two lists). Several `paths`: an answer in a later one replaces
    that of an earlier one. `value` and `words` list expressions; the first that finds something
    counts. `each_of` is the list of values inside one item. `children` are nested items;
    with `full_keys` their key begins with their parents' keys. `in_subject`: the answers lie
    inside the young person's entry.
    """

    kind: str = "object"
    paths: tuple[Expression, ...] = ()
    key: Expression | None = None
    value: tuple[Expression, ...] = ()
    words: tuple[Expression, ...] = ()
    question: Expression | None = None
    row: Expression | None = None
    column: Expression | None = None
    each_of: Expression | None = None
    children: tuple[Expression, ...] = ()
    full_keys: bool = False
    in_subject: bool = False
    order_by: Expression | None = None
    words_from: WordsFrom | None = None
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """One test of `accept_if`: what `rule` finds must be one of `allowed`.

    `missing`: what becomes of a message that has nothing there, `unmapped` (IT looks) or `ignored`.
    """

    rule: Rule
    allowed: tuple[str, ...]
    missing: str = "unmapped"


@dataclass(frozen=True)
class EventBlock:
    """One shape of event (`events:`), and how each field of an event is found in it.

    A message has this shape where every test of `accept_if` holds, every place of `present`
    (`with:`) holds something and none of `lacking` (`without:`) does. `kind` says what happened.
    """

    kind: Rule
    envelope: Mapping[str, Rule]
    accept_if: tuple[Condition, ...] = ()
    present: tuple[Expression, ...] = ()
    lacking: tuple[Expression, ...] = ()


@dataclass(frozen=True)
class Requirement:
    """A part without which nothing can be read; `why` tells IT what its absence means."""

    path: Expression
    why: str


@dataclass(frozen=True)
class Select:
    """Which message is which form, and which messages are none."""

    form_type: Rule
    form_status: Rule | None = None
    accept_if: tuple[Condition, ...] = ()
    require: tuple[Requirement, ...] = ()


@dataclass(frozen=True)
class Subjects:
    """The young people a form is about: the entries at `path` that match `where`."""

    path: Expression
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    multiple: str = "each"


@dataclass(frozen=True)
class DeliveryId:
    """Where the host numbers its deliveries: a `header` or a `path` in the payload."""

    header: str | None = None
    path: Expression | None = None
