"""The four example payloads, from the host's words to the tasks, as the service worked them out."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_once import packaged

from connector.dates import WorkingDays
from connector.dry_run import try_payload
from connector.profiles import Configuration

MAPPINGS = Path(__file__).parent.parent / "mappings"
FORM_DAYS = {
    "flat": ("tailored_support_agreement", date(2026, 3, 27)),
    "question-code": ("post_21_assessment", date(2026, 2, 12)),
    "dataverse": ("post_21_assessment", date(2026, 3, 27)),
    "fhir": ("post_21_assessment", date(2026, 10, 20)),
}
MANAGER = "75c2dd85-e89e-e711-8122-000000000009"


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    return packaged()


def payload(host: str) -> Any:
    form_type, _ = FORM_DAYS[host]
    return json.loads((MAPPINGS / host / "samples" / f"{form_type}.json").read_text("utf-8"))


def tried(shipped: Configuration, host: str, sent: Any = None) -> dict[str, Any]:
    """What the payload leads to, processed on its form day."""
    _, day = FORM_DAYS[host]
    sent = payload(host) if sent is None else sent
    return try_payload(shipped.hosts[host], sent, shipped.policy, WorkingDays(), day)


def tasks(result: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (each["task"], each["rule"], each["inbox"], each["opens_on"], each["due_on"])
        for each in result["tasks"]
    ]


def problems(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["rule"], each["severity"]) for each in result["problems"]]


def test_the_agreement_of_the_flat_host_becomes_active(shipped: Configuration) -> None:
    result = tried(shipped, "flat")
    assert result["form"] == "tailored_support_agreement"
    assert result["status"] == "tailored_support_active"
    assert problems(result) == []
    assert tasks(result) == [
        ("T01", "DS-18", "worker", "2026-05-20", "2026-06-17"),
        ("T02", "DS-22", "worker", "2026-06-17", "2026-07-15"),
        ("T08", "DC-03", "worker", "2028-04-01", "2028-06-30"),
        ("T07", "DS-30", "manager", "2028-10-25", "2028-11-01"),
    ]
    assert [each["assignee"] for each in result["tasks"]] == ["7781", "7781", "7781", "5510"]
    written = result["write_back"]
    assert (written["agreement_date"], written["allocation_until"]) == ("2026-03-25", "2028-11-01")
    assert written["criteria_met"] == ["a", "b", "c"]
    assert result["attachment"] == {"name": "Tailored-support agreement 2026-03-27 400123 v1.pdf"}


def test_the_assessment_of_the_question_code_host_keeps_the_case_open(
    shipped: Configuration,
) -> None:
    result = tried(shipped, "question-code")
    assert result["status"] == "open"
    assert problems(result) == [("DC-29", "W")]
    assert tasks(result) == [
        ("T24", "DC-29", "manager", "2026-02-12", "2026-02-26"),
        ("T20", "DC-19", "worker", "2026-03-06", "2026-03-13"),
        ("T21", "DC-22", "worker", "2026-08-05", "2026-08-12"),
    ]
    assert result["tasks"][1]["title"] == "Chase counselling referral"
    assert result["write_back"]["next_review_on"] == "2026-08-12"
    assert result["line"] == (
        "The case stays open. Next: Discuss keeping this case open by 26 February 2026."
    )


def test_the_assessment_of_the_dataverse_host_goes_to_the_manager(shipped: Configuration) -> None:
    result = tried(shipped, "dataverse")
    assert result["status"] == "awaiting_manager"
    assert problems(result) == []
    assert tasks(result) == [
        ("T20", "DC-19", "manager", "2026-03-27", "2026-03-31"),
        ("T22", "DC-24", "manager", "2026-03-27", "2026-03-31"),
        ("T26", "DC-39", "manager", "2026-03-27", "2026-04-14"),
    ]
    assert {each["assignee"] for each in result["tasks"]} == {MANAGER}
    assert result["tasks"][0]["title"] == "Homelessness application with the young adult"


def test_the_assessment_of_the_fhir_host_closes_with_a_contact_once_a_year(
    shipped: Configuration,
) -> None:
    result = tried(shipped, "fhir")
    assert result["status"] == "closed_annual_contact"
    assert problems(result) == [("DC-23", "W"), ("DC-37", "I")]
    assert tasks(result) == [
        ("T20", "DC-19", "worker", "2026-10-20", "2026-10-27"),
        ("T20", "DC-19", "worker", "2026-11-03", "2026-11-10"),
        ("T30", "DC-35", "team", "2027-10-13", "2027-10-20"),
    ]
    assert result["write_back"]["can_return_until"] == "2028-04-17"
    assert result["write_back"]["next_contact_on"] == "2027-10-20"
    assert [each["assignee"] for each in result["tasks"][:2]] == ["20931", "20931"]


def _answers(sent: Any) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = sent["form"]["answers"]
    return answers


def _lookup(sent: Any, code: str, **lookup: str) -> None:
    for answer in _answers(sent):
        if answer["questionUserCode"] == code:
            answer["lookup"] = lookup


def _two_outcomes(sent: Any) -> None:
    _answers(sent).append({"questionUserCode": "p21.outcome", "lookup": {"code": "4"}})


def _no_outcome(sent: Any) -> None:
    sent["form"]["answers"] = [
        each for each in _answers(sent) if each["questionUserCode"] != "p21.outcome"
    ]


def _closed_by_label(sent: Any) -> None:
    text = "case to be closed to leaving care service"
    _lookup(sent, "p21.outcome", text=text)


def _past_25(sent: Any) -> None:
    sent["subjects"][0]["dateOfBirth"] = "2001-02-12"


def _impossible_date(sent: Any) -> None:
    for answer in _answers(sent):
        if answer.get("column") == "by":
            answer["date"] = "2026-02-30"


@pytest.mark.parametrize(
    ("change", "status", "first"),
    [
        (_two_outcomes, "needs_attention", ("DC-20", "E")),
        (_no_outcome, "needs_attention", ("DC-20", "E")),
        (_closed_by_label, "on_hold_closure_questions", ("DC-30", "H")),
        (_past_25, "on_hold", ("DC-01", "H")),
        (_impossible_date, "needs_attention", ("EN-03", "E")),
    ],
)
def test_the_same_form_answered_differently_is_judged_differently(
    shipped: Configuration, change: Callable[[Any], None], status: str, first: tuple[str, str]
) -> None:
    sent = copy.deepcopy(payload("question-code"))
    change(sent)
    result = tried(shipped, "question-code", sent)
    assert result["status"] == status
    assert problems(result)[0] == first


@pytest.mark.rules("EN-08")
def test_two_people_on_one_form_are_two_results(shipped: Configuration) -> None:
    sent = payload("question-code")
    sent["subjects"].append({**sent["subjects"][0], "personId": 900457})
    result = tried(shipped, "question-code", sent)
    assert result["person_id"] == "900456"
    assert [each["person_id"] for each in result["others"]] == ["900457"]


@pytest.mark.rules("EN-08")
def test_where_a_host_allows_one_person_a_form_a_second_one_holds_it(
    shipped: Configuration,
) -> None:
    profile = shipped.hosts["question-code"]
    assert profile.inbound.subjects is not None
    one = replace(profile.inbound.subjects, multiple="one")
    strict = replace(profile, inbound=replace(profile.inbound, subjects=one))
    sent = payload("question-code")
    sent["subjects"].append({**sent["subjects"][0], "personId": 900457})
    result = try_payload(strict, sent, shipped.policy, WorkingDays(), date(2026, 2, 12))
    assert result["status"] == "on_hold"
    assert ("EN-08", "H") in problems(result)
