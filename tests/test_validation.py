"""From a reading to a typed form: what is wrong is said in plain English, question by question."""

import re
from datetime import date
from typing import Any

import pytest

from connector.model import (
    CompletedForm,
    Fault,
    FaultKind,
    Problem,
    Reading,
    RecordedAnswer,
    Severity,
)
from connector.validation import validate, with_problems
from schemas import FORMS, EnvelopeSchema, questions_of

AS_OF = date(2026, 2, 12)
ENVELOPE = {
    "submission_id": "5520187",
    "completed_at": "2026-02-12T16:40:00+00:00",
    "completed_by_id": "20931",
    "person_id": "900456",
    "date_of_birth": "2005-05-10",
}
ANSWERS = {
    "assessment_type": "approaching_21",
    "assessor_role": "allocated_pa",
    "assessor_id": "20931",
    "took_part": "yes",
    "young_adult_agrees": "yes",
    **{
        f"area_{name}_summary": "Nothing to report."
        for name in (
            "accommodation",
            "health",
            "education_training_employment",
            "financial",
            "identity",
            "family_relationships",
        )
    },
    "level_of_support": "light",
    "outcome": "remain_open",
}


def a_reading(
    faults: tuple[Fault, ...] = (), labels: dict[str, str] | None = None, **changes: Any
) -> Reading:
    values = {**ENVELOPE, **ANSWERS, **changes}
    known = {name: value for name, value in values.items() if value is not None}
    return Reading("council", "post_21_assessment", known, faults, labels or {})


def validated(
    *faults: Fault, labels: dict[str, str] | None = None, **changes: Any
) -> CompletedForm:
    return validate(a_reading(faults, labels, **changes), AS_OF)


def listed(form: CompletedForm) -> list[tuple[str, str]]:
    return [(problem.rule, str(problem.severity)) for problem in form.problems]


def only(form: CompletedForm) -> Problem:
    (problem,) = form.problems
    return problem


def test_a_complete_reading_becomes_a_typed_form_with_nothing_to_remark() -> None:
    form = validated()
    assert form.problems == ()
    assert form.unreadable == frozenset()
    assert form.envelope.date_of_birth == date(2005, 5, 10)
    assert form.envelope.form_status == "completed"
    assert form.envelope.submission_version == "1"


@pytest.mark.rules("EN-01")
@pytest.mark.parametrize("name", ["submission_id", "completed_at", "completed_by_id", "person_id"])
def test_what_the_message_itself_must_carry_is_asked_of_the_systems_team(name: str) -> None:
    problem = only(validated(**{name: None}))
    assert (problem.rule, problem.severity) == ("EN-01", Severity.ERROR)
    assert problem.message.endswith("Ask the systems team to check it.")


@pytest.mark.rules("EN-02")
@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (None, [("EN-02", "E")]),
        ("1900-01-01", [("EN-02", "E")]),
        ("1900-01-02", []),
        ("2026-02-12", []),
        ("2026-02-13", [("EN-02", "E")]),
    ],
)
def test_a_date_of_birth_is_known_and_possible(
    born: str | None, expected: list[tuple[str, str]]
) -> None:
    form = validated(date_of_birth=born)
    assert listed(form) == expected
    if expected:
        assert form.envelope.date_of_birth is None


@pytest.mark.rules("EN-03")
def test_a_date_that_does_not_exist_is_quoted_with_its_question() -> None:
    typed = Fault("manager_discussion_on", FaultKind.NOT_A_DATE, "31/02/2026")
    form = validated(typed, labels={"manager_discussion_on": "Discussed on"})
    assert only(form) == Problem(
        "EN-03",
        Severity.ERROR,
        "31/02/2026 is not a real date. Check “Discussed on”.",
        "Discussed on",
    )
    assert form.unreadable == {"manager_discussion_on"}


@pytest.mark.rules("EN-03")
def test_a_date_of_birth_that_does_not_exist_is_not_called_missing_too() -> None:
    fault = Fault("date_of_birth", FaultKind.NOT_A_DATE, "30/02/2005")
    assert listed(validated(fault, date_of_birth=None)) == [("EN-03", "E")]


@pytest.mark.rules("EN-04")
@pytest.mark.parametrize(
    ("completed_at", "expected"),
    [
        ("2026-02-13T23:59:00+00:00", []),
        ("2026-02-14T00:00:00+00:00", [("EN-04", "E")]),
    ],
)
def test_a_form_may_be_completed_at_most_a_day_ahead(
    completed_at: str, expected: list[tuple[str, str]]
) -> None:
    assert listed(validated(completed_at=completed_at)) == expected


