"""The PDF of a case summary: accessible, lasting, whole, whatever the answers hold."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from completed_forms import AGREEMENT, ASSESSMENT, DECISIONS, EVERY_FORM
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from connector import pdf
from connector.model import CompletedForm
from connector.summary import Summary, summarise
from schemas import Action, Party

EACH = pytest.mark.parametrize("form", EVERY_FORM.values(), ids=EVERY_FORM)


def summary_of(form: CompletedForm) -> Summary:
    decision = DECISIONS[str(form.envelope.form_type)]
    return summarise(form, decision, reference="lcf-0001", ordinal=2, replaces=1)


def saying(answer: str) -> Summary:
    """An assessment with `answer` as its answer on health."""
    answers = replace(ASSESSMENT.answers, area_health_summary=answer)
    return summary_of(replace(ASSESSMENT, answers=answers))


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def text_of(made: bytes) -> str:
    """The text in reading order, one space between words."""
    return " ".join(" ".join(page.extract_text() for page in read(made).pages).split())


def tags_of(made: bytes) -> list[str]:
    """The kinds of the structure elements in reading order."""
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, ArrayObject):
            for each in node:
                walk(each)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K"))

    walk(read(made).root_object["/StructTreeRoot"])
    return found


@EACH
def test_it_is_tagged_titled_and_in_british_english(form: CompletedForm) -> None:
    reader = read(pdf.render(summary_of(form)))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"] is not False
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == summary_of(form).title


@EACH
def test_it_says_that_it_is_pdf_a_2a_and_pdf_ua_1(form: CompletedForm) -> None:
    metadata = read(pdf.render(summary_of(form))).root_object["/Metadata"].get_data().decode()
    for each in (
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert each in metadata


@EACH
def test_headings_skip_no_level_and_tables_have_header_cells(form: CompletedForm) -> None:
    tags = tags_of(pdf.render(summary_of(form)))
    levels = [int(each[2:]) for each in tags if each in ("/H1", "/H2", "/H3", "/H4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert tags.count("/TH") == (4 if form in (AGREEMENT, ASSESSMENT) else 0)
    assert "/L" in tags


@EACH
def test_it_is_a4_small_and_counts_its_pages(form: CompletedForm) -> None:
    made = pdf.render(summary_of(form))
    reader = read(made)
    assert len(made) < 200_000
    assert 1 <= len(reader.pages) <= 3
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {
        (595, 842)
    }
    assert f"Page 1 of {len(reader.pages)}" in text_of(made)


@EACH
def test_every_font_is_inside_the_document(form: CompletedForm) -> None:
    for page in read(pdf.render(summary_of(form))).pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            described = inner.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(described)


def test_the_text_stands_in_reading_order() -> None:
    text = text_of(pdf.render(summary_of(AGREEMENT)))
    order = [
        "Tailored-support agreement: case summary",
        "Young person: Alex Example (record 400123)",
        "Replaces version 1 of this tailored-support agreement",
        "What happens next",
        "By 14 April 2026: Give the family",
        "Who took part",
        "Lead social worker's phone: 01332 000000",
        "A: How do you know? Alex does not tell workers apart",
        "Name Role Agreed Date Sam Worker Adult social worker (Professional) Yes 24 March 2026 Pat",
        "Comment from Pat Example: Happy with this.",
        "What visits have been agreed, and with whom? No regular visits.",
        "Points to check",
        "Preferred name: Al",
    ]
    places = [text.index(each) for each in order]
    assert places == sorted(places)


def test_the_same_summary_gives_the_same_bytes_also_in_another_process() -> None:
    made = pdf.render(summary_of(ASSESSMENT))
    assert made == pdf.render(summary_of(ASSESSMENT))
    program = (
        "import sys; from completed_forms import ASSESSMENT as form, ASSESSMENT_DECISION as made\n"
        "from connector import pdf, summary\n"
        "it = summary.summarise(form, made, reference='lcf-0001', ordinal=2, replaces=1)\n"
        "sys.stdout.buffer.write(pdf.render(it))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parent,
    )
    assert elsewhere.stdout == made


def test_its_date_is_the_forms_own() -> None:
    metadata = read(pdf.render(summary_of(ASSESSMENT))).metadata
    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.isoformat().startswith("2026-02-12T16:40")
    undated = replace(summary_of(ASSESSMENT), completed_at=None)
    assert pdf.render(undated) == pdf.render(undated)


def test_markup_in_an_answer_prints_as_it_was_typed() -> None:
    typed = r"#emph[x] $x^2$ @ref <a> \u{1F600} `raw` *b* _i_ // c #read(file) = H -- ... ~ \ 'q'"
    assert typed in text_of(pdf.render(saying(typed)))


@pytest.mark.parametrize(
    "words",
    ["Llŷr Ŵyn â ê î ô", "Łódź żółć", "Ελληνικά", "Кириллица", "Nguyễn Việt", "Ağrı İzmir", "½ €5"],
)
def test_names_from_many_places_print(words: str) -> None:
    assert words in text_of(pdf.render(saying(words)))


@pytest.mark.parametrize("words", ["שלום", "שָׁלוֹם", "السلام عليكم", "हिन्दी क्षत्रिय"])
def test_hebrew_arabic_and_hindi_print_without_numbers(words: str) -> None:
    assert "[U+" not in text_of(pdf.render(saying(words)))


def test_what_no_font_has_prints_as_its_number() -> None:
    text = text_of(pdf.render(saying("Smile 🙂 and 中.")))
    assert "Smile [U+1F642] and [U+4E2D]." in text


def test_letters_typed_in_two_parts_print_as_one() -> None:
    assert "Llŷr" in text_of(pdf.render(saying("Lly\u0302r")))


def test_control_characters_and_hidden_reordering_are_dropped() -> None:
    assert "a b cd" in text_of(pdf.render(saying("a\x00\x07 b\u202e c\x1bd\ufeff")))


def test_lines_of_an_answer_stay_lines() -> None:
    made = pdf.render(saying("First line.\r\n\r\nSecond line.\nThird line."))
    pages = [page.extract_text() for page in read(made).pages]
    lines = [line.strip() for page in pages for line in page.splitlines()]
    assert {"First line.", "Second line.", "Third line."} <= set(lines)


def test_a_very_long_answer_flows_over_pages_and_loses_nothing() -> None:
    words = [f"word{n}" for n in range(5_500)]
    made = pdf.render(saying(" ".join(words)))
    text = text_of(made)
    assert len(read(made).pages) > 10
    assert set(words) <= set(text.split())


def test_a_word_wider_than_the_page_is_broken_and_stays_on_it() -> None:
    word = "abcdefghij" * 40
    made = pdf.render(saying(word))
    assert word in text_of(made).replace(" ", "")


def test_a_word_wider_than_its_column_is_broken_too() -> None:
    long = "Reinsuranceadministrationoffice" * 2
    answers = replace(ASSESSMENT.answers, actions=(Action(what=long, who="pa", owner_name=long),))
    made = pdf.render(summary_of(replace(ASSESSMENT, answers=answers)))
    assert text_of(made).replace(" ", "").count(long) == 2


@settings(deadline=None, max_examples=60)
@given(words=st.text(max_size=200))
@example(words="\u0301")
@example(words="א\u0951 a\u0331\u0951\u05b0 ж\u0951")
@example(words="\ue000\uffff\U000e0061\U0010ffff")
@example(words="\u200d\u200c\ufe0f\u2028\u2029\x85\x0b")
@example(words="क\u094d\u200d" * 30)
def test_any_text_prints(words: str) -> None:
    assert pdf.render(saying(words)).startswith(b"%PDF-1.7")


@settings(deadline=None, max_examples=25)
@given(words=st.text(alphabet=st.characters(categories=("L", "M", "N", "Zs", "Cf")), max_size=80))
def test_any_letters_and_marks_print_in_a_table_too(words: str) -> None:
    row = Party(name=words, role=words, comment=words, agreed="yes")
    answers = replace(AGREEMENT.answers, parties=(row,))
    assert pdf.render(summary_of(replace(AGREEMENT, answers=answers)))


def test_marks_that_fail_only_beside_each_other_cost_that_word_and_no_other() -> None:
    quarrelling = "\u03ff\u0698\u21eb\u200d\u2659\u276a\u04c5\u1dc8"
    text = text_of(pdf.render(saying(f"हिन्दी {quarrelling} Łódź\n\nend")))
    assert "[U+04C5][U+1DC8] Łódź end" in text
    assert "[U+0939]" not in text


def test_half_a_character_prints_as_its_number() -> None:
    assert "[U+D83D]" in text_of(pdf.render(saying("half \ud83d smile")))


def test_several_threads_may_render_at_once() -> None:
    summaries = [saying(f"Answer {n} ŵ 🙂 हि") for n in range(24)]
    with ThreadPoolExecutor(max_workers=6) as pool:
        at_once = list(pool.map(pdf.render, summaries))
    assert at_once == [pdf.render(each) for each in summaries]


def test_the_template_fetches_and_reads_nothing() -> None:
    template = Path(pdf.__file__).with_name("case_summary.typ").read_text(encoding="utf-8")
    for each in ("#import", "#include", "read(", "image(", "eval(", "plugin("):
        assert each not in template


def test_typst_is_not_loaded_before_the_first_document() -> None:
    program = "import sys, connector.pdf; sys.exit('typst' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
