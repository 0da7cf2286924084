"""What stands in a case summary, and in what order (domain 4.6, DC-34, DS-33)."""

from dataclasses import fields, replace
from datetime import date
from itertools import pairwise

import pytest
from completed_forms import (
    AGREEMENT,
    AGREEMENT_DECISION,
    ASSESSMENT,
    ASSESSMENT_DECISION,
    CONTACT,
    DECISIONS,
    EVERY_FORM,
    REQUEST,
    restricted,
)

from connector.model import CompletedForm, Problem, Severity
from connector.summary import (
    Answers,
    Points,
    Section,
    Summary,
    Table,
    as_text,
    from_json,
    summarise,
    to_json,
)
from connector.summary.layout import AGREEMENT as AGREEMENT_LAYOUT
from connector.summary.layout import LAYOUTS, REFERENCES
from connector.summary.sections import sections
from schemas import FORMS, Action

EACH = pytest.mark.parametrize("form", EVERY_FORM.values(), ids=EVERY_FORM)


def summary_of(form: CompletedForm, *, replaces: int | None = None) -> Summary:
    decision = DECISIONS[str(form.envelope.form_type)]
    return summarise(form, decision, reference="lcf-0001", ordinal=1, replaces=replaces)


def section(summary: Summary, heading: str) -> Section:
    return next(each for each in summary.sections if each.heading == heading)


def answers(blocks: object) -> dict[str, str]:
    assert isinstance(blocks, tuple)
    lists = (each for each in blocks if isinstance(each, Answers))
    return {each.question: each.answer for listed in lists for each in listed.answers}


def table(found: Section) -> Table:
    return next(each for each in found.blocks if isinstance(each, Table))


def test_the_box_says_who_when_and_where_things_stand() -> None:
    assert answers((summary_of(AGREEMENT).facts,)) == {
        "Young person": "Alex Example (record 400123)",
        "Date of birth": "1 October 2007",
        "Where things stand": "Tailored support is active.",
        "Date of the agreement": "25 March 2026",
        "Allocated worker until": "1 November 2028",
        "Form completed": "27 March 2026 by Jo Adviser (Leaving care worker)",
        "Leaving care worker": "Jo Adviser",
        "Manager": "Mo Manager",
        "Team": "Leaving Care",
    }


def test_the_outcome_of_an_assessment_is_in_words() -> None:
    facts = answers((summary_of(ASSESSMENT).facts,))
    assert facts["Outcome chosen"] == "Case to remain open"
    assert facts["Where things stand"] == "The case stays open."
    assert facts["Date of the assessment"] == "12 February 2026"


def test_a_closing_says_until_when_the_young_person_can_come_back() -> None:
    written = replace(
        ASSESSMENT_DECISION.write_back,
        closed_on=date(2026, 5, 10),
        can_return_until=date(2030, 5, 9),
    )
    decision = replace(ASSESSMENT_DECISION, write_back=written)
    facts = summarise(ASSESSMENT, decision, reference="r", ordinal=1, replaces=None).facts
    assert answers((facts,))["Case closed from"] == "10 May 2026"
    assert answers((facts,))["Can come back until"] == "9 May 2030"


def test_what_happens_next_lists_every_task_with_its_date_and_whose_it_is() -> None:
    steps = summary_of(ASSESSMENT).next_steps.points
    assert steps == (
        "By 26 February 2026: Discuss keeping this case open (manager)",
        "By 13 March 2026: Chase counselling referral (personal adviser)",
        "By 12 August 2026: Review support (personal adviser)",
    )


def test_without_tasks_it_says_that_nothing_is_planned() -> None:
    decision = replace(AGREEMENT_DECISION, tasks=())
    summary = summarise(AGREEMENT, decision, reference="r", ordinal=1, replaces=None)
    assert summary.next_steps.points == ("Nothing more is planned from this form.",)


def test_a_second_version_says_what_it_replaces() -> None:
    assert "Earlier version" not in answers((summary_of(AGREEMENT).facts,))
    facts = answers((summary_of(AGREEMENT, replaces=1).facts,))
    assert facts["Earlier version"] == "Replaces version 1 of this tailored-support agreement"


def test_an_agreement_goes_from_who_and_why_to_points_to_check() -> None:
    assert [each.heading for each in summary_of(AGREEMENT).sections] == [
        "Who took part",
        "Why this way of working was chosen",
        "Who agreed",
        "Visits",
        "Support",
        "Wishes and views",
        "The Local Offer and what the family was told",
        "Points to check",
        "Also recorded",
        "Reference numbers",
    ]


def test_an_assessment_goes_from_who_and_the_six_areas_to_points_to_check() -> None:
    summary = summary_of(ASSESSMENT)
    assert [each.heading for each in summary.sections] == [
        "Who took part",
        "Why there was an assessment",
        "What is happening and what support is needed",
        "Level and types of support",
        "Actions",
        "What was decided",
        "Closing the case",
        "Keeping in touch",
        "Local Area Coordinator and Local Offer",
        "Points to check",
        "Reference numbers",
    ]
    areas = section(summary, "What is happening and what support is needed").parts
    assert len(areas) == 6


