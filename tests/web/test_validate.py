"""Asking beforehand what would become of a form."""

import pytest
from receiving import FORM, TRY_RESULT, Clock, DryRun, Sender

from connector.store import Store

VALIDATE = "/hosts/{host}/validate"
HOLD = {"rule": "DS-06", "severity": "H", "question": "Criterion A", "message": "Not yet."}
ERROR = {"rule": "EN-03", "severity": "E", "question": "Date of birth", "message": "Add it."}


def test_a_form_without_errors_gets_the_try_result(
    sender: Sender, dry_run: DryRun, store: Store
) -> None:
    dry_run.result = {**TRY_RESULT, "problems": [HOLD]}
    answer = sender.post(to=VALIDATE)
    assert (answer.status_code, answer.json) == (200, dry_run.result)
    assert dry_run.asked == [("north", FORM)]
    with store.transaction() as tx:
        assert tx.submissions.listing() == []


@pytest.mark.parametrize(
    ("problems", "detail"),
    [([HOLD, ERROR], "One answer must"), ([ERROR, ERROR], "2 answers must")],
)
def test_a_form_with_an_error_gets_422_and_every_problem(
    problems: list[dict[str, str]], detail: str, sender: Sender, dry_run: DryRun
) -> None:
    dry_run.result = {**TRY_RESULT, "problems": problems}
    answer = sender.post(to=VALIDATE)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json(force=True)["problems"] == problems
    assert answer.get_json(force=True)["detail"].startswith(detail)


def test_an_error_on_another_person_of_the_same_form_counts_too(
    sender: Sender, dry_run: DryRun
) -> None:
    dry_run.result = {**TRY_RESULT, "others": [{**TRY_RESULT, "problems": [ERROR]}]}
    answer = sender.post(to=VALIDATE)
    assert answer.status_code == 422
    assert answer.get_json(force=True)["problems"] == [ERROR]


def test_a_form_nobody_mapped_is_explained(sender: Sender, dry_run: DryRun) -> None:
    dry_run.result = {**TRY_RESULT, "status": "unmapped", "line": "No form is mapped to 1611."}
    answer = sender.post(to=VALIDATE)
    facts = answer.get_json(force=True)
    assert (answer.status_code, facts["problems"]) == (422, [])
    assert facts["detail"] == "This form cannot be read: No form is mapped to 1611."


def test_the_same_proof_and_limits_hold(sender: Sender, clock: Clock, dry_run: DryRun) -> None:
    assert sender.post(to=VALIDATE, headers={"webhook-id": "other"}).status_code == 401
    assert sender.post(b'{"a": NaN}', to=VALIDATE).status_code == 400
    assert sender.post(b"[" + b" " * 1_000_000 + b"]", to=VALIDATE).status_code == 413
    sent_at = clock()
    clock.forward(minutes=6)
    assert sender.post(to=VALIDATE, sent_at=sent_at).status_code == 401
    assert dry_run.asked == []
