"""Every page renders in every state, and can be used without a mouse or eyes."""

import re
from base64 import b64encode
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Api = Callable[..., TestResponse]
HOME = "/registers/sandbox"
EMPTY = (
    "/",
    f"{HOME}/people",
    f"{HOME}/people/P1001",
    f"{HOME}/people/P1005",
    f"{HOME}/people/P1002/life",
    f"{HOME}/people/P1001/forms/tailored_support_agreement",
    f"{HOME}/people/P1004/forms/post_21_assessment",
    f"{HOME}/inboxes",
    f"{HOME}/inboxes/worker/W201",
    "/webhooks",
    "/misbehaviour",
)


class Page(HTMLParser):
    """What assistive technology finds on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.headings: list[int] = []
        self.controls: list[str] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.described_by: set[str] = set()
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.language = has.get("lang", self.language)
        self.ids += [has["id"]] if "id" in has else []
        self.described_by |= {has["aria-describedby"]} if "aria-describedby" in has else set()
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag in ("input", "select", "textarea") and has.get("type") != "hidden":
            self.controls.append(has["id"])
        if tag == "label":
            self.labels.add(has["for"])
        self.fetched += [has[name] for name in ("src",) if name in has]
        if tag == "link":
            self.fetched.append(has["href"])


def _check(text: str) -> None:
    page = Page(text)
    assert page.language == "en-GB"
    assert page.headings.count(1) == 1
    assert all(
        after - before <= 1
        for before, after in zip([0, *page.headings], page.headings, strict=False)
    )
    assert set(page.controls) == page.labels
    assert len(page.ids) == len(set(page.ids))
    assert page.described_by <= set(page.ids)
    assert page.fetched == ["/static/sandbox.css", "data:,"]
    assert 'href="#main"' in text
    assert "<script" not in text
    assert "This is a made-up case system." in text


@pytest.mark.parametrize("path", EMPTY)
def test_a_page_of_an_unused_sandbox_can_be_read(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    _check(answer.text)


def _outcome(status: str, line: str) -> dict[str, Any]:
    details = {"status": status, "warnings": ["One.", "Two."], "closed_on": "2026-03-02"}
    return {"reference": "r", "status": status, "line": line, "details": details}


@pytest.fixture
def used(api: Api, task: dict[str, Any]) -> dict[str, str]:
    """A record with something in every place; the ids of its tasks by state."""

    def made(path: str, **body: Any) -> str:
        answer = api("post", path, register="sandbox", json=body)
        return str(answer.get_json()["id"])

    person = "/people/P1002"
    made(f"{person}/outcomes", **_outcome("open", "The case stays open."))
    made(f"{person}/outcomes", **_outcome("needs_attention", "Put right: <b>the form</b>."))
    made(f"{person}/notes", reference="r", title="A note", text="First\nsecond <i>")
    pdf = b64encode(b"%PDF").decode()
    document = {"reference": "r", "name": "v1.pdf", "content_type": "application/pdf"}
    made(f"{person}/documents", **document, content=pdf)
    mine = task | {"person_id": "P1002", "assignee": {"kind": "worker", "id": "W202"}}
    ids = {
        "later": made("/tasks", **mine),
        "open": made("/tasks", **mine | {"opens_on": "2026-03-27"}),
        "overdue": made("/tasks", **mine | {"opens_on": "2026-03-01", "due_on": "2026-03-26"}),
        "done": made("/tasks", **mine),
        "gone": made("/tasks", **mine),
    }
    api("post", f"/tasks/{ids['done']}/complete", register="sandbox", json={"result": "Rang"})
    api("post", f"/tasks/{ids['gone']}/cancel", register="sandbox", json={"reason": "Closed"})
    return ids


def test_a_full_record_shows_everything(browser: FlaskClient, used: dict[str, str]) -> None:
    text = browser.get(f"{HOME}/people/P1002").text
    _check(text)
    assert "Put right: &lt;b&gt;the form&lt;/b&gt;." in text
    assert text.index("Put right") < text.index("The case stays open.")
    for word in ("Needs attention", "One. Two.", "2 March 2026", "v1.pdf", "second &lt;i&gt;"):
        assert word in text
    for state in ("Not open yet", "Open<", "Overdue", "Completed<", "Cancelled<", "Rang", "Closed"):
        assert state in text
    assert "19 years, 4 months" in text


def test_an_inbox_shows_due_dates_reasons_and_whom_it_is_about(
    browser: FlaskClient, used: dict[str, str]
) -> None:
    text = browser.get(f"{HOME}/inboxes/worker/W202").text
    _check(text)
    for word in ("Ash Adviser", "Alex Sample", "16 June 2026", "Why: you answered Yes."):
        assert word in text
    assert text.index("26 March 2026") < text.index("16 June 2026")


@pytest.mark.parametrize("state", ["later", "open", "overdue", "done", "gone"])
def test_a_task_can_be_read_in_every_state(
    browser: FlaskClient, used: dict[str, str], state: str
) -> None:
    _check(browser.get(f"{HOME}/tasks/{used[state]}").text)


def test_the_inboxes_count_open_tasks(browser: FlaskClient, used: dict[str, str]) -> None:
    text = browser.get(f"{HOME}/inboxes").text
    assert "<strong>2</strong>" in text
    for inbox in ("Worker W201", "Worker W202", "Manager M301", "Team T401"):
        assert inbox in text


@pytest.mark.parametrize(("do", "state"), [("complete", "completed"), ("cancel", "cancelled")])
def test_the_buttons_close_a_task(
    browser: FlaskClient, api: Api, used: dict[str, str], do: str, state: str
) -> None:
    path = f"{HOME}/tasks/{used['open']}"
    assert browser.post(path, data={"do": do}).location == f"{HOME}/inboxes/worker/W202"
    held = api("get", f"/tasks/{used['open']}", register="sandbox").get_json()
    assert held["state"] == state
    assert browser.post(path, data={"do": do}).status_code == 409
    assert browser.post(path, data={"do": "dance"}).status_code == 422


def test_an_inbox_hides_what_is_not_open_yet(browser: FlaskClient, used: dict[str, str]) -> None:
    text = browser.get(f"{HOME}/inboxes/worker/W202").text
    assert used["open"] in text
    assert used["overdue"] in text
    assert used["later"] not in text
    assert "1 more task opens later, the next on 19 May 2026." in text


def test_a_contact_ends_with_or_without_a_change_on_the_day_it_was_done(
    browser: FlaskClient, used: dict[str, str]
) -> None:
    path = f"{HOME}/tasks/{used['open']}"
    for words in ("No change", "Change needed", "Done"):
        assert f">{words}</label>" in browser.get(path).text
    browser.post(path, data={"do": "complete", "result": "no_change", "done_on": "2026-03-20"})
    text = browser.get(path).text
    _check(text)
    for words in ("27 March 2026", "20 March 2026", "No change"):
        assert words in text


def test_other_tasks_are_just_done(browser: FlaskClient, api: Api, task: dict[str, Any]) -> None:
    body = task | {"title": "Decide: tailored support"}
    made = api("post", "/tasks", register="sandbox", json=body).get_json()["id"]
    assert "Change needed" not in browser.get(f"{HOME}/tasks/{made}").text


def test_a_day_in_the_future_is_refused_on_the_page(
    browser: FlaskClient, used: dict[str, str]
) -> None:
    path = f"{HOME}/tasks/{used['open']}"
    answer = browser.post(path, data={"do": "complete", "done_on": "2026-03-28"})
    assert answer.status_code == 422
    assert "The date cannot be in the future." in answer.text
    _check(answer.text)


def test_a_task_goes_into_another_inbox(browser: FlaskClient, used: dict[str, str]) -> None:
    path = f"{HOME}/tasks/{used['open']}"
    assert 'value="manager/M301"' in browser.get(path).text
    browser.post(path, data={"do": "reassign", "inbox": "manager/M301"})
    assert used["open"] in browser.get(f"{HOME}/inboxes/manager/M301").text
    assert browser.post(path, data={"do": "reassign"}).status_code == 422


def test_a_task_about_nobody_with_a_document_can_be_read(
    browser: FlaskClient, api: Api, task: dict[str, Any]
) -> None:
    body = task | {"person_id": None, "opens_on": "2026-03-01"}
    made = api("post", "/tasks", register="sandbox", json=body).get_json()["id"]
    document = {"reference": "r", "name": "October list.csv", "content_type": "text/csv"}
    listed = document | {"content": b64encode(b"a,b").decode()}
    answer = api("post", f"/tasks/{made}/documents", register="sandbox", json=listed)
    text = browser.get(f"{HOME}/tasks/{made}").text
    _check(text)
    assert "Nobody in particular" in text
    assert "October list.csv" in text
    assert browser.get(f"{HOME}/documents/{answer.get_json()['id']}").data == b"a,b"
    _check(browser.get(f"{HOME}/inboxes/worker/7781").text)


def test_a_record_lists_tasks_by_state(browser: FlaskClient, used: dict[str, str]) -> None:
    text = browser.get(f"{HOME}/people/P1002").text
    headings = [
        "Outcome",
        "Open tasks",
        "Tasks that open later",
        "Forms",
        "Case summary and other documents",
        "Case notes",
        "Completed and cancelled tasks",
        "What the connector was told",
    ]
    places = [text.index(f">{heading}</h2>") for heading in headings]
    assert places == sorted(places)
    in_order = ("overdue", "open", "later", "done")
    assert [text.index(used[each]) for each in in_order] == sorted(
        text.index(used[each]) for each in in_order
    )


@pytest.mark.parametrize(
    ("act", "said", "words"),
    [
        ("roles", {"worker_id": "W201"}, "Jo Adviser"),
        ("left", {}, "Ash Adviser (has left)"),
        ("death", {"date_of_death": "2026-03-01"}, "1 March 2026"),
        ("restrict", {"restricted": "yes"}, "Restricted record"),
        ("merge", {"into": "P1003"}, "record P1003"),
        ("support", {"requested_on": "2026-03-20"}, "Support requested"),
    ],
)
def test_what_happens_to_a_person_shows_on_their_record(
    browser: FlaskClient, act: str, said: dict[str, str], words: str
) -> None:
    path = f"{HOME}/people/P1002"
    answer = browser.post(f"{path}/life/{act}", data=said)
    assert (answer.status_code, answer.location) == (303, path)
    record = browser.get(path).text
    assert words in record
    _check(record)
    _check(browser.get(f"{path}/life").text)
    _check(browser.get("/webhooks").text)
    _check(browser.get(f"{HOME}/people").text)


def test_what_cannot_happen_is_explained(browser: FlaskClient) -> None:
    path = f"{HOME}/people/P1002/life"
    answer = browser.post(f"{path}/merge", data={"into": ""})
    assert answer.status_code == 422
    assert "Give the number of another record" in answer.text
    _check(answer.text)
    assert browser.post(f"{path}/dance").status_code == 404


def test_a_sent_form_is_taken_back_on_its_page(browser: FlaskClient) -> None:
    path = f"{HOME}/people/P1002"
    browser.post(f"{path}/forms/family_request", data={"completed_by_id": "W202"})
    form = re.findall(r"/forms/(F[0-9A-F]{8})", browser.get(path).text)[0]
    _check(browser.get(f"{HOME}/forms/{form}").text)
    shown = browser.post(f"{HOME}/forms/{form}", data={"do": "reopen"}).location
    event = browser.get(shown).text
    _check(event)
    assert "Form reopened" in event
    assert "answers" not in event
    whole = {"do": "withdraw", "with_answers": "yes"}
    shown = browser.post(f"{HOME}/forms/{form}", data=whole).location
    assert "answers" in browser.get(shown).text
    record = browser.get(path).text
    for words in ("(reopened)", "(withdrawn)", "Form withdrawn"):
        assert words in record


def test_webhooks_are_lost_and_echoed_by_switches_on_the_page(
    browser: FlaskClient, api: Api
) -> None:
    browser.post("/misbehaviour", data={"register": "sandbox", "kind": "webhook", "times": "2"})
    browser.post("/misbehaviour", data={"register": "sandbox", "kind": "echo", "probability": "1"})
    text = browser.get("/misbehaviour").text
    _check(text)
    assert [each["mode"] for each in api("get", "/switches").get_json()["items"]] == [
        "lose",
        "echo",
    ]
    browser.post(f"{HOME}/people/P1002/life/restrict")
    assert "Lost on purpose" in browser.get("/webhooks").text
    for kind, mode in (("webhook", "503"), ("note", "lose"), ("echo", "lose")):
        asked = {"register": "sandbox", "kind": kind, "mode": mode}
        assert browser.post("/misbehaviour", data=asked).status_code == 422


def test_another_web_site_cannot_press_the_buttons(
    browser: FlaskClient, used: dict[str, str]
) -> None:
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    path = f"{HOME}/tasks/{used['open']}"
    assert browser.post(path, headers=from_elsewhere).status_code == 403


def test_switches_are_set_and_removed_on_their_page(browser: FlaskClient, api: Api) -> None:
    asked = {"register": "flat", "kind": "note", "mode": "slow", "times": "3", "seconds": "5"}
    browser.post("/misbehaviour", data=asked)
    browser.post("/misbehaviour", data=asked | {"times": "", "probability": "0.25"})
    text = browser.get("/misbehaviour").text
    _check(text)
    assert "the next 3" in text
    assert "25 of 100 times" in text
    first, second = api("get", "/switches").get_json()["items"]
    assert (first["mode"], first["seconds"]) == ("slow", 5)
    browser.post("/misbehaviour/off", data={"id": first["id"]})
    assert api("get", "/switches").get_json()["items"] == [second]
    browser.post("/misbehaviour/off")
    assert api("get", "/switches").get_json()["items"] == []


def test_a_wrong_switch_is_explained_on_its_page(browser: FlaskClient) -> None:
    answer = browser.post("/misbehaviour", data={"register": "", "kind": "note", "mode": "503"})
    assert answer.status_code == 422
    assert "register must be named." in answer.text
    _check(answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/registers/none/people",
        f"{HOME}/people/none",
        f"{HOME}/people/none/life",
        f"{HOME}/people/P1001/forms/none",
        f"{HOME}/forms/none",
        f"{HOME}/tasks/none",
        f"{HOME}/documents/none",
        f"{HOME}/inboxes/nobody/1",
        "/webhooks/none",
    ],
)
def test_what_is_not_there_gets_a_page_that_says_so(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    _check(answer.text)


def test_a_register_appears_with_its_first_entry(
    browser: FlaskClient, api: Api, task: dict[str, Any]
) -> None:
    api("post", "/tasks", register="dataverse", json=task)
    assert "/registers/dataverse/people" in browser.get("/").text
    _check(browser.get("/registers/dataverse/people").text)
    record = browser.get("/registers/dataverse/people/400123").text
    _check(record)
    assert "The forms of this register are filled in elsewhere." in record