def test_a_yearly_contact_says_what_was_tried_what_was_given_and_what_comes_next() -> None:
    summary = summary_of(CONTACT)
    assert [each.heading for each in summary.sections] == [
        "Who took part",
        "The contact",
        "Support and the Local Offer",
        "Keeping in touch",
        "Local Area Coordinator",
        "Reference numbers",
    ]
    assert answers((summary.facts,))["Date of the contact"] == "26 October 2026"
    assert answers((summary.facts,))["Can come back until"] == "17 April 2028"
    assert answers(section(summary, "The contact").blocks) == {
        "Date of the contact, or of the attempt": "26 October 2026",
        "How was contact made or tried?": "Phone call",
        "Was the young adult reached?": "Yes",
        "What was said?": "Would like help with a tenancy.",
    }
    assert summary.next_steps.points == (
        "By 9 November 2026: Assess a returner (personal adviser)",
        "By 26 October 2027: Yearly contact (team)",
    )


def test_a_family_request_says_who_asks_for_what_and_that_a_manager_decides() -> None:
    summary = summary_of(REQUEST)
    assert [each.heading for each in summary.sections] == [
        "Who took part",
        "What the family asks for",
        "Reference numbers",
    ]
    assert answers((summary.facts,))["Date of the request"] == "1 July 2026"
    assert answers(section(summary, "Who took part").blocks)["Who asks?"] == "Pat Example"
    assert summary.next_steps.points == ("By 16 July 2026: Decide a family request (manager)",)
    note = as_text(summary)
    assert "Money for a sensory room." in note
    assert "07700 900123" not in note


def test_a_contact_without_a_day_was_made_on_the_day_of_the_form() -> None:
    undated = replace(CONTACT, answers=replace(CONTACT.answers, contacted_on=None))
    assert answers((summary_of(undated).facts,))["Date of the contact"] == "27 October 2026"


def test_each_criterion_stands_with_its_evidence() -> None:
    parts = section(summary_of(AGREEMENT), "Why this way of working was chosen").parts
    assert [each.heading[:2] for each in parts] == ["A:", "B:", "C:"]
    assert answers(parts[1].blocks) == {
        "B: The young person is likely to live only in a specialist staffed home": "Yes",
        "B: How do you know?": "Lives in a specialist staffed home and will stay there.",
    }


def test_a_criterion_left_blank_beside_evidence_says_so() -> None:
    blank = replace(AGREEMENT.answers, criterion_b_specialist_staffed_home=None)
    parts = section(
        summary_of(replace(AGREEMENT, answers=blank)), "Why this way of working was chosen"
    ).parts
    assert "Not answered" in answers(parts[1].blocks).values()


def test_the_agreement_table_has_name_role_answer_and_date() -> None:
    found = table(section(summary_of(AGREEMENT), "Who agreed"))
    assert found.header == ("Name", "Role", "Agreed", "Date")
    assert found.rows == (
        ("Sam Worker", "Adult social worker (Professional)", "Yes", "24 March 2026"),
        ("Pat Example", "Parent (Family member)", "Yes", "20 March 2026"),
    )


def test_the_actions_table_has_what_who_by_when_and_done() -> None:
    found = table(section(summary_of(ASSESSMENT), "Actions"))
    assert found.header == ("What", "Who", "By when", "Done")
    assert found.rows[0] == (
        "Chase counselling referral",
        "Personal adviser",
        "13 March 2026",
        "Not yet",
    )
    assert found.rows[1][1] == "Another service (Housing advice)"
    assert found.rows[1][0].endswith("(Accommodation and independence)")
    assert found.rows[2][2:] == ("Not given", "Yes")


def test_an_empty_row_of_an_action_is_said_to_be_empty() -> None:
    lonely = replace(ASSESSMENT.answers, actions=(Action(owner_name="Kim"),))
    found = table(section(summary_of(replace(ASSESSMENT, answers=lonely)), "Actions"))
    assert found.rows == (("Not given", "Kim", "Not given", "Not yet"),)


def test_questions_are_printed_as_the_host_asked_them() -> None:
    assert "What visits have been agreed, and with whom?" in answers(
        section(summary_of(AGREEMENT), "Visits").blocks
    )
    areas = section(summary_of(ASSESSMENT), "What is happening and what support is needed").parts
    assert answers(areas[1].blocks)["How is your health?"] == "Waiting for counselling."


def test_a_question_the_council_added_is_printed_in_words() -> None:
    closing = answers(section(summary_of(ASSESSMENT), "Closing the case").blocks)
    assert closing["Told about records"] == "Yes"
    labelled = replace(ASSESSMENT, labels={"closure_other.told_about_records": "Told of files?"})
    assert answers(section(summary_of(labelled), "Closing the case").blocks)["Told of files?"]


