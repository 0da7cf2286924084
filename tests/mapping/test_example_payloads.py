"""The four example payloads as canonical answers, and the same keys with other answers."""

from typing import Any

import pytest
from shipped import EXAMPLES, example, profile, reading

from connector.mapping import Outcome, translate
from connector.model import FaultKind
from schemas import FORMS, EnvelopeSchema


@pytest.mark.parametrize("host", EXAMPLES)
def test_an_example_is_read_whole(host: str) -> None:
    got = reading(host, example(host))
    assert got.faults == ()
    assert got.also_recorded == ()
    assert got.notes == ()
    assert EnvelopeSchema().validate(dict(got.values)) == {}
    assert FORMS[got.form_type].schema().validate(dict(got.values)) == {}


def test_the_flat_example() -> None:
    values = reading("flat", example("flat")).values
    assert values["submission_id"] == "884213"
    assert values["submission_version"] == "1"
    assert values["completed_at"] == "2026-03-27T14:05:00+00:00"
    assert values["allocated_worker_id"] == "7781"
    assert values["criterion_c_no_unmet_independence_needs"] is True
    assert values["care_leaver_category"] == "former_relevant"
    assert values["visit_interval_weeks"] == 0
    assert "agreement_date" not in values
    assert [(row["name"], row["party_type"], row["agreed_on"]) for row in values["parties"]] == [
        ("Sam Worker", "professional", "2026-03-24"),
        ("Pat Example", "family", "2026-03-20"),
    ]


def test_the_question_code_example() -> None:
    values = reading("question-code", example("question-code")).values
    assert values["person_id"] == "900456"
    assert values["date_of_birth"] == "2005-05-10"
    assert (values["person_first_name"], values["person_last_name"]) == ("Robin", "Sample")
    assert values["completed_at"] == "2026-02-12T16:40:00+00:00"
    assert values["types_of_support"] == ["health", "education_training_employment"]
    assert values["took_part"] == "yes"
    assert values["local_area_coordinator_introduction"] == "no"
    assert values["actions"] == [
        {"row_id": "1", "what": "Chase counselling referral", "who": "pa", "due_on": "2026-03-13"}
    ]


def test_the_dataverse_example() -> None:
    values = reading("dataverse", example("dataverse")).values
    assert values["date_of_birth"] == "2004-02-29"
    assert values["outcome"] == "refer_to_manager"
    assert values["types_of_support"] == ["accommodation", "health", "financial"]
    assert (values["accommodation_code"], values["accommodation_suitable"]) == ("S2", False)
    assert values["allocated_worker_name"] == "Jo Adviser"
    assert [row["who"] for row in values["actions"]] == ["pa", "young_adult"]


def test_the_fhir_example() -> None:
    got = reading("fhir", example("fhir"))
    assert got.values["submission_version"] == "2"
    assert got.values["person_id"] == "900456"
    assert got.values["nhs_number"] == "9990000123"
    assert got.values["completed_by_id"] == got.values["allocated_worker_id"] == "20931"
    assert got.values["outcome"] == "immediate_needs_met"
    assert [row["due_on"] for row in got.values["actions"]] == ["2026-10-27", "2026-11-10"]
    assert got.values["team_id"] == "leaving-care"
    assert got.labels["requested_on"] == "Date they asked for support"
    assert got.labels["actions.what"] == "What will we do?"


def flat(**changes: Any) -> dict[str, Any]:
    payload: dict[str, Any] = example("flat")
    payload.update(changes)
    return payload


@pytest.mark.parametrize(
    ("key", "typed", "field", "expected"),
    [
        ("criterionA", "no", "criterion_a_role_not_understood", False),
        ("criterionC_unmetNeeds", "Yes", "criterion_c_no_unmet_independence_needs", False),
        ("managerAgreed", "Pending", "manager_agreed", "pending"),
        ("managerAgreed", "N", "manager_agreed", "no"),
        ("packageSource", "Adults", "support_package_source", "adults"),
        ("packageSource", "Children's social care", "support_package_source", "childrens"),
        ("careLeaverCategory", "Former relevant child", "care_leaver_category", "former_relevant"),
        ("careLeaverCategory", "Q", "care_leaver_category", "qualifying"),
        ("oversightRecordedIn", "SUPERVISION", "oversight_recorded_in", "supervision_record"),
        ("oversightRecordedIn", "Not recorded yet", "oversight_recorded_in", "not_yet"),
        ("managerAgreedDate", "1/4/2026", "manager_agreed_on", "2026-04-01"),
        ("managerAgreedDate", "2026-04-01", "manager_agreed_on", "2026-04-01"),
        ("visitIntervalWeeks", 8, "visit_interval_weeks", 8),
        ("accommodationProvidedByAuthority", "Not known",
         "accommodation_provided_by_authority", "not_known"),
        ("personId", "400123", "person_id", "400123"),
        ("formVersion", "2", "submission_version", "2"),
        ("completedDate", "27/06/2026", "completed_at", "2026-06-27T00:00:00+01:00"),
    ],
)  # fmt: skip
def test_other_answers_in_the_flat_form(key: str, typed: Any, field: str, expected: Any) -> None:
    got = reading("flat", flat(**{key: typed}))
    assert got.faults == ()
    assert got.values[field] == expected


