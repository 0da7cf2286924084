"""A choice is the same however its code or label is written."""

from collections.abc import Callable

import pytest

from connector.mapping.answers import Answer
from connector.mapping.decoding import decode
from connector.mapping.language import Rule
from schemas import FORMS, Kind, Question

WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "with spaces around": lambda text: f"  {text}\t",
    "with hard spaces": lambda text: text.replace(" ", "\u00a0"),
    "with a full stop": lambda text: f"{text}.",
    "with a line break": lambda text: f"{text}\r\n",
    "with curly quotes": lambda text: text.replace("'", "’"),
    "with an ampersand": lambda text: text.replace(" and ", " & "),
}
ROUND_LABELS: dict[str, Callable[[str], str]] = {
    "numbered 2.": lambda text: f"2. {text}",
    "numbered 2 -": lambda text: f"2 - {text}",
    "numbered 2)": lambda text: f"2) {text}",
    "numbered 2:": lambda text: f"2: {text}",
    "with a word in brackets": lambda text: f"{text} (see notes)",
}


def choices() -> list[tuple[str, Question]]:
    found = []
    for form in FORMS.values():
        for name, question in form.questions.items():
            columns = (question.columns or {}).items()
            found += [(name, question), *((c, each) for c, each in columns)]
    return [(n, q) for n, q in found if q.kind in (Kind.CHOICE, Kind.CHOICES) and q.choices]


@pytest.mark.parametrize(("name", "question"), choices(), ids=lambda each: str(each)[:40])
def test_codes_and_labels_are_known_in_any_spelling(name: str, question: Question) -> None:
    for code, label in (question.choices or {}).items():
        texts = [write(text) for write in WRITTEN.values() for text in (code, label)]
        texts += [write(label) for write in ROUND_LABELS.values()]
        for text in texts:
            decoded = decode(name, question, Rule(), Answer("", text))
            assert decoded, text
            assert (decoded.value, text) == (code, text)
