"""A yearly contact and a family request of each host, from the host's words to the tasks."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_once import packaged

from connector.dates import WorkingDays
from connector.dry_run import timeline_of, try_payload
from connector.mapping import translate
from connector.profiles import Configuration

MAPPINGS = Path(__file__).parent.parent / "mappings"
CONTACT, REQUEST = "annual_contact_outcome", "family_request"
CASEY, JO = "11111111-2222-4333-8444-000000000001", "75c2dd85-e89e-e711-8122-000000000001"
DATAVERSE_TEAM = "75c2dd85-e89e-e711-8122-0000000000aa"


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    return packaged()


def payload(host: str, form: str) -> Any:
    return json.loads((MAPPINGS / host / "samples" / f"{form}.json").read_text("utf-8"))


def tried(shipped: Configuration, host: str, form: str, day: date) -> dict[str, Any]:
    return try_payload(shipped.hosts[host], payload(host, form), shipped.policy, WorkingDays(), day)


def tasks(result: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (each["task"], each["inbox"], each["assignee"], each["opens_on"], each["due_on"])
        for each in result["tasks"]
    ]


def problems(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["rule"], each["severity"]) for each in result["problems"]]


def test_reached_by_phone_and_not_given_the_local_offer(shipped: Configuration) -> None:
    result = tried(shipped, "flat", CONTACT, date(2026, 10, 27))
    assert (result["form"], result["status"]) == (CONTACT, "closed_annual_contact")
    assert problems(result) == []
    assert tasks(result) == [
        ("T31", "team", "42", "2026-10-27", "2026-11-03"),
        ("T30", "team", "42", "2027-10-18", "2027-10-27"),
    ]
    assert result["write_back"]["next_contact_on"] == "2027-10-27"
    assert result["attachment"] == {"name": "Yearly contact 2026-10-27 400124 v1.pdf"}


def test_a_message_left_late_in_the_evening_and_no_coordinator(shipped: Configuration) -> None:
    result = tried(shipped, "question-code", CONTACT, date(2028, 10, 30))
    assert result["person_id"] == "900456"
    assert problems(result) == [("DC-39", "W")]
    assert tasks(result) == [
        ("T26", "team", "311", "2028-10-30", "2028-11-13"),
        ("T30", "team", "311", "2029-10-22", "2029-10-30"),
    ]


def test_somebody_who_wants_support_goes_to_the_previous_adviser(shipped: Configuration) -> None:
    result = tried(shipped, "dataverse", CONTACT, date(2027, 10, 26))
    assert result["person_id"] == CASEY
    assert problems(result) == []
    assert tasks(result) == [
        ("T09", "worker", JO, "2027-10-26", "2027-11-09"),
        ("T30", "team", DATAVERSE_TEAM, "2028-10-19", "2028-10-26"),
    ]


def test_social_media_holds_the_form_where_the_council_does_not_use_it(
    shipped: Configuration,
) -> None:
    result = tried(shipped, "fhir", CONTACT, date(2027, 10, 20))
    assert (result["status"], problems(result)) == ("on_hold", [("DC-37", "H")])
    assert tasks(result) == [("T90", "worker", "20944", "2027-10-20", "2027-10-22")]
    assert "next_contact_on" not in result["write_back"]


def test_nobody_answered_shortly_after_midnight_in_summer_time(shipped: Configuration) -> None:
    result = tried(shipped, "sandbox", CONTACT, date(2026, 10, 27))
    assert problems(result) == []
    assert tasks(result) == [("T30", "team", "T401", "2027-10-18", "2027-10-27")]


@pytest.mark.parametrize(
    ("host", "day", "status", "found", "due"),
    [
        ("flat", date(2026, 7, 2), "request_awaiting_manager", [], "2026-07-16"),
        ("question-code", date(2026, 8, 3), "request_agreed", [], None),
        ("dataverse", date(2026, 5, 5), "request_not_agreed", [("DS-27", "W")], None),
        ("fhir", date(2026, 12, 22), "request_awaiting_manager", [("DS-27", "W")], "2027-01-08"),
        ("sandbox", date(2026, 4, 1), "request_awaiting_manager", [], "2026-04-17"),
    ],
)
def test_a_family_request_waits_for_the_manager_or_is_decided(
    shipped: Configuration,
    host: str,
    day: date,
    status: str,
    found: list[tuple[str, str]],
    due: str | None,
) -> None:
    result = tried(shipped, host, REQUEST, day)
    assert (result["form"], result["status"]) == (REQUEST, status)
    assert problems(result) == found
    expected = [("T06", "DS-27", "manager", due)] if due else []
    made = [(each["task"], each["rule"], each["inbox"], each["due_on"]) for each in result["tasks"]]
    assert made == expected


@pytest.mark.parametrize("host", ["dataverse", "fhir", "flat", "question-code", "sandbox"])
@pytest.mark.parametrize("form", [CONTACT, REQUEST])
def test_every_answer_of_a_sample_is_understood(
    shipped: Configuration, host: str, form: str
) -> None:
    (reading,) = translate(shipped.hosts[host], payload(host, form)).readings
    assert reading.faults == ()
    assert reading.also_recorded == ()


def test_the_timeline_of_a_yearly_contact_goes_on_until_25(shipped: Configuration) -> None:
    lived = timeline_of(
        shipped.hosts["sandbox"],
        payload("sandbox", CONTACT),
        shipped.policy,
        WorkingDays(),
        None,
        None,
        date(2026, 10, 27),
    )
    assert [(each["task"], each["due_on"]) for each in lived["tasks"]] == [
        ("T30", "2027-10-27"),
        ("T30", "2028-10-27"),
    ]
    assert lived["ends_on"] == "2029-02-20"