@pytest.mark.parametrize("blank", ["", None, "  ", "N/A"])
def test_a_blank_answer_is_absent(blank: Any) -> None:
    got = reading("flat", flat(managerAgreedDate=blank, criterionB=blank, swView=blank))
    names = {"manager_agreed_on", "criterion_b_specialist_staffed_home", "social_worker_view"}
    assert not names & set(got.values)
    assert got.faults == ()


def test_a_missing_key_is_a_blank_answer() -> None:
    payload = flat()
    del payload["dob"]
    assert "date_of_birth" not in reading("flat", payload).values


def test_no_personal_adviser_is_minus_one() -> None:
    got = reading("flat", flat(involvement_16PLUS_workerId=-1))
    assert "allocated_worker_id" not in got.values


def test_impossible_dates_and_unknown_codes_are_faults() -> None:
    got = reading("flat", flat(managerAgreedDate="31/02/2026", packageSource="MAYBE"))
    assert {(fault.field, fault.kind, fault.typed) for fault in got.faults} == {
        ("manager_agreed_on", FaultKind.NOT_A_DATE, "31/02/2026"),
        ("support_package_source", FaultKind.UNKNOWN_CHOICE, "MAYBE"),
    }


@pytest.mark.parametrize(
    ("role", "kind"),
    [("Foster carer", "carer"), ("Mother", "family"), ("Alex's nan", "family"),
     ("Advocate", "advocate"), ("Support worker", "professional"), ("Young person", "young_person"),
     ("Home manager", "professional"), ("Grandparent", "family"), ("Carer", "carer")],
)  # fmt: skip
def test_the_kind_of_person_is_read_off_the_role(role: str, kind: str) -> None:
    got = reading("flat", flat(party1_role=role)).values["parties"][0]
    assert got["party_type"] == kind


def test_a_third_person_is_a_third_row() -> None:
    person = {"name": "Kim", "role": "Aunt", "agreed": "N", "date": ""}
    got = reading("flat", flat(**{f"party3_{key}": each for key, each in person.items()}))
    assert got.values["parties"][2] == {
        "name": "Kim", "role": "Aunt", "party_type": "family", "agreed": "no",
    }  # fmt: skip


def answered(payload: Any, code: str, **value: Any) -> Any:
    """The question-code example with the answers to one question replaced."""
    rows = payload["form"]["answers"]
    kept = [each for each in rows if each["questionUserCode"] != code]
    payload["form"]["answers"] = [*kept, {"questionUserCode": code, **value}] if value else kept
    return payload


