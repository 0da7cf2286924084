"""Reads canonical fields off one payload for one young person, and notes what it has used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connector.mapping.answers import Answer
from connector.mapping.decoding import Decoded, decode, decode_several, is_among, says_nothing
from connector.mapping.grids import Row, picked
from connector.mapping.language import Habits, Layout, Rule
from connector.mapping.sources import Sources, prepared
from connector.mapping.text import listed
from connector.model import Fault, FaultKind
from schemas import Kind, Question

_TICK = Question("", Kind.YES_NO)


@dataclass(frozen=True)
class Found:
    """What a field turned out to be: a value (None: blank), its faults, the host's own question.

    `answered`: somebody typed it; it is neither a constant nor a default.
    """

    value: Any = None
    faults: tuple[Fault, ...] = ()
    label: str | None = None
    answered: bool = False
    column_labels: tuple[tuple[str, str], ...] = ()


class Reader:
    """One payload, one young person. `used` and `grids` tell what was read.

    `used` is by the identity of an answer, and holds it so that an identity stays its own.
    """

    def __init__(
        self, payload: Any, subject: Any, layouts: Sequence[Layout], formats: Sequence[str] = ()
    ) -> None:
        self.sources = Sources(payload, subject, layouts, formats)
        self.used: dict[int, Answer] = {}
        self.grids: list[tuple[str, Sequence[Row]]] = []

    def field(self, name: str, question: Question, rule: Rule) -> Found:
        """One canonical field, with everything that could not be understood."""
        if question.kind is Kind.ROWS:
            return self._grid(name, question, rule)
        return self._single(name, name, question, rule, None)

    def _single(
        self, field: str, name: str, question: Question, rule: Rule, row: Row | None
    ) -> Found:
        asked = (each.question for each in self.sources.everywhere(rule, row) if each.question)
        label = rule.label or next(asked, None)
        decoded = self._decoded(name, question, rule, row)
        answered = bool(decoded) and not rule.fixed
        if not decoded and rule.default is not None:
            plain_rule = replace(rule, invert=False, map={})
            decoded = [*decode_several(name, question, plain_rule, Answer("", rule.default))]
        value, faults = _combined(field, question, rule, decoded)
        return Found(value, faults, label, answered)

    def _decoded(self, name: str, question: Question, rule: Rule, row: Row | None) -> list[Decoded]:
        if rule.ticked:
            return self._ticked(rule, row)
        if rule.has or (rule.join is not None and question.kind is not Kind.TEXT):
            return self._as_one(name, question, rule, row)
        for each in rule.first_of:
            if found := self._decoded(name, question, each, row):
                return found
        if rule.members:
            return [d for each in rule.all_of for d in self._decoded(name, question, each, row)]
        answers = list(self.sources.at(rule, row))
        self._use(answers)
        if rule.in_row and row:
            heads = rule.in_row.heads
            self._use([each for each in row.cells if each.key.split(".")[0] in heads])
        return [
            decoded
            for answer in answers
            for part in prepared(rule, answer)
            for decoded in decode_several(name, question, rule, part)
        ]

    def _as_one(self, name: str, question: Question, rule: Rule, row: Row | None) -> list[Decoded]:
        """All answers as one: `has` asks whether one is among them, `join` puts them together."""
        parts = [each for each in self._parts(rule, row) if not says_nothing(rule, each)]
        if not parts:
            return []
        words = [each.words for each in parts if each.words]
        mark = rule.join or ""
        one = replace(
            parts[0],
            value=is_among(rule, parts) if rule.has else mark.join(each.text for each in parts),
            words=mark.join(words) if len(words) == len(parts) and not rule.has else None,
        )
        understood = replace(rule, map={}, otherwise=None, habits=Habits()) if rule.has else rule
        return list(decode_several(name, question, understood, one))

    def _parts(self, rule: Rule, row: Row | None) -> list[Answer]:
        """Every answer at a rule's places with its text verbs applied; blank ones left out."""
        found: list[Answer] = []
        for each in rule.members:
            found += self._parts(each, row)
            if found and rule.first_of:
                return found
        if not rule.members:
            answers = list(self.sources.at(rule, row))
            self._use(answers)
            found = [part for each in answers for part in prepared(rule, each)]
        return [each for each in found if not each.is_blank]

    def _use(self, answers: Iterable[Answer]) -> None:
        for each in answers:
            self.used.update((id(used), used) for used in (each, *each.covers))

    def _ticked(self, rule: Rule, row: Row | None) -> list[Decoded]:
        boxes: list[Decoded] = []
        plain_rule = Rule(habits=rule.habits)
        for key, code in rule.ticked.items():
            answers = self.sources.keyed(key, row)
            self._use(answers)
            for answer in answers:
                tick = decode(key, _TICK, plain_rule, answer)
                if tick and (tick.value or tick.fault):
                    boxes.append(replace(tick, value=None if tick.fault else code, typed=code))
        return boxes

    def _grid(self, name: str, question: Question, rule: Rule) -> Found:
        kept: list[dict[str, Any]] = []
        faults: list[Fault] = []
        labels: dict[str, str] = {}
        for part in rule.members or (rule,):
            table = self.sources.table(part)
            self._use(table.sources)
            if not any(rows is table.rows for _, rows in self.grids):
                faults += [Fault(name, FaultKind.WRONG_KIND, each) for each in table.unread]
            self.grids.append((name, table.rows))
            for row in picked(part.where, table.rows):
                self._use(cell for key in part.where for cell in row.find(key))
                cells = self._row(f"{name}[{len(kept) + 1}]", question, part, row)
                for column, each in cells.items():
                    if each.label:
                        labels.setdefault(f"{name}.{column}", each.label)
                if any(_says_something(column, each) for column, each in cells.items()):
                    kept.append({c: f.value for c, f in cells.items() if f.value is not None})
                    faults += [fault for each in cells.values() for fault in each.faults]
        return Found(kept or None, tuple(faults), rule.label, bool(kept), tuple(labels.items()))

    def _row(self, place: str, question: Question, rule: Rule, row: Row) -> dict[str, Found]:
        columns = question.columns or {}
        return {
            column: self._single(f"{place}.{column}", column, columns[column], each, row)
            for column, each in rule.columns.items()
            if column in columns
        }


