"""A form of the sandbox can be completed as it opens: its starting answers are good ones."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.dates import WorkingDays
from connector.dry_run import try_payload
from connector.policy import DEFAULTS
from connector.profiles import load_folder
from connector.sandbox.filling import starting_answers
from connector.sandbox.people import Person
from connector.sandbox.sheets import sheet

HOST = Path(__file__).parents[2] / "mappings" / "sandbox"
TODAY = date(2026, 10, 27)


def tried(form_type: str, born: str, **answers: str) -> dict[str, Any]:
    """What the form leads to when it is completed with its starting answers and these changes."""
    staff = {"worker_id": "W201", "manager_id": "M301", "team_id": "T401"}
    person = Person("sandbox", "P1004", "Kit", "Placeholder", born, **staff)
    payload = json.loads((HOST / "samples" / f"{form_type}.json").read_text("utf-8"))
    payload["form"]["completed_at"] = datetime(2026, 10, 27, 15, tzinfo=UTC).isoformat()
    payload["person"]["date_of_birth"] = born
    payload["answers"] = starting_answers(sheet(form_type), person, TODAY) | answers
    return try_payload(load_folder(HOST), payload, DEFAULTS, WorkingDays(), TODAY)


@pytest.mark.parametrize(
    ("form_type", "born", "changes", "status", "wanted"),
    [
        ("annual_contact_outcome", "2004-02-21", {}, "closed_annual_contact", ["T30"]),
        (
            "annual_contact_outcome",
            "2004-02-21",
            {"wants_support": "yes", "local_offer_given": "no"},
            "closed_annual_contact",
            ["T31", "T09", "T30"],
        ),
        ("family_request", "2007-02-21", {}, "request_awaiting_manager", ["T06"]),
        (
            "family_request",
            "2007-02-21",
            {"manager_decision": "agreed", "manager_decided_on": "2026-10-26"},
            "request_agreed",
            [],
        ),
    ],
)
def test_it_leads_to_what_a_reader_expects(
    form_type: str, born: str, changes: dict[str, str], status: str, wanted: list[str]
) -> None:
    result = tried(form_type, born, **changes)
    assert (result["status"], result["problems"]) == (status, [])
    assert [each["task"] for each in result["tasks"]] == wanted
