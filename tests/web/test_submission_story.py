"""What became of a submission, for the holder of the API token."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from receiving import TOKEN, Clock, Sender

from connector.model import Effect, EffectKind, Problem, Severity
from connector.store import Store
from connector.web import WebServices, create_app

BEARER = {"Authorization": f"Bearer {TOKEN}"}
OUTCOME = Effect(EffectKind.OUTCOME, "outcome", "lcf-1", "P-1", 0, {"line": "Canary-5519"})
PROBLEM = Problem("DS-06", Severity.HOLD, "Ask the manager.", "Criterion A")


@pytest.fixture
def processed(sender: Sender, store: Store, clock: Clock) -> str:
    submission: str = sender.post().json["submission"]
    with store.transaction() as tx:
        tx.submissions.settle(
            submission,
            "processed",
            processed_at=clock(),
            form_type="tailored_support_agreement",
            form_id="F-1",
            version="1",
            person_ids=("P-1",),
            status="awaiting_agreement",
            line="Canary-5519",
            problems=(PROBLEM,),
        )
        tx.effects.add(submission, "north", OUTCOME, now=clock())
    return submission


def test_it_shows_states_problems_and_references_but_no_answers(
    processed: str, client: FlaskClient
) -> None:
    answer = client.get(f"/submissions/{processed}", headers=BEARER)
    assert answer.status_code == 200
    story = answer.json
    [effect] = story.pop("effects")
    assert story == {
        "submission": processed,
        "host": "north",
        "state": "working",
        "reason": "",
        "received_at": "2026-11-02T09:00:00+00:00",
        "processed_at": "2026-11-02T09:00:00+00:00",
        "form": {"type": "tailored_support_agreement", "id": "F-1", "version": "1"},
        "status": "awaiting_agreement",
        "problems": [
            {
                "rule": "DS-06",
                "severity": "H",
                "question": "Criterion A",
                "message": "Ask the manager.",
            }
        ],
    }
    assert (effect["kind"], effect["state"], effect["reference"], effect["host_reference"]) == (
        "outcome",
        "planned",
        "lcf-1",
        None,
    )
    assert "Canary-5519" not in answer.text


def test_a_form_just_received_has_a_story_too(sender: Sender, client: FlaskClient) -> None:
    kept = sender.post().json
    shown = client.get(f"/submissions/{kept['submission']}", headers=BEARER).json
    assert (shown["state"], shown["problems"], shown["effects"]) == ("received", [], [])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer \xff\xfe"},
    ],
)
def test_without_the_token_nothing_is_shown(
    headers: dict[str, str], processed: str, client: FlaskClient
) -> None:
    for submission in (processed, "sub_unknown"):
        answer = client.get(f"/submissions/{submission}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_a_token_set_up_the_route_is_closed(services: WebServices, processed: str) -> None:
    client = create_app(replace(services, api_token="")).test_client()
    for header in ("Bearer ", "Bearer", ""):
        answer = client.get(f"/submissions/{processed}", headers={"Authorization": header})
        assert answer.status_code == 401


def test_an_unknown_submission_is_not_found(client: FlaskClient) -> None:
    assert client.get("/submissions/sub_unknown", headers=BEARER).status_code == 404


@pytest.mark.parametrize("path", ["%00", "sub_%00", "%ED%A0%80", "sub_1%27--", "x" * 5000])
def test_letters_that_no_id_has_name_no_submission(path: str, client: FlaskClient) -> None:
    assert client.get(f"/submissions/{path}", headers=BEARER).status_code == 404
