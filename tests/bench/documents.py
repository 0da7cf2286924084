"""Milliseconds per PDF beside an empty Typst page of the same kinds (PDF/A-2a, PDF/UA-1).

As a program (`python -m tests.bench.documents summary|empty COUNT`) it prints the seconds of each
of COUNT documents, the first one cold.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .figures import Figure, median
from .processes import ROOT
from .setting import Setting

EMPTY = b'#set document(title: "-")\n'
EMPTY_IS = "an empty Typst page of the same kinds"


def figures(of: Setting) -> list[Figure]:
    """Each in a process of its own, so that the first one is cold."""
    ours, empty = (_timed(what, of) for what in ("summary", "empty"))
    warm, least = (1000 * median(each[1:]) for each in (ours, empty))
    return [
        Figure("A case summary, warm", "ms", warm, least, EMPTY_IS),
        Figure(
            "The first case summary of a process", "ms", 1000 * ours[0], 1000 * empty[0], EMPTY_IS
        ),
    ]


def _timed(what: str, of: Setting) -> list[float]:
    asked = [sys.executable, "-m", "tests.bench.documents", what, str(of.size.documents + 1)]
    said = subprocess.run(asked, cwd=ROOT, env=of.environment, check=True, capture_output=True)
    seconds: list[float] = json.loads(said.stdout)
    return seconds


def _summaries() -> Callable[[], object]:
    """A maker of the summary of the FHIR example, the longest there is."""
    from connector.assembly import today
    from connector.dates import london_date
    from connector.mapping import translate
    from connector.pdf import render
    from connector.policy import decide
    from connector.policy.case import NOTHING_KNOWN
    from connector.profiles import load, packaged_folder
    from connector.summary import summarise
    from connector.validation import validate

    chosen = load(packaged_folder())
    sample = chosen.folder / "fhir" / "samples" / "post_21_assessment.json"
    reading = translate(chosen.hosts["fhir"], json.loads(Path(sample).read_text())).readings[0]
    form = validate(reading, today())
    day = london_date(form.envelope.completed_at) if form.envelope.completed_at else today()
    decision = decide(form, chosen.policy, chosen.working, day, NOTHING_KNOWN)
    summary = summarise(form, decision, reference="sub_bench", ordinal=1, replaces=None)
    return lambda: render(summary)


def _empty_pages() -> Callable[[], object]:
    fonts = None

    def make() -> object:
        import typst

        nonlocal fonts
        fonts = fonts or typst.Fonts(include_system_fonts=False)
        compiler = typst.Compiler(EMPTY, font_paths=fonts, ignore_system_fonts=True)
        return compiler.compile(pdf_standards=["a-2a", "ua-1"], timestamp=0)

    return make


def main(what: str, count: str) -> None:
    """Print the seconds of each document as JSON."""
    make = _summaries() if what == "summary" else _empty_pages()
    seconds = []
    for _ in range(int(count)):
        began = time.perf_counter()
        make()
        seconds.append(time.perf_counter() - began)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
