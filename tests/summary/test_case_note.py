"""The case note: the summary as plain text (DS-33)."""

from dataclasses import replace

import pytest
from completed_forms import AGREEMENT, ASSESSMENT, DECISIONS
from hypothesis import given
from hypothesis import strategies as st

from connector.model import CompletedForm, RecordedAnswer
from connector.summary import as_text, summarise
from connector.summary.note import without_contacts
from schemas import FORMS, Action, Kind, Party

TEXTS = {
    form_type: sorted(
        name for name, question in kind.questions.items() if question.kind is Kind.TEXT
    )
    for form_type, kind in FORMS.items()
}
OTHER_PEOPLES_CONTACTS = {"lead_social_worker_phone", "lead_social_worker_email"}


def note_of(form: CompletedForm) -> str:
    decision = DECISIONS[str(form.envelope.form_type)]
    return as_text(summarise(form, decision, reference="lcf-0001", ordinal=1, replaces=None))


def test_the_note_reads_from_top_to_bottom() -> None:
    note = note_of(ASSESSMENT)
    order = [
        "Post-21 assessment: case summary",
        "This is a summary of the post-21 assessment completed on 12 February 2026.",
        "Young person: Robin Sample (record 900456)",
        "What happens next\n- By 26 February 2026: Discuss keeping this case open (manager)",
        "Who took part",
        "How is your health? Waiting for counselling.",
        "- What: Chase counselling referral; Who: Personal adviser; By when: 13 March 2026",
        "Last known phone number: 07700 900456",
        "Points to check",
        "Made from the form completed on 12 February 2026 by Jo Adviser",
    ]
    places = [note.index(each) for each in order]
    assert places == sorted(places)


def test_the_lead_social_workers_contacts_stay_out_of_the_note() -> None:
    note = note_of(AGREEMENT)
    assert "01332 000000" not in note
    assert "sam.worker@example.gov.uk" not in note
    assert "Lead social worker: Sam Worker" in note


def test_the_familys_contacts_stay_out_of_the_note_and_their_words_stay_in() -> None:
    note = note_of(AGREEMENT)
    assert "07700 900123" not in note
    assert "pat@example.org" not in note
    assert "Comment from Pat Example: Happy with this. Ring me on (contact" in note


@pytest.mark.parametrize(
    "contact",
    [
        "01332 000000",
        "01332000000",
        "(01332) 000 000",
        "+44 7700 900123",
        "07700-900-123",
        "+48 22 123 45 67",
        "pat.example@post.example.org",
    ],
)
def test_a_phone_number_or_address_is_recognised(contact: str) -> None:
    left = without_contacts(f"Ring {contact}, after six.")
    assert left == "Ring (contact details left out of this note), after six."


@pytest.mark.parametrize(
    "harmless",
    ["on 01/10/2007", "on 2026-03-25", "01-10-2007", "room 0123456", "884213", "0 to 104 weeks"],
)
def test_dates_and_other_numbers_are_left_alone(harmless: str) -> None:
    assert without_contacts(harmless) == harmless


def test_looking_for_contacts_in_a_very_long_answer_takes_no_time() -> None:
    for hostile in ("a" * 60_000, "0 " * 30_000, "@" * 60_000, "a@" * 30_000):
        assert without_contacts(hostile)


@pytest.mark.parametrize("form", [AGREEMENT, ASSESSMENT], ids=["agreement", "assessment"])
@given(data=st.data())
def test_every_answer_of_a_form_is_in_the_note(form: CompletedForm, data: st.DataObject) -> None:
    words = st.text(min_size=1).filter(
        lambda said: bool(said.strip()) and said == without_contacts(said)
    )
    names = TEXTS[str(form.envelope.form_type)]
    said = data.draw(st.dictionaries(st.sampled_from(names), words, max_size=8))
    left_over = data.draw(words)
    filled = replace(
        form,
        answers=replace(form.answers, **said),
        also_recorded=(RecordedAnswer("A question", left_over),),
    )
    note = note_of(filled)
    assert left_over in note
    for name, answer in said.items():
        assert answer in note or name in OTHER_PEOPLES_CONTACTS


@given(name=st.text(min_size=1), role=st.text(min_size=1), comment=st.text(min_size=1))
def test_every_cell_of_the_agreement_table_is_in_the_note(
    name: str, role: str, comment: str
) -> None:
    row = Party(name=name, role=role, comment=comment, agreed="no")
    note = note_of(replace(AGREEMENT, answers=replace(AGREEMENT.answers, parties=(row,))))
    assert all(without_contacts(each) in note for each in (name, role, comment))


@given(what=st.text(min_size=1), owner=st.text(min_size=1))
def test_every_cell_of_the_actions_table_is_in_the_note(what: str, owner: str) -> None:
    row = Action(what=what, owner_name=owner, who="pa")
    note = note_of(replace(ASSESSMENT, answers=replace(ASSESSMENT.answers, actions=(row,))))
    assert what in note
    assert owner in note or owner.casefold() == "personal adviser"