@pytest.mark.rules("EN-04")
def test_the_day_of_completion_is_londons() -> None:
    late_evening = a_reading(completed_at="2026-06-30T23:30:00Z", assessment_date="2026-07-01")
    assert validate(late_evening, date(2026, 7, 1)).problems == ()


@pytest.mark.rules("EN-05")
def test_an_unknown_choice_is_quoted_with_the_words_that_would_do() -> None:
    fault = Fault("took_part", FaultKind.UNKNOWN_CHOICE, "maybe", ("Yes", "Partly"))
    form = validated(fault, took_part=None, labels={"took_part": "Took part?"})
    assert only(form) == Problem(
        "EN-05",
        Severity.ERROR,
        "“maybe” is not one of the choices for “Took part?”. Choose one of: Yes, Partly.",
        "Took part?",
    )


@pytest.mark.rules("EN-05", "DC-20")
def test_an_outcome_that_is_no_choice_is_told_apart_from_none() -> None:
    fault = Fault("outcome", FaultKind.UNKNOWN_CHOICE, "5")
    assert listed(validated(fault, outcome=None)) == [("EN-05", "E")]
    assert listed(validated(outcome=None)) == [("DC-20", "E")]


@pytest.mark.rules("DC-20")
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1 and 3", "Choose one outcome. Two are ticked: 1 and 3."),
        ("1, 2 and 3", "Choose one outcome. Three are ticked: 1, 2 and 3."),
        ("1, 2, 3 and 4", "Choose one outcome. Four are ticked: 1, 2, 3 and 4."),
        (
            "Case closed and Complex needs",
            "Choose one outcome. Two are ticked: Case closed and Complex needs.",
        ),
        (
            "Help and talk and End it",
            "Choose one outcome. Several are ticked: Help and talk and End it.",
        ),
    ],
)
def test_several_outcomes_are_sent_back(typed: str, message: str) -> None:
    problem = only(validated(Fault("outcome", FaultKind.SEVERAL, typed), outcome=None))
    assert (problem.rule, problem.severity, problem.message) == ("DC-20", Severity.ERROR, message)


@pytest.mark.rules("EN-06")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("assessment_type", "Answer “Why is this assessment being done?”."),
        ("assessor_id", "Fill in “Assessor”."),
    ],
)
def test_a_required_answer_left_blank_is_asked_for(name: str, message: str) -> None:
    problem = only(validated(**{name: None}))
    assert (problem.rule, problem.severity, problem.message) == ("EN-06", Severity.ERROR, message)


@pytest.mark.rules("EN-06")
def test_blank_text_counts_as_no_answer() -> None:
    assert listed(validated(assessor_id="")) == [("EN-06", "E")]


@pytest.mark.rules("EN-07")
@pytest.mark.parametrize(
    ("held", "expected"),
    [("2005-05-10", []), (None, []), ("2005-10-05", [("EN-07", "H")])],
)
def test_a_date_of_birth_other_than_the_records_holds_the_form(
    held: str | None, expected: list[tuple[str, str]]
) -> None:
    form = validated(date_of_birth_on_record=held)
    assert listed(form) == expected
    assert form.envelope.date_of_birth == date(2005, 5, 10)


@pytest.mark.rules("EN-08", "EN-09")
@pytest.mark.parametrize(("rule", "severity"), [("EN-08", "H"), ("EN-09", "W")])
def test_what_was_noticed_on_the_way_is_kept(rule: str, severity: str) -> None:
    note = Problem(rule, Severity(severity), "Something to check.")
    values = {**ENVELOPE, **ANSWERS}
    read = Reading("council", "post_21_assessment", values, notes=(note,))
    assert listed(validate(read, AS_OF)) == [(rule, severity)]
    assert listed(with_problems(validated(), note)) == [(rule, severity)]


@pytest.mark.rules("EN-10")
@pytest.mark.parametrize(
    "fault",
    [
        Fault("took_part", FaultKind.SEVERAL, "Yes and Partly"),
        Fault("wants_access", FaultKind.WRONG_KIND, "perhaps"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_quoted(fault: Fault) -> None:
    problem = only(validated(fault, **{fault.field: None}))
    assert (problem.rule, problem.severity) == ("EN-10", Severity.ERROR)
    assert fault.typed in problem.message


@pytest.mark.rules("EN-10")
@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("outcome", "close", "EN-05"),
        ("types_of_support", ["health", "wealth"], "EN-05"),
        ("wants_access", "yes", "EN-10"),
        ("requested_on", "12/02/2026", "EN-10"),
        ("completed_at", "2026-02-12T16:40:00", "EN-10"),
        ("person_id", "9" * 37, "EN-10"),
        ("actions", "none", "EN-10"),
    ],
)
def test_a_value_that_slipped_past_the_mapping_is_listed_and_left_out(
    name: str, value: object, rule: str
) -> None:
    form = validated(**{name: value})
    assert listed(form) == [(rule, "E")]
    assert name in form.unreadable


@pytest.mark.rules("EN-10")
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("9990000123", []),
        ("999 000 0123", []),
        ("9990000124", [("EN-10", "W")]),
        ("123", [("EN-10", "W")]),
    ],
)
def test_an_nhs_number_is_checked_and_never_stops_a_form(
    number: str, expected: list[tuple[str, str]]
) -> None:
    assert listed(validated(nhs_number=number)) == expected