def test_points_to_check_are_plain_sentences_without_rule_ids() -> None:
    problems = (
        Problem("DS-12", Severity.HOLD, "The parent is recorded as not agreeing."),
        Problem("DS-08", Severity.WARNING, "Check the accommodation."),
        Problem("DS-08", Severity.WARNING, "Check the accommodation."),
        Problem("DC-37", Severity.INFO, "For the trace."),
    )
    decision = replace(AGREEMENT_DECISION, problems=problems)
    summary = summarise(AGREEMENT, decision, reference="r", ordinal=1, replaces=None)
    (points,) = section(summary, "Points to check").blocks
    assert isinstance(points, Points)
    assert points.points == (
        "The parent is recorded as not agreeing.",
        "Check the accommodation.",
    )


@EACH
def test_every_field_of_a_form_has_one_place(form: CompletedForm) -> None:
    form_type = str(form.envelope.form_type)
    placed = [name for part in LAYOUTS[form_type] for name in part.all_fields]
    assert len(placed) == len(set(placed))
    assert set(placed) | REFERENCES >= set(FORMS[form_type].questions)


def test_a_field_without_a_place_is_printed_under_other_answers() -> None:
    found = sections(AGREEMENT, AGREEMENT_DECISION, layout=AGREEMENT_LAYOUT[:1])
    others = next(each for each in found if each.heading == "Other answers")
    assert "No regular visits. Join the annual care review." in answers(others.blocks).values()
    assert table(others).rows[0][0] == "Sam Worker"


@EACH
def test_neither_rule_ids_nor_field_names_nor_codes_are_printed(form: CompletedForm) -> None:
    text = as_text(summary_of(form))
    names = {each.name for each in fields(form.answers)}
    assert not [name for name in names if "_" in name and name in text]
    for code in ("DS-", "DC-", "EN-", "T01", "T20", "former_relevant", "remain_open", "U1", "F4"):
        assert code not in text


@EACH
def test_a_restricted_record_is_named_by_its_number(form: CompletedForm) -> None:
    summary = summary_of(restricted(form))
    number = form.envelope.person_id
    assert answers((summary.facts,))["Young person"] == f"Record {number}"


@EACH
def test_the_title_never_names_anyone(form: CompletedForm) -> None:
    title = summary_of(form).title
    assert title == f"{FORMS[str(form.envelope.form_type)].title}: case summary"


@EACH
def test_the_footer_names_the_record_the_form_and_its_maker(form: CompletedForm) -> None:
    envelope = form.envelope
    footer = " ".join(summary_of(form).footer)
    for each in (
        envelope.person_id,
        envelope.submission_id,
        "lcf-0001",
        envelope.completed_by_name,
    ):
        assert str(each) in footer
    assert "Made from the form completed on" in footer


def test_the_day_of_a_form_completed_near_midnight_is_the_london_day() -> None:
    summer = replace(
        AGREEMENT.envelope,
        completed_at=AGREEMENT.envelope.completed_at
        and AGREEMENT.envelope.completed_at.replace(month=6, day=30, hour=23, minute=30),
    )
    summary = summary_of(replace(AGREEMENT, envelope=summer))
    assert "completed on 1 July 2026" in summary.what_this_is


def test_workers_without_a_name_are_shown_by_number() -> None:
    nameless = replace(
        AGREEMENT.envelope,
        completed_by_name=None,
        completed_by_role=None,
        allocated_worker_name=None,
        manager_id=None,
        manager_name=None,
        person_first_name=None,
        person_last_name=None,
    )
    facts = answers((summary_of(replace(AGREEMENT, envelope=nameless)).facts,))
    assert facts["Form completed"] == "27 March 2026 by Worker 7781"
    assert facts["Leaving care worker"] == "Worker 7781"
    assert facts["Young person"] == "Record 400123"
    assert "Manager" not in facts


def test_a_form_without_its_time_still_has_a_summary() -> None:
    undated = replace(ASSESSMENT, envelope=replace(ASSESSMENT.envelope, completed_at=None))
    summary = summary_of(undated)
    assert summary.completed_at is None
    assert summary.what_this_is.startswith("This is a summary of the post-21 assessment. It says")
    assert answers((summary.facts,))["Form completed"] == "Jo Adviser"
    assert summary.footer[1] == "Made from the form completed by Jo Adviser"


def test_tables_without_rows_are_left_out() -> None:
    empty = replace(ASSESSMENT, answers=replace(ASSESSMENT.answers, actions=()))
    assert "Actions" not in [each.heading for each in summary_of(empty).sections]
    lonely = replace(AGREEMENT, answers=replace(AGREEMENT.answers, parties=()))
    assert not [
        each for each in section(summary_of(lonely), "Who agreed").blocks if isinstance(each, Table)
    ]


@EACH
def test_a_summary_survives_json_both_ways(form: CompletedForm) -> None:
    summary = summary_of(form, replaces=1)
    assert from_json(to_json(summary)) == summary


@EACH
def test_no_heading_is_without_content(form: CompletedForm) -> None:
    for each in summary_of(form).sections:
        assert each.blocks or each.parts
        assert all(part.blocks for part in each.parts)


def test_the_headings_of_all_sections_are_different() -> None:
    headings = sorted(each.heading for each in summary_of(ASSESSMENT).sections)
    assert all(one != other for one, other in pairwise(headings))
