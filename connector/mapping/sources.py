"""Where a rule points in one payload: the answers there, unread."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from connector.mapping.answers import Answer
from connector.mapping.decoding import pieces
from connector.mapping.expressions import Expression
from connector.mapping.grids import Row, Table, picked, rows_of
from connector.mapping.language import Habits, Layout, Rule
from connector.mapping.layouts import answers_of, cell, is_cell
from connector.mapping.text import as_text


class Sources:
    """One payload and one young person's entry in it."""

    def __init__(
        self, payload: Any, subject: Any, layouts: Sequence[Layout], formats: Sequence[str]
    ) -> None:
        self._payload = payload
        self._subject = subject
        self.layout = next((each for each in layouts if each.kind == "object"), Layout())
        self.answers = answers_of(layouts, payload, subject, formats)
        self._tables: list[tuple[Rule, Table]] = []

    def at(self, rule: Rule, row: Row | None) -> Iterator[Answer]:
        """The answers a rule points at, blank ones too; of `first_of` the first answered."""
        if rule.where and row is None:
            yield from self._in_picked_rows(rule)
            return
        for each in rule.members:
            found = list(self.at(each, row))
            yield from found
            if rule.first_of and not all(answer.is_blank for answer in found):
                return
        if rule.key is not None:
            yield from self.keyed(rule.key, row)
        elif rule.constant is not None:
            yield Answer("", rule.constant)
        elif rule.row_number and row:
            yield Answer("", row.number)
        yield from self._searched(rule, row)

    def table(self, rule: Rule) -> Table:
        """The grid a rule speaks of. One grid is read once, so that its cells stay the same."""
        if rule.rows_of is None:
            return Table(tuple(rows_of(rule, (), self.layout, self.answers)[0]), (), ())
        place = _place(rule.rows_of)
        known = next((table for read, table in self._tables if read == place), None)
        if known is None:
            sources = tuple(self.at(rule.rows_of, None))
            rows, unread = rows_of(rule, sources, self.layout, self.answers)
            known = Table(tuple(rows), unread, sources)
            self._tables.append((place, known))
        return known.for_rule(rule)

    def tables(self, but_for: Collection[Rule] = ()) -> Iterator[tuple[str, Table]]:
        """Every grid that was read by `rows_of`, with its name, but for those of these rules."""
        passed_over = [_place(each) for each in but_for]
        for rule, table in self._tables:
            places = (rule.path, rule.subject)
            if rule not in passed_over:
                yield rule.key or next((each.text for each in places if each), ""), table

    def _in_picked_rows(self, rule: Rule) -> Iterator[Answer]:
        """The cells in the rows that `where` picks; they stand for the cells it looks at too."""
        table = self.table(rule)
        inner = replace(rule, where={}, rows_of=None)
        whole = tuple(used for each in table.sources for used in (each, *each.covers))
        for row in picked(rule.where, table.rows):
            looked_at = [cell for key in rule.where for cell in row.find(key)]
            if rule.in_row:
                heads = rule.in_row.heads
                looked_at += [each for each in row.cells if each.key.split(".")[0] in heads]
            for answer in self.at(inner, row):
                yield replace(answer, covers=(answer, *answer.covers, *looked_at, *whole))

    def keyed(self, key: str, row: Row | None) -> tuple[Answer, ...]:
        """The answers with this key, in the row where there is one."""
        return row.find(key) if row else self.answers.find(key)

    def everywhere(self, rule: Rule, row: Row | None) -> Iterator[Answer]:
        """The answers at every place a rule names."""
        if not rule.members:
            yield from self.at(rule, row)
        for each in rule.members:
            yield from self.everywhere(each, row)

    def prepared(self, rule: Rule) -> Iterator[Answer]:
        """What a rule points at, as text: with its text verbs, not yet understood."""
        for each in rule.members:
            yield from self.prepared(each)
        for answer in () if rule.members else self.at(rule, None):
            yield from prepared(rule, answer)

    def _searched(self, rule: Rule, row: Row | None) -> Iterator[Answer]:
        if rule.path is not None:
            yield from self._found(rule.path, self._payload)
        elif rule.subject is not None:
            yield from self._found(rule.subject, self._subject)
        elif rule.in_row is not None and row:
            yield from self._found(rule.in_row, row.raw)

    def _found(self, path: Expression, root: Any) -> Iterator[Answer]:
        node = path.find(root)
        several = isinstance(node, list) and not any(isinstance(e, list | dict) for e in node)
        for each in node if several else [node]:
            if is_cell(each, self.layout):
                yield from cell(each, path.text, self.layout)
            else:
                yield Answer(path.text, each)


def _place(rule: Rule) -> Rule:
    return replace(rule, habits=Habits())


def prepared(rule: Rule, answer: Answer) -> Iterator[Answer]:
    """An answer with the text verbs applied: take, split, strip_prefix, extract."""
    if rule.take == "words":
        answer = replace(answer, value=answer.words)
    parts = list(pieces(rule.split, answer)) if rule.split else [answer]
    for part in parts:
        yield _cut(rule, part) if rule.strip_prefix or rule.extract else part


def _cut(rule: Rule, answer: Answer) -> Answer:
    texts = [each for each in (as_text(answer.value), (answer.words or "").strip()) if each]
    for text in texts:
        for prefix in rule.strip_prefix:
            if text.casefold().startswith(prefix.casefold()):
                text = text[len(prefix) :]
                break
        cut = rule.extract.find(text) if rule.extract else text
        if cut:
            return replace(answer, value=cut.strip(), words=None if rule.extract else answer.words)
    return replace(answer, value=None, words=None)