@pytest.mark.parametrize(
    ("code", "value", "field", "expected"),
    [
        ("p21.outcome", {"lookup": {"code": "1"}}, "outcome", "close_case"),
        ("p21.outcome", {"lookup": {"text": "Immediate needs met"}}, "outcome",
         "immediate_needs_met"),
        ("p21.outcome", {"shortText": "4. Complex needs. Refer to manager."}, "outcome",
         "refer_to_manager"),
        ("p21.outcome", {"number": 3}, "outcome", "immediate_needs_met"),
        ("p21.type", {"lookup": {"code": "RETURNER", "text": "x"}}, "assessment_type",
         "returner_21_to_24"),
        ("p21.type", {"lookup": {"code": "?", "text": "Returning for advice and support"}},
         "assessment_type", "returner_21_to_24"),
        ("p21.assessor", {"lookup": {"code": "DUTY"}}, "assessor_role", "duty_worker"),
        ("p21.withYoungAdult", {"boolean": False}, "took_part", "no_unable"),
        ("p21.withYoungAdult", {"lookup": {"code": "REFUSED"}}, "took_part", "no_refused"),
        ("p21.lacIntro", {"boolean": True}, "local_area_coordinator_introduction", "yes"),
        ("p21.lacIntro", {"lookup": {"text": "Declined"}}, "local_area_coordinator_introduction",
         "declined"),
        ("p21.accom.suitable", {"lookup": {"code": "2", "text": "Unsuitable"}},
         "accommodation_suitable", False),
        ("p21.accom.code", {"lookup": {"code": "S2", "text": "No fixed abode"}},
         "accommodation_code", "S2"),
        ("p21.keepOpenWhy", {"lookup": {"code": "UNI"}}, "keep_open_reasons", ["university"]),
        ("p21.councilTax", {"lookup": {"code": "X", "text": "Needs an application"}},
         "council_tax_status", "needs_application"),
        ("p21.agrees", {"lookup": {"text": "Not asked"}}, "young_adult_agrees", "not_asked"),
        ("p21.currentPlanDate", {"date": "20/11/2025"}, "current_pathway_plan_date", "2025-11-20"),
    ],
)  # fmt: skip
def test_other_answers_in_the_question_code_form(
    code: str, value: Any, field: str, expected: Any
) -> None:
    got = reading("question-code", answered(example("question-code"), code, **value))
    assert got.faults == ()
    assert got.values[field] == expected


def test_two_outcomes_are_several_answers() -> None:
    payload = answered(example("question-code"), "p21.outcome", lookup={"code": "1", "text": "a"})
    payload["form"]["answers"].append(
        {"questionUserCode": "p21.outcome", "lookup": {"code": "3", "text": "b"}}
    )
    fault = reading("question-code", payload).faults[0]
    assert (fault.field, fault.kind, fault.typed) == ("outcome", FaultKind.SEVERAL, "1 and 3")


def test_each_person_of_a_group_has_a_reading() -> None:
    payload = example("question-code")
    payload["subjects"] += [
        {"subjectTypeCode": "GRP", "personId": 1, "name": "The group"},
        {"subjectTypeCode": "PER", "personId": 900457, "name": "Sam", "dateOfBirth": "2005-06-11"},
    ]
    got = translate(profile("question-code"), payload).readings
    assert [each.values["person_id"] for each in got] == ["900456", "900457"]
    assert all(each.values["outcome"] == "remain_open" for each in got)


def attribute(payload: Any, key: str, value: Any, label: str | None = None) -> Any:
    """The Dataverse example with one column of the PostImage replaced."""
    image = payload["PostEntityImages"][0]["value"]
    for part, each in (("Attributes", value), ("FormattedValues", label)):
        kept = [pair for pair in image[part] if pair["key"] != key]
        image[part] = kept if each is None else [*kept, {"key": key, "value": each}]
    return payload


OPTION = "OptionSetValue:http://schemas.microsoft.com/xrm/2011/Contracts"


@pytest.mark.parametrize(
    ("key", "value", "label", "field", "expected"),
    [
        ("cc_outcome", {"__type": OPTION, "Value": 100000001}, None, "outcome", "close_case"),
        ("cc_outcome", {"__type": OPTION, "Value": 5}, "Case to remain open", "outcome",
         "remain_open"),
        ("cc_tookpart", False, "No", "took_part", "no_unable"),
        ("cc_tookpart", {"Value": 100000002}, "Refused", "took_part", "no_refused"),
        ("cc_agrees", {"Value": 100000002}, None, "young_adult_agrees", "not_asked"),
        ("cc_accommodationcode", {"Value": 100000013}, "U1 Independent living",
         "accommodation_suitable", True),
        ("cc_accommodationcode", {"Value": 7}, "U2 Independent living",
         "accommodation_suitable", False),
        ("cc_accommodationcode", {"Value": 7}, "U2 Independent living", "accommodation_code", "U2"),
        ("cc_typesofsupport", "100000002", None, "types_of_support",
         ["education_training_employment"]),
        ("cc_typesofsupport", [{"Value": 100000004}, {"Value": 100000006}], None,
         "types_of_support", ["identity", "other"]),
        ("cc_requestedon", "/Date(1782862200000)/", None, "requested_on", "2026-07-01"),
        ("cc_actionsjson", '[{"what": "Ring", "who": "DUTY", "due": "1/4/2026"}]', None, "actions",
         [{"what": "Ring", "who": "duty", "due_on": "2026-04-01", "row_id": "1"}]),
    ],
)  # fmt: skip
def test_other_answers_in_the_dataverse_form(
    key: str, value: Any, label: str | None, field: str, expected: Any
) -> None:
    got = reading("dataverse", attribute(example("dataverse"), key, value, label))
    assert got.faults == ()
    assert got.values[field] == expected