@pytest.mark.rules("EN-11")
@pytest.mark.parametrize(
    "name",
    ["assessment_date", "requested_on", "social_media_permission_on", "local_offer_given_on"],
)
def test_a_date_that_has_been_cannot_lie_after_the_form_day(name: str) -> None:
    assert listed(validated(**{name: "2026-02-12"})) == []
    late = validated(**{name: "2026-02-13"})
    assert listed(late) == [("EN-11", "E")]
    assert name in late.unreadable


@pytest.mark.rules("EN-11")
def test_the_future_is_counted_from_the_form_day_and_not_from_today() -> None:
    reading = a_reading(assessment_date="2026-02-20")
    assert listed(validate(reading, date(2026, 3, 20))) == [("EN-11", "E")]


@pytest.mark.rules("EN-11")
@pytest.mark.parametrize(
    ("died", "expected"),
    [("2026-02-20", []), ("2026-03-20", []), ("2026-03-21", [("EN-11", "E")])],
)
def test_a_death_after_the_form_was_completed_is_believed(
    died: str, expected: list[tuple[str, str]]
) -> None:
    assert listed(validate(a_reading(date_of_death=died), date(2026, 3, 20))) == expected


@pytest.mark.rules("EN-03")
def test_a_cell_of_a_table_is_named_by_its_row() -> None:
    fault = Fault("actions[2].due_on", FaultKind.NOT_A_DATE, "soon")
    rows = [{"what": "Call the GP", "due_on": "2026-03-13"}, {"what": "Call the bank"}]
    form = validated(fault, actions=rows, labels={"actions": "Actions", "actions.due_on": "By"})
    assert only(form).question == "Actions Row 2: By"
    assert form.unreadable == {"actions[2].due_on"}
    assert len(getattr(form.answers, "actions", ())) == 2


@pytest.mark.rules("EN-05")
def test_a_wrong_cell_is_left_out_and_its_row_kept() -> None:
    form = validated(actions=[{"what": "Call the GP", "who": "somebody"}])
    assert only(form).question == "What will the Leaving Care Service do? Row 1: Who will do it?"
    assert getattr(form.answers, "actions", ())[0].what == "Call the GP"


def test_a_councils_own_closure_question_is_named_in_words() -> None:
    fault = Fault("closure_told_local_offer", FaultKind.WRONG_KIND, "perhaps")
    assert only(validated(fault)).question == "closure told local offer"
    label = {"closure_told_local_offer": "Told about the Local Offer?"}
    assert only(validated(fault, labels=label)).question == "Told about the Local Offer?"


def test_a_reading_with_everything_wrong_at_once_lists_everything() -> None:
    empty = Reading("council", "tailored_support_agreement", {}, ())
    form = validate(empty, AS_OF)
    rules = {problem.rule for problem in form.problems}
    assert {"EN-01", "EN-02", "EN-06"} <= rules
    assert len(form.problems) > 15


@pytest.mark.parametrize("form_type", list(FORMS))
def test_no_message_shows_a_field_key_or_a_word_of_ours(form_type: str) -> None:
    questions = questions_of(EnvelopeSchema) | FORMS[form_type].questions
    names = [name for name in questions if name not in ("form_type", "form_status")]
    faults = tuple(Fault(name, kind, "x") for name in names for kind in FaultKind)
    reading = Reading("council", form_type, {}, faults)
    problems = [*validate(reading, AS_OF).problems]
    problems += validate(Reading("council", form_type, {}), AS_OF).problems
    for problem in problems:
        said = f"{problem.message} {problem.question}"
        assert not re.search(r"\w_\w|invalid|null|None\b(?! is ticked)|[{}\[\]]|EN-|DC-|DS-", said)
        assert problem.message.endswith(".")


def test_labels_and_what_was_also_recorded_come_through() -> None:
    also = (RecordedAnswer("Favourite colour", "Green"),)
    reading = Reading(
        "council", "post_21_assessment", {**ENVELOPE, **ANSWERS}, (), {"outcome": "Result"}, also
    )
    form = validate(reading, AS_OF)
    assert form.question("outcome") == "Result"
    assert form.also_recorded == also
