"""What no database files and no library writes, deep in a form: both databases end alike (M5).

An id far too long, and JSON inside a text with characters that the door would have turned away.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_once import packaged, store_in, store_on_postgres
from nested_json import dataverse, one_action, question_code

from connector.casework import Desk
from connector.model import Problem
from connector.pipeline import process_waiting
from connector.store import Store
from connector.store.submission_row import Submission
from connector.vault import Vault, new_key_text

pytestmark = pytest.mark.faults("M5")

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FLAT = Path(__file__).parents[2] / "mappings/flat/samples/tailored_support_agreement.json"
LONG = "7f" * 1500
IDS = {
    "personId": "Record number of the young person",
    "formId": "Form number",
    "involvement_16PLUS_workerId": "Allocated leaving care worker",
    "teamManagerId": "Manager",
}
TEXTS = {"dataverse": dataverse, "question-code": question_code}
NOT_STORABLE = {"NUL": "\\u0000", "half a character": "\\ud83d", "the other half": "\\udE42"}


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    vault = Vault.from_text(new_key_text())
    on_postgres = request.param == "postgresql"
    with store_on_postgres(vault) if on_postgres else store_in(tmp_path, vault) as opened:
        yield opened


def processed(store: Store, host: str, body: bytes) -> tuple[Submission, list[Problem]]:
    """The delivery as it stands once nothing waits any more, and what is wrong with it."""
    with store.transaction() as tx:
        kept = tx.submissions.keep(host, "E-1", body, NOW, state="received")
    council = packaged()
    desk = Desk(store, council, council.working, lambda: NOW)
    while process_waiting(desk):
        pass
    with store.transaction() as tx:
        settled = tx.submissions.get(kept.submission_id)
        assert settled is not None
        assert (settled.state, settled.reason) == ("processed", "")
        return settled, list(tx.submissions.problems(settled.id))


@pytest.mark.parametrize("key", IDS)
def test_an_id_of_3000_letters_is_a_problem_on_the_form(key: str, store: Store) -> None:
    form = json.loads(FLAT.read_text("utf-8"))
    assert key in form
    settled, problems = processed(store, "flat", json.dumps(form | {key: LONG}).encode())
    said = [each for each in problems if each.rule == "EN-10"]
    assert [each.question for each in said] == [IDS[key]]
    assert said[0].message == (
        f"“{LONG[:30]}…” is too long for “{IDS[key]}”. Check what was typed."
    )
    assert settled.status == "needs_attention"
    with store.transaction() as tx:
        assert LONG not in str(tx.follow_ups.listing())
        assert all(LONG not in person for person in settled.person_ids)


@pytest.mark.parametrize("host", TEXTS)
@pytest.mark.parametrize("letters", NOT_STORABLE.values(), ids=NOT_STORABLE)
def test_an_action_in_a_text_shows_where_a_character_was_that_cannot_be_stored(
    letters: str, host: str, store: Store
) -> None:
    settled, _ = processed(store, host, TEXTS[host](one_action("what", letters)))
    with store.transaction() as tx:
        actions = [row for row in tx.follow_ups.listing() if row.task == "T20"]
        assert len(actions) == 1
        planned = tx.follow_ups.content(actions[0].id)
    assert planned is not None
    assert "A\ufffdB" in planned.task.title
    assert actions[0].submission_id == settled.id


@pytest.mark.parametrize("host", TEXTS)
@pytest.mark.parametrize("letters", NOT_STORABLE.values(), ids=NOT_STORABLE)
def test_a_choice_in_a_text_with_such_a_character_is_said_to_be_wrong(
    letters: str, host: str, store: Store
) -> None:
    _, problems = processed(store, host, TEXTS[host](one_action("who", letters)))
    said = [each.message for each in problems if each.rule == "EN-05"]
    assert len(said) == 1
    assert said[0].startswith("“A\ufffdB” is not one of the choices")
