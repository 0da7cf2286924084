"""A webhook in: proven, within limits, kept, answered."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from receiving import FORM, SECRET, START, Clock, Sender
from werkzeug.test import TestResponse

from connector.store import Store
from connector.web import WebServices, create_app


def listing(store: Store) -> list[tuple[str, str]]:
    with store.transaction() as tx:
        return [(each.id, each.state) for each in tx.submissions.listing()]


def assert_problem(answer: TestResponse, status: int, *words: str) -> None:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    facts = json.loads(answer.data)
    assert facts["status"] == status
    assert {"type", "title", "detail"} <= facts.keys()
    for word in words:
        assert word in facts["detail"]


def test_a_signed_form_is_on_disk_when_the_answer_is_202(sender: Sender, store: Store) -> None:
    answer = sender.post()
    assert answer.status_code == 202
    submission = answer.json["submission"]
    assert answer.json == {
        "submission": submission,
        "state": "received",
        "status_url": f"https://forms.example.gov.uk/connector/submissions/{submission}",
    }
    with store.transaction() as tx:
        assert json.loads(tx.submissions.body(submission)) == FORM
        kept = tx.submissions.get(submission)
    assert (kept.host, kept.delivery_id, kept.received_at) == ("north", "msg_1", START)


def test_the_same_delivery_again_gives_the_same_submission(sender: Sender, store: Store) -> None:
    first = sender.post().json["submission"]
    again = sender.post()
    assert (again.status_code, again.json["submission"], again.json["duplicate"]) == (
        202,
        first,
        True,
    )
    assert listing(store) == [(first, "received")]


@pytest.mark.faults("R1", "I1")
def test_two_hundred_copies_at_once_make_one_submission(
    services: WebServices, clock: Clock, store: Store
) -> None:
    app = create_app(services)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: Sender(app.test_client(), clock).post(), range(200)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["submission"] for answer in answers}) == 1
    assert sum("duplicate" not in answer.json for answer in answers) == 1
    assert len(listing(store)) == 1


@pytest.mark.faults("R2")
def test_another_body_under_the_same_delivery_id_is_refused_and_kept(
    sender: Sender, store: Store
) -> None:
    first = sender.post().json["submission"]
    assert_problem(sender.post({"form": {"id": "F-2"}}), 409, "another body")
    with store.transaction() as tx:
        [aside] = tx.quarantine.listing()
        assert json.loads(tx.quarantine.body(aside.id)) == {"form": {"id": "F-2"}}
        assert json.loads(tx.submissions.body(first)) == FORM
    assert listing(store) == [(first, "received")]


def test_an_old_but_authentic_form_is_held_not_lost(
    sender: Sender, clock: Clock, store: Store
) -> None:
    sent_at = clock()
    clock.forward(minutes=6)
    answer = sender.post(sent_at=sent_at)
    assert (answer.status_code, answer.json["state"]) == (202, "held_stale")
    again = sender.post(sent_at=sent_at)
    assert (again.json["state"], again.json["duplicate"]) == ("held_stale", True)


def test_a_replay_of_what_we_hold_is_a_duplicate_after_a_year_too(
    sender: Sender, clock: Clock, store: Store
) -> None:
    sent_at = clock()
    first = sender.post().json["submission"]
    clock.forward(days=366)
    replay = sender.post(sent_at=sent_at)
    assert (replay.json["submission"], replay.json["duplicate"]) == (first, True)
    assert listing(store) == [(first, "received")]


def test_a_held_form_is_released_by_a_copy_signed_now(sender: Sender, clock: Clock) -> None:
    sent_at = clock()
    clock.forward(minutes=6)
    held = sender.post(sent_at=sent_at).json["submission"]
    fresh = sender.post()
    assert (fresh.json["submission"], fresh.json["state"]) == (held, "received")


@pytest.mark.faults("R12")
def test_a_clock_that_steps_back_makes_no_second_form_of_a_copy(
    sender: Sender, clock: Clock, store: Store
) -> None:
    sent_at = clock()
    first = sender.post().json["submission"]
    for minutes in (-10, 20, -10):
        clock.forward(minutes=minutes)
        again = sender.post(sent_at=sent_at).json
        assert (again["submission"], again["state"]) == (first, "received")
    assert listing(store) == [(first, "received")]


@pytest.mark.parametrize("minutes", [-10, 10])
def test_what_a_wrong_clock_held_goes_on_once_the_clock_is_right(
    minutes: int, sender: Sender, clock: Clock, store: Store
) -> None:
    sent_at = clock()
    clock.forward(minutes=minutes)
    held = sender.post(sent_at=sent_at).json
    assert held["state"] == "held_stale"
    clock.forward(minutes=-minutes)
    again = sender.post(sent_at=sent_at).json
    assert (again["submission"], again["state"]) == (held["submission"], "received")


@pytest.mark.parametrize("stuck", ["broken", "unmapped"])
@pytest.mark.faults("R6")
def test_a_copy_of_a_stuck_form_sets_it_going_again(
    stuck: str, sender: Sender, store: Store, clock: Clock
) -> None:
    first = sender.post().json["submission"]
    with store.transaction() as tx:
        tx.submissions.settle(first, stuck, processed_at=clock(), reason="no mapping")
    assert sender.post().json["state"] == "received"
    assert listing(store) == [(first, "received")]


@pytest.mark.parametrize(("settled", "shown"), [("processed", "done"), ("ignored", "ignored")])
@pytest.mark.faults("R6")
def test_a_copy_of_a_finished_form_changes_nothing(
    settled: str, shown: str, sender: Sender, store: Store, clock: Clock
) -> None:
    first = sender.post().json["submission"]
    with store.transaction() as tx:
        tx.submissions.settle(first, settled, processed_at=clock())
    assert sender.post().json["state"] == shown
    assert listing(store) == [(first, settled)]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"webhook-signature": "v1," + "A" * 43 + "="}, "does not match"),
        ({"webhook-signature": ""}, "webhook-signature is missing"),
        ({"webhook-timestamp": "1e9"}, "digits only"),
        ({"webhook-id": "msg_2"}, "does not match"),
    ],
)
def test_what_is_not_proven_is_refused_and_leaves_no_row(
    headers: dict[str, str], words: str, sender: Sender, store: Store
) -> None:
    answer = sender.post(headers=headers)
    assert_problem(answer, 401, words)
    assert "WWW-Authenticate" in answer.headers
    assert listing(store) == []


def test_proof_comes_before_reading(sender: Sender) -> None:
    wrong = {"webhook-signature": "v1,wrong", "Content-Type": "text/plain"}
    assert_problem(sender.post(b"[" * 3000, headers=wrong), 401)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[" * 3000 + b"]" * 3000, 400),
        (b'{"a": NaN}', 400),
        (b'{"a": 1, "a": 2}', 400),
        (b'["\\ud800"]', 400),
        (b'["\\u0000"]', 400),
        (b"[" + b"1" * 5000 + b"]", 400),
        (b"[" + b" " * 1_000_000 + b"]", 413),
    ],
)
def test_a_signed_body_that_cannot_be_read_is_refused_and_leaves_no_row(
    body: bytes, status: int, sender: Sender, store: Store
) -> None:
    assert_problem(sender.post(body), status)
    assert listing(store) == []


def test_a_body_of_exactly_the_limit_is_taken(sender: Sender) -> None:
    assert sender.post(b"[" + b" " * 999_998 + b"]").status_code == 202


def test_a_form_that_is_not_json_is_refused(sender: Sender) -> None:
    assert_problem(sender.post(headers={"Content-Type": "text/plain"}), 415, "application/json")


def test_an_unknown_host_is_told_so(client: FlaskClient) -> None:
    assert_problem(client.post("/hooks/nobody", json={}), 404, "No host")


def test_a_fhir_server_may_put_a_resource(sender: Sender, store: Store) -> None:
    answer = sender.post(
        to="/hooks/{host}/QuestionnaireResponse/r-1",
        method="PUT",
        headers={"Content-Type": "application/fhir+json"},
    )
    assert answer.status_code == 202
    again = sender.post(to="/hooks/{host}/r-1", method="PUT")
    assert again.json["duplicate"] is True


def test_without_a_name_of_its_own_a_delivery_is_named_by_its_body(
    sender: Sender, store: Store
) -> None:
    south = sender.as_host("south")
    first = south.post().json["submission"]
    assert south.post().json["submission"] == first
    assert south.post({"form": {"id": "F-2"}}).json["submission"] != first


def test_a_profile_may_name_the_delivery_by_a_path_or_a_header(
    sender: Sender, store: Store
) -> None:
    sender.as_host("by_path").post()
    sender.as_host("by_header").post(headers={"X-Delivery": "d-77"})
    sender.as_host("by_header").post(headers={"X-Delivery": "x" * 500})
    sender.as_host("by_path").post({"form": {"id": {"not": "an id"}}})
    with store.transaction() as tx:
        named = {each.delivery_id for each in tx.submissions.listing()}
    assert {"F-1", "d-77"} < named
    assert sum(name.startswith("sha256:") and len(name) == 71 for name in named) == 2


def test_the_same_delivery_id_in_two_hosts_is_two_submissions(sender: Sender) -> None:
    one = sender.as_host("by_path").post().json["submission"]
    other = sender.as_host("by_header").post(headers={"X-Delivery": "F-1"}).json["submission"]
    assert one != other


def test_when_nothing_can_be_kept_the_sender_is_asked_to_come_again(
    sender: Sender, store: Store, tmp_path: Path
) -> None:
    if store.shared:
        pytest.skip("about a file that is moved away; test_outages has the server's troubles")
    sender.post()
    (tmp_path / "connector.db").rename(tmp_path / "away.db")
    answer = sender.post(message_id="msg_2")
    assert_problem(answer, 503, "again later")
    assert int(answer.headers["Retry-After"]) > 0
    (tmp_path / "away.db").rename(tmp_path / "connector.db")
    assert sender.post(message_id="msg_2").status_code == 202


def test_nothing_of_a_form_is_logged(
    sender: Sender, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sender.post({"name": "Canary-5519"})
    sender.post(b'{"name": "Canary-5519", "name": ')
    sender.post({"name": "Canary-5519"}, headers={"webhook-signature": "v1,Canary-5519"})
    sender.as_host("south").post({"other": "Canary-5519"})
    out, err = capfd.readouterr()
    assert "Canary-5519" not in out + err + caplog.text
    assert SECRET not in out + err + caplog.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    body=st.binary(max_size=200) | st.text('{}[]":,1e-N\\u', max_size=60).map(str.encode),
    headers=st.dictionaries(
        st.sampled_from(
            ["webhook-id", "webhook-timestamp", "webhook-signature", "Content-Type", "X-Other"]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    ),
    signed=st.booleans(),
)
@pytest.mark.faults("M5")
def test_whatever_is_sent_the_answer_is_never_a_5xx(
    client: FlaskClient, clock: Clock, body: bytes, headers: dict[str, str], signed: bool
) -> None:
    if signed:
        answer = Sender(client, clock).post(body, headers=headers)
    else:
        answer = client.post("/hooks/north", data=body, headers=headers)
    assert answer.status_code < 500
