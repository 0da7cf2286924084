"""Every sample of an event that ships with a host, as the event it stands for."""

from datetime import date, datetime
from typing import Any

import pytest
from shipped import HOSTS, example, profile, sample_event, sample_events

from connector.events import Event, EventKind
from connector.mapping import Outcome, translate

REFERENCE = "lcf-3f9a0c1b2d4e5f607182"
ROW = "5e0f0e0e-1b0a-ef11-9f89-000000000031"
CONTACT = "11111111-2222-4333-8444-000000000001"
USER = "75c2dd85-e89e-e711-8122-0000000000"
KIM = "Kim Adviser"
MARCH = datetime.fromisoformat("2026-03-20T10:15:00+00:00")
JULY = datetime.fromisoformat("2026-07-01T00:15:00+01:00")

TASKS: dict[str, dict[str, Any]] = {
    "sandbox": {"task_id": "t-31", "task_reference": REFERENCE, "person_id": "p-4"},
    "flat": {"task_id": "55120", "task_reference": REFERENCE, "person_id": "400123"},
    "question-code": {"task_id": "771204", "task_reference": REFERENCE, "person_id": "900456"},
    "dataverse": {"task_id": ROW, "task_reference": REFERENCE, "person_id": CONTACT},
    "fhir": {"task_id": "task-771", "task_reference": REFERENCE, "person_id": "900456"},
}
DONE: dict[str, dict[str, Any]] = {
    "sandbox": {"done_on": date(2026, 3, 19), "result": "change_needed"},
    "flat": {"done_on": date(2026, 3, 19), "result": "no_change"},
    "question-code": {"done_on": date(2026, 6, 30), "result": "change_needed"},
    "dataverse": {"done_on": date(2026, 3, 19), "result": "change_needed"},
    "fhir": {"done_on": date(2026, 3, 19), "result": "no_change"},
}
OTHERS: dict[tuple[str, str], dict[str, Any]] = {
    ("sandbox", "task_reassigned"): {**TASKS["sandbox"], "worker_id": "w-2", "worker_name": KIM},
    ("sandbox", "roles_changed"): {
        "person_id": "p-4", "worker_id": "w-2", "worker_name": KIM, "manager_id": "m-1",
        "team_id": "leaving-care",
    },
    ("sandbox", "worker_left"): {"worker_id": "w-1", "worker_name": "Jo Adviser"},
    ("sandbox", "person_died"): {"person_id": "p-4", "died_on": date(2026, 3, 18)},
    ("sandbox", "death_corrected"): {"person_id": "p-4"},
    ("sandbox", "person_merged"): {"person_id": "p-4", "new_person_id": "p-5"},
    ("sandbox", "person_restricted"): {"person_id": "p-4", "restricted": True},
    ("sandbox", "form_reopened"): {"person_id": "p-4", "form_id": "f-9"},
    ("sandbox", "form_withdrawn"): {"person_id": "p-4", "form_id": "f-9"},
    ("sandbox", "support_requested"): {
        "person_id": "p-4", "requested_on": date(2026, 3, 16), "previous_pa_id": "w-1",
    },
    ("flat", "task_reassigned"): {**TASKS["flat"], "worker_id": "7790", "worker_name": KIM},
    ("flat", "roles_changed"): {
        "person_id": "400123", "worker_id": "7790", "worker_name": KIM, "team_id": "LC1",
    },
    ("flat", "worker_left"): {"worker_id": "7781", "worker_name": "Jo Adviser"},
    ("flat", "person_died"): {"person_id": "400123", "died_on": date(2026, 3, 18)},
    ("flat", "death_corrected"): {"person_id": "400123"},
    ("flat", "person_merged"): {"person_id": "400123", "new_person_id": "400777"},
    ("flat", "person_restricted"): {"person_id": "400123", "restricted": True},
    ("flat", "support_requested"): {
        "person_id": "400123", "requested_on": date(2026, 3, 20), "previous_pa_id": "7781",
    },
    ("question-code", "task_reassigned"): {**TASKS["question-code"], "team_id": "311"},
    ("question-code", "roles_changed"): {
        "person_id": "900456", "worker_id": "20977", "worker_name": KIM, "manager_id": "30007",
        "team_id": "311",
    },
    ("question-code", "worker_left"): {"worker_id": "20931", "worker_name": "Jo Adviser"},
    ("question-code", "person_died"): {"person_id": "900456", "died_on": date(2026, 6, 29)},
    ("question-code", "death_corrected"): {"person_id": "900456"},
    ("question-code", "person_merged"): {"person_id": "900456", "new_person_id": "900999"},
    ("question-code", "person_restricted"): {"person_id": "900456", "restricted": False},
    ("question-code", "form_reopened"): {"person_id": "900456", "form_id": "5520187"},
    ("question-code", "form_withdrawn"): {"person_id": "900456", "form_id": "5520187"},
    ("question-code", "support_requested"): {
        "person_id": "900456", "requested_on": date(2026, 7, 1), "previous_pa_id": "20931",
    },
    ("dataverse", "task_reassigned"): {
        **TASKS["dataverse"], "worker_id": f"{USER}02", "worker_name": KIM,
    },
    ("dataverse", "roles_changed"): {
        "person_id": CONTACT, "worker_id": f"{USER}02", "worker_name": KIM,
        "manager_id": f"{USER}09", "team_id": f"{USER}aa",
    },
    ("dataverse", "person_died"): {"person_id": CONTACT, "died_on": date(2026, 3, 18)},
    ("dataverse", "death_corrected"): {"person_id": CONTACT},
    ("dataverse", "person_merged"): {
        "person_id": CONTACT, "new_person_id": CONTACT.replace("0001", "0777"),
    },
    ("fhir", "roles_changed"): {
        "person_id": "900456", "worker_id": "20977", "worker_name": KIM, "team_id": "311",
    },
    ("fhir", "worker_left"): {"worker_id": "20931", "worker_name": "Jo Adviser"},
    ("fhir", "person_died"): {"person_id": "900456", "died_on": date(2026, 3, 18)},
    ("fhir", "person_merged"): {"person_id": "900456", "new_person_id": "900999"},
    ("fhir", "support_requested"): {
        "person_id": "900456", "requested_on": date(2026, 3, 16), "previous_pa_id": "20931",
    },
}  # fmt: skip
EXPECTED = OTHERS | {
    pair: facts
    for host, task in TASKS.items()
    for pair, facts in {
        (host, "task_completed"): task | DONE[host],
        (host, "task_cancelled"): task | {"reason": "Entered twice"},
    }.items()
}