def _says_something(column: str, cell_found: Found) -> bool:
    """Whether a cell makes its row an answered one: a row's number and an unticked box do not."""
    return cell_found.answered and column != "row_id" and cell_found.value is not False


def _combined(
    field: str, question: Question, rule: Rule, decoded: Sequence[Decoded]
) -> tuple[Any, tuple[Fault, ...]]:
    """One value out of what was decoded: a list for several choices, else exactly one."""
    different = list({_same(each): each for each in decoded}.values())
    wrong = [each for each in different if each.fault]
    if question.kind is Kind.CHOICES:
        codes = [each.value for each in different if not each.fault]
        return codes or None, tuple(_fault(field, question, each) for each in wrong)
    if len(different) <= 1:
        faults = tuple(_fault(field, question, each) for each in wrong)
        return (different[0].value if different else None), faults
    typed = listed(each.typed for each in different)
    if question.kind is Kind.TEXT and rule.join is not None and not wrong:
        return rule.join.join(each.value for each in different), ()
    return None, (Fault(field, FaultKind.SEVERAL, typed, allowed(question)),)


def _same(decoded: Decoded) -> tuple[str, Any]:
    return ("wrong", decoded.typed) if decoded.fault else ("right", decoded.value)


def _fault(field: str, question: Question, decoded: Decoded) -> Fault:
    kind = decoded.fault or FaultKind.WRONG_KIND
    return Fault(field, kind, decoded.typed, allowed(question))


def allowed(question: Question) -> tuple[str, ...]:
    """The words that would do, for a message."""
    if question.kind is Kind.YES_NO:
        return ("Yes", "No")
    return tuple((question.choices or {}).values())
