"""The host says no, not now, or look elsewhere (E7, E8, E10, E12)."""

import io
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from fault_stage import Running, Stage
from invariants import as_a_person_would
from live_forms import assessment

WRITES = 5
KINDS = ("outcome", "case_note", "document", "task")
FIXES = {
    400: "template",
    401: "credentials",
    403: "the right to write",
    404: "merged",
    405: "address and method",
    412: "changed meanwhile",
    413: "limit",
    415: "content type",
    422: "template",
}
SIGNED_IN = {
    "auth: {type: bearer, token_env: SANDBOX_TOKEN}": (
        "auth: {type: oauth2_client_credentials, token_url_env: SANDBOX_TOKEN_URL, "
        "client_id: connector, client_secret_env: SANDBOX_TOKEN}"
    )
}
signed_in = pytest.mark.parametrize("stage", [SIGNED_IN], indirect=True, ids=["with a token"])


def met(running: Running, stage: Stage, *faults: str) -> dict[str, Any]:
    """A form whose writes meet these faults, one after the other, as far as it gets at once."""
    stage.script.writes.extend(faults)
    running.take(assessment(), "d1")
    running.work()
    return {each["kind"]: each for each in reversed(running.effects())}


def messages(running: Running, effect: str) -> list[str]:
    with running.store.transaction() as tx:
        return [each["message"] for each in tx.effects.attempts(effect)]


@pytest.mark.faults("E7", "E8", "E10", "I3", "I6")
@pytest.mark.parametrize("status", FIXES)
def test_a_refusal_is_parked_at_once_with_what_to_do_and_nothing_else_waits(
    status: int, stage: Stage, running: Running
) -> None:
    places = {kind: [""] * number + [str(status)] for number, kind in enumerate(KINDS)}
    struck = KINDS[status % len(KINDS)]
    writes = met(running, stage, *places[struck])
    assert (writes[struck]["state"].value, writes[struck]["attempts"]) == ("parked", 1)
    assert f"answered {status}" in writes[struck]["reason"]
    assert FIXES[status] in writes[struck]["reason"]
    others = [each for each in running.effects() if each["id"] != writes[struck]["id"]]
    assert {each["state"].value for each in others} == {"confirmed"}
    running.later(days=7)
    running.until_rest()
    assert stage.script.received == len(running.effects())


@pytest.mark.faults("E8", "I2", "I6")
def test_a_document_that_is_too_large_goes_once_when_the_host_takes_it(
    stage: Stage, running: Running
) -> None:
    written = met(running, stage, "", "", "413")
    assert "IT raises its limit" in written["document"]["reason"]
    assert stage.held("document") == []
    as_a_person_would(stage, running)
    running.until_rest()
    assert len(stage.held("document")) == 1


@pytest.mark.faults("E10", "I3")
@pytest.mark.parametrize("conflict", ["409", "412"])
def test_a_conflict_with_what_a_worker_wrote_meanwhile_is_shown_and_their_words_stay(
    conflict: str, stage: Stage, running: Running
) -> None:
    form, words = assessment(), {"status": "as they wrote it"}
    theirs = stage.host.held.add("outcome", "typed by hand", form["person"]["id"], words)
    stage.script.writes.extend([conflict] + ["", "", "", ""] + [conflict] * 40)
    running.take(form, "d1")
    running.until_rest()
    (parked,) = running.effects("parked")
    assert parked["kind"] == "outcome"
    assert parked["attempts"] == 1
    assert "changed" in parked["reason"]
    assert stage.held("outcome") == [theirs.as_json()]


@pytest.mark.faults("E7", "I2")
def test_a_conflict_with_our_own_earlier_write_means_that_it_is_there(
    stage: Stage, running: Running
) -> None:
    stage.host.unique = True
    stage.script.writes.append("late commit when let go")
    running.take(assessment(), "d1")
    running.work()
    running.later(minutes=11)
    stage.host.let_go()
    stage.script.reads.append("stale replica")
    running.until_rest()
    assert {each["state"].value for each in running.effects()} == {"confirmed"}
    assert (stage.script.received, len(stage.held())) == (WRITES + 1, WRITES)


@signed_in
@pytest.mark.faults("E7", "I2")
def test_a_token_that_ran_out_is_renewed_once_and_the_write_made(
    stage: Stage, running: Running
) -> None:
    writes = met(running, stage, "", "401")
    assert (writes["case_note"]["state"].value, stage.host.tokens) == ("confirmed", 2)
    assert (stage.script.received, len(stage.held())) == (WRITES + 1, WRITES)


@signed_in
@pytest.mark.faults("E7", "I3", "I6")
def test_a_new_token_that_is_refused_too_is_for_a_person(stage: Stage, running: Running) -> None:
    writes = met(running, stage, "", "401", "401")
    assert (writes["case_note"]["state"].value, stage.host.tokens) == ("parked", 2)
    assert "credentials" in writes["case_note"]["reason"]


IN_AN_HOUR = "in an hour"


@pytest.mark.faults("E7", "I2")
@pytest.mark.parametrize("wish", ["0", "3600", IN_AN_HOUR, "-5", "in a moment", "9" * 400])
def test_a_wish_to_wait_is_kept_within_bounds(wish: str, stage: Stage, running: Running) -> None:
    in_an_hour = format_datetime(running.at + timedelta(hours=1), usegmt=True)
    stage.script.wishes.append(in_an_hour if wish == IN_AN_HOUR else wish)
    note = met(running, stage, "", "429")["case_note"]
    assert note["state"].value == "planned"
    assert timedelta(seconds=1.6) <= note["not_before"] - running.at <= timedelta(seconds=4)
    running.until_rest()
    assert (stage.script.received, len(stage.held())) == (WRITES + 1, WRITES)


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """Another host, and what was asked of it."""
    asked: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name http.server calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/elsewhere", asked
    server.shutdown()
    server.server_close()


@pytest.mark.faults("E12", "I2", "I3")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(
    status: int, stage: Stage, running: Running, trap: tuple[str, list[str]], log: io.StringIO
) -> None:
    stage.host.elsewhere, asked = trap
    note = met(running, stage, "", f"redirect {status}")["case_note"]
    assert "names another address, which is never followed" in messages(running, note["id"])[0]
    assert f'"http_status": {status}' in log.getvalue()
    running.until_rest()
    assert (asked, len(stage.held())) == ([], WRITES)


@pytest.mark.faults("E12", "E4")
@pytest.mark.parametrize("elsewhere", ["", "http://169.254.169.254/latest/meta-data/"])
def test_a_look_up_that_is_sent_elsewhere_found_nothing_and_nobody_is_told_who_we_are(
    elsewhere: str, stage: Stage, running: Running, trap: tuple[str, list[str]]
) -> None:
    stage.host.elsewhere, asked = elsewhere or trap[0], trap[1]
    stage.script.writes.append("work then 500")
    running.take(assessment(), "d1")
    running.duties.process_waiting()
    stage.script.reads.extend(["read redirect"] * 3)
    running.until_rest()
    assert (asked, stage.script.received, len(stage.held())) == ([], WRITES, WRITES)