@pytest.mark.parametrize(("host", "kind"), EXPECTED)
def test_a_sample_is_the_event_it_is_named_after(host: str, kind: str) -> None:
    at = JULY if host == "question-code" else MARCH
    got = translate(profile(host), sample_event(host, kind))
    assert got.event == Event(EventKind(kind), at, **EXPECTED[host, kind]), got.reason
    assert (got.outcome, got.readings) == (Outcome.EVENT, ())


def test_every_sample_is_one_of_these() -> None:
    assert {(host, kind) for host in HOSTS for kind in sample_events(host)} == set(EXPECTED)
    for host in ("sandbox", "question-code"):
        assert sample_events(host) == tuple(sorted(EventKind))


@pytest.mark.parametrize("status", ["reopened", "withdrawn"])
def test_a_sandbox_form_with_its_answers_stays_a_form(status: str) -> None:
    form = {"id": "f-9", "type": "post_21_assessment", "status": status, "version": 2}
    sent = {"event": f"form.{status}", "form": form, "answers": {"outcome": "close_case"}}
    got = translate(profile("sandbox"), sent)
    assert (got.outcome, got.form_id) == (Outcome.READ, "f-9")


def test_a_flat_form_that_is_withdrawn_stays_a_form() -> None:
    withdrawn = example("flat") | {"eventType": "FORM_WITHDRAWN", "formStatus": "Withdrawn"}
    assert translate(profile("flat"), withdrawn).outcome is Outcome.READ


def test_what_the_connector_changed_itself_is_an_echo() -> None:
    done = sample_event("sandbox", "task_completed") | {"modified_by": {"id": "connector"}}
    assert translate(profile("sandbox"), done).outcome is Outcome.ECHO
    done = sample_event("flat", "task_completed") | {"changedBy": "LC_CONNECTOR"}
    assert translate(profile("flat"), done).outcome is Outcome.ECHO
    form = example("dataverse") | {"InitiatingUserId": f"{USER}cc"}
    assert translate(profile("dataverse"), form).outcome is Outcome.ECHO


@pytest.mark.parametrize(
    ("host", "kind", "change"),
    [
        ("sandbox", "task_completed", {"event": "task.opened"}),
        ("flat", "task_completed", {"eventType": "TASK_OPENED"}),
        ("fhir", "task_completed", {"status": "in-progress"}),
        ("fhir", "worker_left", {"active": True}),
        ("fhir", "support_requested", {"status": "draft"}),
    ],
)
def test_events_nobody_asked_for_are_ignored(host: str, kind: str, change: Any) -> None:
    got = translate(profile(host), sample_event(host, kind) | change)
    assert (got.outcome, got.event) == (Outcome.IGNORED, None)


def test_an_update_that_does_not_name_the_date_of_death_takes_none_back() -> None:
    payload = sample_event("dataverse", "death_corrected")
    del payload["InputParameters"][0]["value"]["Attributes"][0]
    assert translate(profile("dataverse"), payload).outcome is Outcome.IGNORED


def test_other_outcomes_of_a_flat_task_say_nothing_about_the_contact() -> None:
    payload = sample_event("flat", "task_completed") | {"taskOutcome": "Letter sent"}
    event = translate(profile("flat"), payload).event
    assert event is not None
    assert event.result is None
