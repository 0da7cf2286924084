"""The two tables of a case summary: who agreed, and what will be done."""

from collections.abc import Iterable

from connector.dates import in_words as date_in_words
from connector.model import CompletedForm
from connector.summary.blocks import Answer, Answers, Block, InNote, Table
from schemas import Action, Form, Party, Post21Assessment, TailoredSupportAgreement
from schemas.choices import (
    ACTION_OWNER,
    PARTY_TYPE,
    TYPE_OF_SUPPORT,
    YES_NO_NOT_ASKED,
    Choices,
)

_BLANK = "Not given"


def grid(form: CompletedForm, title: str) -> tuple[Block, ...]:
    """The table of a form under its question, and what fits no column; empty without rows."""
    answers = form.answers
    if isinstance(answers, TailoredSupportAgreement):
        return _parties(title, answers.parties)
    return _actions(title, answers.actions) if isinstance(answers, Post21Assessment) else ()


def parties_in_words(answers: Form) -> str:
    """Everyone of the agreement table in one line: Sam Worker (Adult social worker)."""
    parties = answers.parties if isinstance(answers, TailoredSupportAgreement) else ()
    return ", ".join(_with(each.name or "", each.role or _kind(each)) for each in parties)


def _parties(title: str, parties: tuple[Party, ...]) -> tuple[Block, ...]:
    if not parties:
        return ()
    rows = tuple(
        (
            each.name or _BLANK,
            _with(each.role or "", _kind(each)) or _BLANK,
            _one_of(YES_NO_NOT_ASKED, each.agreed) or "Not asked",
            date_in_words(each.agreed_on) if each.agreed_on else _BLANK,
        )
        for each in parties
    )
    table = Table(title, ("Name", "Role", "Agreed", "Date"), rows, InNote.WITHOUT_CONTACTS)
    comments = tuple(_comments(parties))
    return (table, Answers(comments)) if comments else (table,)


def _comments(parties: tuple[Party, ...]) -> Iterable[Answer]:
    for each in parties:
        if each.comment:
            who = each.name or each.role or _kind(each) or "someone else"
            yield Answer(f"Comment from {who}", each.comment, InNote.WITHOUT_CONTACTS)


def _actions(title: str, actions: tuple[Action, ...]) -> tuple[Block, ...]:
    if not actions:
        return ()
    rows = tuple(_action(each) for each in actions)
    return (Table(title, ("What", "Who", "By when", "Done"), rows),)


def _action(action: Action) -> tuple[str, ...]:
    return (
        _with(action.what or _BLANK, _one_of(TYPE_OF_SUPPORT, action.area)),
        _with(_one_of(ACTION_OWNER, action.who), action.owner_name or "") or _BLANK,
        date_in_words(action.due_on) if action.due_on else _BLANK,
        {True: "Yes", False: "No", None: "Not yet"}[action.done],
    )


def _kind(party: Party) -> str:
    return _one_of(PARTY_TYPE, party.party_type)


def _with(first: str, second: str) -> str:
    if not first or not second or first.casefold() == second.casefold():
        return first or second
    return f"{first} ({second})"


def _one_of(choices: Choices, code: str | None) -> str:
    return choices.get(code, code) if code else ""
