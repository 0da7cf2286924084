"""The case summary as a PDF: PDF/A-2a and PDF/UA-1, made by Typst from data.

Typst refuses a whole document for one character that no font has. So each unknown character is
tried once on a page of its own, and what cannot be printed appears as its number, [U+1F642];
the case note holds the whole text.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.summary import Summary, to_json

if TYPE_CHECKING:
    from typst import Fonts

_TEMPLATE = Path(__file__).with_name("case_summary.typ")
_PROBE = b'#set document(title: "-")\n#sys.inputs.summary #strong(sys.inputs.summary)'
_JOINERS = "\u200c\u200d"
_UNPRINTED = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def render(summary: Summary) -> bytes:
    """The PDF of a summary; the same summary always gives the same bytes.

    Any text prints. Nothing outside this folder is read and nothing is fetched.
    """
    completed_at = summary.completed_at
    made_at = int(datetime.fromisoformat(completed_at).timestamp()) if completed_at else 0
    content = to_json(summary)
    for printable in (_printable, _printable_word_by_word, _in_plain_letters):
        words = json.dumps(_each_text(content, printable))
        made = _compile(_template(), words, made_at)
        if made is not None:
            return made
    raise RuntimeError("Typst does not accept the template of the case summary.")


def _each_text(value: Any, printable: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_each_text(each, printable) for each in value]
    if isinstance(value, dict):
        return {key: _each_text(each, printable) for key, each in value.items()}
    return value


def _printable(text: str) -> str:
    """The text with what no embedded font has written as its number."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        cluster if cluster.isascii() or _prints(cluster) else _spelled_out(cluster)
        for cluster in _clusters(_clean(text))
    )


def _printable_word_by_word(text: str) -> str:
    """For marks that only fail beside each other: each word is tried as it stands."""
    lines = (line.split(" ") for line in _printable(text).split("\n"))
    return "\n".join(
        " ".join(word if _sets(word) else _in_plain_letters(word) for word in line)
        for line in lines
    )


def _in_plain_letters(text: str) -> str:
    """The text in letters of western Europe, all else as numbers."""
    return "".join(each if each <= "\u017f" else _number(each) for each in _clean(text))


def _clean(text: str) -> str:
    """Composed letters, one kind of line end, no control characters or hidden reordering."""
    composed = unicodedata.normalize("NFC", "\n".join(text.splitlines()).replace("\t", " "))
    return "".join(
        each
        for each in composed
        if each == "\n" or (unicodedata.category(each) != "Cc" and each not in _UNPRINTED)
    )


def _clusters(text: str) -> Iterator[str]:
    """Each letter with the marks that sit on it."""
    cluster = ""
    for each in text:
        if cluster and (unicodedata.category(each).startswith("M") or each in _JOINERS):
            cluster += each
            continue
        if cluster:
            yield cluster
        cluster = each
    if cluster:
        yield cluster


def _spelled_out(cluster: str) -> str:
    return "".join(
        each if each.isascii() or (n == 0 and _prints(each)) else _number(each)
        for n, each in enumerate(cluster)
        if each not in _JOINERS
    )


def _number(character: str) -> str:
    return f"[U+{ord(character):04X}]"


@lru_cache(maxsize=20_000)
def _prints(cluster: str) -> bool:
    """Whether an embedded font has this letter with its marks; asked of Typst once."""
    return _sets(cluster)


def _sets(text: str) -> bool:
    if any(_is_hopeless(each) for each in text):
        return False
    return text.isascii() or _compile(_PROBE, text, 0) is not None


def _is_hopeless(character: str) -> bool:
    """Not a letter at all, or one of the 100,000 ideographs and syllables no embedded font has."""
    return (
        unicodedata.category(character) in ("Cs", "Co", "Cn")
        or "\u3400" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ud7a3"
        or character >= "\U00020000"
    )


def _compile(template: bytes, words: str, made_at: int) -> bytes | None:
    """The document, or None where Typst refused it; its message holds answers and stays here."""
    import typst

    compiler = typst.Compiler(
        template,
        root=_TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"summary": words},
    )
    try:
        made = compiler.compile(pdf_standards=["a-2a", "ua-1"], timestamp=made_at)
    except typst.TypstError:
        return None
    return made if isinstance(made, bytes) else None


@cache
def _fonts() -> "Fonts":
    from typst import Fonts

    return Fonts(include_system_fonts=False)


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
