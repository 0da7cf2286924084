"""A form that is completed on a page reaches the connector as a signed webhook."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from ears import Listener, body_of
from flask import Flask
from flask.testing import FlaskClient

from connector.sandbox.sheets import FORM_TYPES, sheet
from connector.signature import Authentication, Outcome, verify
from schemas import FORMS

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
NOW = datetime(2026, 3, 27, 14, 5, tzinfo=UTC)
STANDARD = Authentication(kind="standard_webhooks", secret_env=("X",))


class Filled(HTMLParser):
    """What a browser would send if the form on a page were completed as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "input" and (has.get("type") not in ("radio", "checkbox") or "checked" in has):
            self.sent.append((has["name"], has["value"]))
        elif tag == "select":
            self._select = has["name"]
        elif tag == "option" and "selected" in has:
            self.sent.append((self._select, has["value"]))
        elif tag == "textarea":
            self._textarea = has["name"]
            self.sent.append((self._textarea, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.sent[-1] = (self._textarea, data.lstrip("\n"))

    def with_changes(self, **changes: str) -> dict[str, list[str]]:
        form: dict[str, list[str]] = {}
        for name, value in self.sent:
            form.setdefault(name, []).append(value)
        return form | {name: [value] for name, value in changes.items()}


def _complete(worker: FlaskClient, path: str, **changes: str) -> str:
    page = worker.get(path)
    assert page.status_code == 200
    answer = worker.post(path, data=Filled(page.text).with_changes(**changes))
    assert answer.status_code == 303
    return answer.location


def _new(person_id: str, form_type: str) -> str:
    return f"/registers/sandbox/people/{person_id}/forms/{form_type}"


def test_a_completed_form_arrives_signed(worker: FlaskClient, listener: Listener) -> None:
    shown = _complete(worker, _new("P1002", "tailored_support_agreement"))
    [(path, headers, body)] = listener.heard
    assert path == "/hooks/sandbox"
    assert verify(STANDARD, (SECRET,), headers, {}, body, NOW).outcome == Outcome.ACCEPTED
    assert verify(STANDARD, (SECRET,), headers, {}, body + b" ", NOW).outcome == Outcome.REFUSED
    said = worker.get(shown).text
    assert "The connector has received the form" in said
    assert "Received (202)" in said


def test_the_envelope_names_form_person_and_workers(
    worker: FlaskClient, listener: Listener
) -> None:
    _complete(worker, _new("P1002", "tailored_support_agreement"))
    body = body_of(listener)
    form = body["form"]
    assert body["event"] == "form.completed"
    assert body["delivery"] == listener.heard[0][1]["webhook-id"]
    assert (form["version"], form["type"]) == (1, "tailored_support_agreement")
    assert (form["status"], form["completed_at"]) == ("completed", "2026-03-27T14:05:00+00:00")
    assert form["url"].endswith(f"/registers/sandbox/forms/{form['id']}")
    assert body["person"] == {
        "id": "P1002",
        "first_name": "Alex",
        "last_name": "Sample",
        "date_of_birth": "2006-11-27",
        "restricted": False,
    }
    assert body["worker"] == {"id": "W202", "name": "Ash Adviser"}
    assert body["completed_by"]["id"] == "W202"
    assert body["manager"] == {"id": "M301", "name": "Morgan Manager"}
    assert body["team"] == {"id": "T401", "name": "Leaving care team"}


def test_an_agreement_carries_its_parties_and_blank_rows(
    worker: FlaskClient, listener: Listener
) -> None:
    _complete(worker, _new("P1002", "tailored_support_agreement"))
    answers = body_of(listener)["answers"]
    assert answers["criterion_a_role_not_understood"] == "yes"
    assert answers["agreement_date"] == "2026-03-25"
    assert answers["visit_interval_weeks"] == 0
    assert answers["family_request_details"] == ""
    assert answers["parties"][0] == {
        "name": "Sam Worker",
        "party_type": "professional",
        "role": "Adult social worker",
        "agreed": "yes",
        "agreed_on": "2026-03-22",
        "comment": "",
    }
    assert len(answers["parties"]) == 5
    assert set(answers["parties"][4].values()) == {""}


def test_an_assessment_carries_its_areas_and_actions(
    worker: FlaskClient, listener: Listener
) -> None:
    _complete(worker, _new("P1004", "post_21_assessment"))
    answers = body_of(listener)["answers"]
    assert answers["assessment_type"] == "returner_21_to_24"
    assert answers["area_accommodation_needs_support"] == "yes"
    assert answers["area_accommodation_support_needed"].startswith("Help to look")
    assert answers["types_of_support"] == ["accommodation"]
    assert answers["outcome"] == "remain_open"
    assert answers["actions"][0] == {
        "row_id": "1",
        "what": "Help to view three flats",
        "who": "pa",
        "owner_name": "Ash Adviser",
        "due_on": "2026-04-17",
        "area": "accommodation",
        "done": "no",
    }
    assert set(answers["actions"][5].values()) == {""}


def test_a_form_for_someone_nearly_21_is_no_returner(
    worker: FlaskClient, listener: Listener
) -> None:
    _complete(worker, _new("P1003", "post_21_assessment"))
    answers = body_of(listener)["answers"]
    assert (answers["assessment_type"], answers["requested_on"]) == ("approaching_21", "")


@pytest.mark.parametrize("form_type", FORM_TYPES)
def test_the_pages_ask_what_the_connector_reads(form_type: str) -> None:
    asked = {question.name: question for question in sheet(form_type).questions}
    known = FORMS[form_type].questions
    # The council's own closure questions belong to the council's own forms.
    assert known.keys() - asked.keys() <= {"closure_other"}
    assert asked.keys() <= known.keys()
    for name, question in asked.items():
        assert question.options.keys() <= (known[name].choices or question.options).keys()
        for column in question.columns:
            columns = known[name].columns or {}
            assert column.options.keys() <= (columns[column.name].choices or column.options).keys()


def test_changes_of_the_worker_are_sent(worker: FlaskClient, listener: Listener) -> None:
    _complete(
        worker,
        _new("P1001", "tailored_support_agreement"),
        person_first_name="Róisín",
        restricted="yes",
        date_of_death="2026-03-01",
        worker_id="W9",
        visiting_pattern="One.\r\nTwo.",
        **{"parties-3-name": "Ann Other", "parties-3-agreed": "no"},
    )
    body = body_of(listener)
    assert body["person"]["first_name"] == "Róisín"
    assert (body["person"]["restricted"], body["person"]["date_of_death"]) == (True, "2026-03-01")
    assert body["worker"]["id"] == "W9"
    assert body["answers"]["visiting_pattern"] == "One.\nTwo."
    assert body["answers"]["parties"][2]["agreed"] == "no"
    record = worker.get("/registers/sandbox/people/P1001").text
    assert "Róisín" in record
    assert "Restricted record" in record


def test_what_a_form_leaves_blank_stays_on_the_record(
    worker: FlaskClient, listener: Listener
) -> None:
    _complete(worker, _new("P1001", "tailored_support_agreement"), date_of_birth="")
    assert body_of(listener)["person"]["date_of_birth"] == ""
    assert "27 January 2009" in worker.get("/registers/sandbox/people/P1001").text


def test_completing_again_sends_the_next_version(worker: FlaskClient, listener: Listener) -> None:
    _complete(worker, _new("P1002", "tailored_support_agreement"), manager_agreed="pending")
    form_id = body_of(listener)["form"]["id"]
    kept = f"/registers/sandbox/forms/{form_id}"
    _complete(worker, kept, manager_agreed="yes")
    first, second = body_of(listener, 0), body_of(listener, 1)
    assert second["form"] == first["form"] | {"version": 2, "status": "amended"}
    changed = {
        name for name in first["answers"] if first["answers"][name] != second["answers"][name]
    }
    assert changed == {"manager_agreed"}
    assert first["delivery"] != second["delivery"]
    _complete(worker, kept, do="withdraw")
    assert (body_of(listener)["form"]["version"], body_of(listener)["form"]["status"]) == (
        3,
        "withdrawn",
    )


def test_a_refused_form_is_kept_and_sent_again_unchanged(
    worker: FlaskClient, listener: Listener
) -> None:
    listener.status = 503
    shown = _complete(worker, _new("P1002", "tailored_support_agreement"))
    assert "The connector did not take the form" in worker.get(shown).text
    listener.status = 202
    assert worker.post(f"{shown}/send").location == shown
    assert "The connector has received the form" in worker.get(shown).text
    first, second = listener.heard
    assert first[2] == second[2]
    assert first[1]["webhook-id"] == second[1]["webhook-id"]


def test_a_form_that_cannot_be_sent_is_kept(make_sandbox: Callable[..., Flask]) -> None:
    for url, why in (("", "CONNECTOR_URL is not set"), ("http://127.0.0.1:9", "Nothing answered")):
        worker = make_sandbox(connector_url=url).test_client()
        said = worker.get(_complete(worker, _new("P1002", "post_21_assessment"))).text
        assert "The form has not reached the connector" in said
        assert why in said
        assert "Not received" in worker.get("/registers/sandbox/people/P1002").text


def test_the_webhooks_page_lists_what_was_sent(worker: FlaskClient) -> None:
    _complete(worker, _new("P1002", "tailored_support_agreement"))
    _complete(worker, _new("P1004", "post_21_assessment"))
    assert len(re.findall(r"/webhooks/msg_\w+/send", worker.get("/webhooks").text)) == 2
