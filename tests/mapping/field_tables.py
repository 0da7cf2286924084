"""The tables of canonical fields in mappings/README.md, made from the schemas.

`python tests/mapping/field_tables.py` writes them into the README; a test compares.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from connector.mapping.inbound_schema import ENVELOPE_FIELDS
from connector.mapping.rule_checks import KIND_NAMES
from schemas import FORMS, Kind, Question
from schemas.choices import ACCOMMODATION, ACCOMMODATION_CODE, Choices

README = Path(__file__).parents[2] / "mappings" / "README.md"
START, END = "<!-- fields: made from the schemas -->\n", "<!-- end of fields -->"


def tables() -> str:
    """Envelope, then every form, then what their lists hold."""
    parts = ["\n### Envelope fields\n", *_table(ENVELOPE_FIELDS)]
    for name, form in FORMS.items():
        parts += [f"\n### Fields of {name}.yaml ({form.title})\n", *_table(form.questions)]
    return "\n".join(parts) + "\n"


def _table(questions: Mapping[str, Question]) -> Iterator[str]:
    yield "| field | kind | needed | meaning, and the codes of its list |"
    yield "|---|---|---|---|"
    for name, question in questions.items():
        if question.kind is Kind.YES_NO_BY_NAME:
            yield (
                "| `closure_…` | yes_no | | Any further question the council asks before closing: "
                "a field of your own whose name begins with `closure_`. Name it in policy.yaml, "
                "`closure_questions`, if it must be Yes |"
            )
            continue
        yield _line(f"`{name}`", question)
        for column, each in (question.columns or {}).items():
            yield _line(f"&nbsp;&nbsp;column `{column}`", each)


def _line(name: str, question: Question) -> str:
    kind = next(each for each, known in KIND_NAMES.items() if known is question.kind)
    needed = "yes" if question.required_by else ""
    codes = f": {_codes(question.choices)}" if question.choices else ""
    return f"| {name} | {kind} | {needed} | {question.label}{codes} |"


def _codes(choices: Choices) -> str:
    if choices is ACCOMMODATION_CODE:
        letters = ", ".join(f"`{code}` {words}" for code, words in ACCOMMODATION.items())
        return f"{letters}; each letter alone or with `1` suitable, `2` unsuitable; `0` Not known"
    return ", ".join(f"`{code}` {words}" for code, words in choices.items())


def written(text: str) -> str:
    """The README with its tables made afresh."""
    before, rest = text.split(START)
    return before + START + tables() + END + rest.split(END)[1]


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