def test_the_target_counts_over_the_image() -> None:
    payload = example("dataverse")
    payload["InputParameters"][0]["value"]["Attributes"].append(
        {"key": "cc_outcome", "value": {"Value": 100000002}}
    )
    assert reading("dataverse", payload).values["outcome"] == "remain_open"


def linked(node: Any, link_id: str, answer: list[Any]) -> Any:
    """The FHIR example with the answers of one item replaced."""
    for item in node.get("item", []):
        if item["linkId"] == link_id:
            item["answer"] = answer
        linked(item, link_id, answer)
    return node


@pytest.mark.parametrize(
    ("link_id", "answer", "field", "expected"),
    [
        ("5.1", [{"valueCoding": {"code": "2"}}], "outcome", "remain_open"),
        ("5.1", [{"valueCoding": {"display": "Complex needs"}}], "outcome", "refer_to_manager"),
        ("5.1", [{"valueString": "Case to be closed"}], "outcome", "close_case"),
        ("5.1", [{"valueInteger": 1}], "outcome", "close_case"),
        ("1.5", [{"valueBoolean": False}], "took_part", "no_unable"),
        ("1.5", [{"valueCoding": {"code": "no_refused"}}], "took_part", "no_refused"),
        ("3.2", [{"valueCoding": {"display": "Family / relationships"}}], "types_of_support",
         ["family_relationships"]),
        ("3.2", [], "types_of_support", None),
        ("1.2", [{"valueDateTime": "2026-06-30T23:30:00Z"}], "requested_on", "2026-07-01"),
        ("5.9", [{"valueCoding": {"code": "no", "display": "No"}}],
         "local_area_coordinator_considered", False),
    ],
)  # fmt: skip
def test_other_answers_in_the_fhir_form(
    link_id: str, answer: list[Any], field: str, expected: Any
) -> None:
    got = reading("fhir", linked(example("fhir"), link_id, answer))
    assert got.faults == ()
    assert got.values.get(field) == expected


@pytest.mark.parametrize(
    ("host", "path", "value", "outcome", "words"),
    [
        ("flat", "formStatus", "Draft", Outcome.IGNORED, "formStatus is Draft"),
        ("flat", "formStatus", None, Outcome.UNMAPPED, "no formStatus"),
        ("flat", "formTemplate", "Chronology", Outcome.UNMAPPED, "template Chronology is not in"),
        ("flat", "formTemplate", None, Outcome.UNMAPPED, "does not say which form"),
        ("fhir", "status", "in-progress", Outcome.IGNORED, "status is in-progress"),
        ("dataverse", "InputParameters", None, Outcome.UNMAPPED, "256 KB"),
        ("dataverse", "PostEntityImages", [], Outcome.UNMAPPED, "PostImage"),
        ("dataverse", "MessageName", "Delete", Outcome.IGNORED, "MessageName is Delete"),
    ],
)
def test_messages_that_are_no_completed_form_of_ours(
    host: str, path: str, value: Any, outcome: Outcome, words: str
) -> None:
    payload = example(host)
    payload[path] = value
    got = translate(profile(host), payload)
    assert (got.outcome, got.readings) == (outcome, ())
    assert words in got.reason


def test_an_unknown_form_template_still_tells_its_number() -> None:
    payload = example("question-code")
    payload["workflowStep"]["stepType"]["id"] = 1612
    got = translate(profile("question-code"), payload)
    assert got.reason == "Form template 1612 is not in the profile."
    assert (got.form_type, got.form_id) == (None, "5520187")


def test_a_row_written_without_its_status_is_not_another_completed_form() -> None:
    payload = example("dataverse")
    payload["InputParameters"][0]["value"]["Attributes"] = [{"key": "cc_result", "value": "x"}]
    assert translate(profile("dataverse"), payload).outcome is Outcome.IGNORED


@pytest.mark.parametrize(
    ("host", "path", "typed", "status"),
    [("flat", "formStatus", "WITHDRAWN", "withdrawn"), ("flat", "formStatus", "Amended", "amended"),
     ("fhir", "status", "entered-in-error", "withdrawn")],
)  # fmt: skip
def test_the_status_of_a_form_is_read(host: str, path: str, typed: str, status: str) -> None:
    payload = example(host)
    payload[path] = typed
    assert reading(host, payload).values["form_status"] == status
