"""A delivery is kept once, whatever comes again, and its story is told without opening it."""

import hashlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from made_once import about_the_file
from sqlalchemy import select, update

from connector.errors import KeyProblem
from connector.model import Effect, EffectKind, Problem, Severity
from connector.store import Store, tables
from connector.store.submission_row import Kept
from connector.vault import Vault, new_key_text

NOW = datetime(2026, 3, 25, 10, 30, 0, 123456, tzinfo=UTC)
COPIES = 200
CANARIES = ("Zanzibar-Quillfeather", "canary-house", "CANARY-LINE", "canary-answer", "canary-note")


def _keep(store: Store, delivery_id: str = "d1", body: bytes = b"{}", **at: datetime) -> Kept:
    with store.transaction() as tx:
        return tx.submissions.keep("flat", delivery_id, body, at.get("received_at", NOW))


def test_a_delivery_is_kept_with_its_bytes_and_its_time(store: Store) -> None:
    kept = _keep(store, body=b"\xff{")
    assert kept.submission_id.startswith("sub_")
    assert (kept.state, kept.duplicate, kept.conflict) == ("received", False, False)
    with store.transaction() as tx:
        found = tx.submissions.get(kept.submission_id)
        assert tx.submissions.body(kept.submission_id) == b"\xff{"
    assert found is not None
    assert (found.received_at, found.standing, found.body_held) == (NOW, "received", True)


def test_the_same_delivery_again_gets_the_same_id_and_the_present_state(store: Store) -> None:
    first = _keep(store)
    with store.transaction() as tx:
        tx.submissions.settle(first.submission_id, "ignored", processed_at=NOW)
    assert _keep(store) == Kept(first.submission_id, "ignored", duplicate=True, conflict=False)


def test_the_same_delivery_id_of_another_host_is_another_delivery(store: Store) -> None:
    with store.transaction() as tx:
        one = tx.submissions.keep("flat", "d1", b"{}", NOW)
        two = tx.submissions.keep("fhir", "d1", b"{}", NOW, state="held_stale")
    assert one.submission_id != two.submission_id
    assert two.state == "held_stale"


def test_another_body_under_the_same_id_is_kept_aside_once(store: Store) -> None:
    first = _keep(store)
    for _ in range(2):
        again = _keep(store, body=b'{"other": 1}')
        assert again == Kept(first.submission_id, "received", duplicate=False, conflict=True)
    _keep(store, body=b'{"third": 1}')
    with store.transaction() as tx:
        aside = tx.quarantine.listing()
        assert len(aside) == 2
        assert {tx.quarantine.body(each.id) for each in aside} == {
            b'{"other": 1}',
            b'{"third": 1}',
        }
        assert tx.submissions.body(first.submission_id) == b"{}"
        assert len(tx.submissions.listing()) == 1
        assert tx.quarantine.body("qua_none") is None


def test_two_hundred_copies_from_threads_make_one_row(store: Store) -> None:
    with ThreadPoolExecutor(32) as pool:
        kept = list(pool.map(lambda _: _keep(store), range(COPIES)))
    assert len({each.submission_id for each in kept}) == 1
    assert sum(not each.duplicate for each in kept) == 1
    with store.transaction() as tx:
        assert len(tx.submissions.listing()) == 1


def _many(url: str, keys: str, copies: int) -> list[Kept]:
    with Store.open(url, Vault.from_text(keys)) as store, ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: _keep(store), range(copies)))


def test_two_hundred_copies_from_processes_make_one_row(database: Path) -> None:
    keys = new_key_text()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=spawn) as pool:
        asked = [pool.submit(_many, f"sqlite:///{database}", keys, COPIES // 4) for _ in range(4)]
        kept = [each for done in asked for each in done.result()]
    assert len(kept) == COPIES
    assert len({each.submission_id for each in kept}) == 1
    assert sum(not each.duplicate for each in kept) == 1


def test_the_oldest_are_worked_on_first_and_the_newest_are_shown_first(store: Store) -> None:
    ids = [
        _keep(store, f"d{n}", received_at=NOW + timedelta(microseconds=n)).submission_id
        for n in range(5)
    ]
    with store.transaction() as tx:
        tx.submissions.settle(ids[1], "broken", processed_at=NOW)
        assert tx.submissions.waiting(2, NOW) == [ids[0], ids[2]]
        assert [each.id for each in tx.submissions.listing(2)] == [ids[4], ids[3]]
        assert [each.id for each in tx.submissions.listing(state="broken")] == [ids[1]]


def test_what_became_of_a_delivery_is_written_down_and_its_details_are_sealed(store: Store) -> None:
    problems = (
        Problem("DS-06", Severity.ERROR, "CANARY-LINE", "Date of the visit"),
        Problem("EN-03", Severity.WARNING, "Check the team."),
    )
    kept = _keep(store).submission_id
    known = {
        "reason": "read",
        "form_type": "post_21_assessment",
        "form_id": "900456",
        "version": "2",
        "ordinal": 2,
        "content_sha256": "ab" * 32,
        "person_ids": ("1234", "5678"),
        "completed_at": NOW - timedelta(hours=1),
        "as_of": date(2026, 3, 25),
        "status": "needs_attention",
        "configuration_hash": "cd" * 32,
    }
    with store.transaction() as tx:
        tx.submissions.settle(
            kept, "broken", processed_at=NOW, line="CANARY-LINE", problems=problems, **known
        )
    with store.transaction() as tx:
        found = tx.submissions.get(kept)
        assert found is not None
        assert known.items() <= asdict(found).items()
        assert tx.submissions.line(kept) == "CANARY-LINE"
        assert tx.submissions.problems(kept) == problems


def test_without_a_line_or_problems_there_are_none(store: Store) -> None:
    kept = _keep(store).submission_id
    with store.transaction() as tx:
        assert tx.submissions.line(kept) is None
        assert tx.submissions.problems(kept) == ()


def test_an_unknown_submission_is_none_and_cannot_be_settled(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.submissions.get("sub_none") is None
        assert tx.submissions.body("sub_none") is None
        assert tx.submissions.state_for_people("sub_none") is None
        assert tx.submissions.rearm("sub_none") is False
    with pytest.raises(LookupError, match="sub_none"), store.transaction() as tx:
        tx.submissions.settle("sub_none", "ignored", processed_at=NOW)


def test_revisions_are_what_was_understood_of_one_form_in_order(store: Store) -> None:
    settled = [("b", "processed", 2), ("a", "processed", 1), ("c", "outdated", 3)]
    with store.transaction() as tx:
        for version, state, ordinal in settled:
            kept = tx.submissions.keep("flat", version, b"{}", NOW)
            tx.submissions.settle(
                kept.submission_id,
                state,
                form_id="F1",
                version=version,
                ordinal=ordinal,
                processed_at=NOW,
            )
        again = tx.submissions.keep("flat", "again", b"{}", NOW).submission_id
        tx.submissions.settle(again, "duplicate", form_id="F1", version="b", processed_at=NOW)
        found = tx.submissions.revisions("flat", "F1")
        assert [(each.version, each.state, each.ordinal) for each in found] == [
            ("a", "processed", 1),
            ("b", "processed", 2),
            ("c", "outdated", 3),
        ]
        assert tx.submissions.revisions("fhir", "F1") == []


def test_a_delivery_is_rearmed_for_replay(store: Store) -> None:
    kept = _keep(store).submission_id
    with store.transaction() as tx:
        tx.submissions.settle(kept, "unmapped", reason="no such form", processed_at=NOW)
        assert tx.submissions.waiting(5, NOW) == []
        assert tx.submissions.rearm(kept) is True
        assert tx.submissions.waiting(5, NOW) == [kept]
        found = tx.submissions.get(kept)
    assert found is not None
    assert (found.reason, found.processed_at) == ("", None)


def test_one_that_is_to_wait_is_not_worked_on_before_its_time(store: Store) -> None:
    kept, until = _keep(store).submission_id, NOW + timedelta(minutes=1)
    with store.transaction() as tx:
        tx.submissions.wait(kept, until, "The host does not answer.")
        assert tx.submissions.waiting(5, until - timedelta(microseconds=1)) == []
        assert tx.submissions.waiting(5, until) == [kept]
        found = tx.submissions.get(kept)
    assert found is not None
    assert (found.state, found.not_before) == ("received", until)
    assert found.reason == "The host does not answer."


def test_one_that_waits_is_worked_on_at_once_when_it_is_released(store: Store) -> None:
    kept = _keep(store).submission_id
    with store.transaction() as tx:
        tx.submissions.wait(kept, NOW + timedelta(days=1), "The host does not answer.")
        assert tx.submissions.rearm(kept) is True
        assert tx.submissions.waiting(5, NOW) == [kept]


def test_a_fact_that_is_not_told_again_stays_as_it_was(store: Store) -> None:
    kept = _keep(store).submission_id
    with store.transaction() as tx:
        tx.submissions.settle(kept, "processed", processed_at=NOW, form_id="F1", ordinal=2)
        tx.submissions.settle(kept, "unmapped", processed_at=NOW, reason="no such form")
        found = tx.submissions.get(kept)
    assert found is not None
    assert (found.state, found.form_id, found.ordinal) == ("unmapped", "F1", 2)


def test_an_event_is_told_apart_from_a_form(store: Store) -> None:
    kept = _keep(store).submission_id
    with store.transaction() as tx:
        tx.submissions.settle(kept, "processed", processed_at=NOW, event="person_died")
        found = tx.submissions.get(kept)
    assert found is not None
    assert (found.event, found.form_type, found.standing) == ("person_died", None, "done")


def test_the_people_a_form_was_ever_about_are_told_once_each(store: Store) -> None:
    versions = [("d1", "processed", ("2", "1")), ("d2", "processed", ("1", "", "3"))]
    with store.transaction() as tx:
        for delivery, state, people in [*versions, ("d3", "broken", ("4",))]:
            kept = tx.submissions.keep("flat", delivery, b"{}", NOW).submission_id
            tx.submissions.settle(kept, state, form_id="F1", person_ids=people, processed_at=NOW)
        assert sorted(tx.submissions.people_on("flat", "F1")) == ["1", "2", "3"]
        assert tx.submissions.people_on("fhir", "F1") == []


def _owe(store: Store, submission_id: str, **states: str) -> None:
    """Effects of a submission in given states, one for each kind of write."""
    with store.transaction() as tx:
        for position, kind in enumerate(states):
            owed = Effect(
                EffectKind(kind),
                kind,
                f"lcf-{submission_id}-{kind}",
                "1234",
                position,
                {"text": "canary-note"},
            )
            tx.effects.add(submission_id, "flat", owed, now=NOW)
            effect_id = tx.effects.of_submission(submission_id)[-1].id
            if kind == "document":
                tx.documents.keep(effect_id, "Assessment.pdf", b"%PDF canary-answer")


def _set_states(store: Store, submission_id: str, **states: str) -> None:
    effect = tables.effect
    with store.database.alone() as connection:
        for kind, state in states.items():
            connection.execute(
                update(effect)
                .where(effect.c.submission_id == submission_id, effect.c.kind == kind)
                .values(state=state, settled_at=NOW if state == "confirmed" else None)
            )


def _processed(store: Store, delivery_id: str, **effects: str) -> str:
    kept = _keep(store, delivery_id).submission_id
    problem = Problem("EN-03", Severity.WARNING, "CANARY-LINE")
    with store.transaction() as tx:
        tx.submissions.settle(
            kept, "processed", processed_at=NOW, line="CANARY-LINE", problems=[problem]
        )
    _owe(store, kept, **effects)
    _set_states(store, kept, **effects)
    return kept


@pytest.mark.parametrize(
    ("effects", "standing"),
    [
        ({}, "done"),
        ({"outcome": "confirmed", "task": "confirmed"}, "done"),
        ({"outcome": "confirmed", "task": "planned"}, "working"),
        ({"outcome": "unknown"}, "working"),
        ({"outcome": "intent"}, "working"),
        ({"outcome": "parked", "task": "planned"}, "parked"),
    ],
)
def test_people_see_whether_anything_is_still_owed(
    store: Store, effects: dict[str, str], standing: str
) -> None:
    kept = _processed(store, "d1", **effects)
    with store.transaction() as tx:
        assert tx.submissions.state_for_people(kept) == standing
        assert [each.id for each in tx.submissions.listing(state=standing)] == [kept]
        assert [each.id for each in tx.submissions.listing(state="processed")] == [kept]
        assert tx.submissions.listing(state="received") == []


def test_what_is_finished_is_emptied_after_its_days_and_its_facts_stay(store: Store) -> None:
    everything = dict.fromkeys(("outcome", "case_note", "document", "task"), "confirmed")
    kept = _processed(store, "d1", **everything)
    with store.transaction() as tx:
        assert tx.submissions.purge_bodies(NOW) == 0
        assert tx.submissions.purge_bodies(NOW + timedelta(days=1)) == 1
        assert tx.submissions.purge_bodies(NOW + timedelta(days=1)) == 0
    with store.transaction() as tx:
        found = tx.submissions.get(kept)
        assert found is not None
        assert (found.body_held, found.standing) == (False, "done")
        assert found.body_sha256 == hashlib.sha256(b"{}").hexdigest()
        assert tx.submissions.body(kept) is None
        assert tx.submissions.problems(kept) == ()
        assert tx.submissions.rearm(kept) is False
        owed = tx.effects.of_submission(kept)
        held = {each.kind.value: tx.effects.content(each.id) for each in owed}
        assert held == {
            "outcome": {},
            "case_note": {},
            "document": {},
            "task": {"text": "canary-note"},
        }
        document = tx.documents.get(owed[2].id)
    assert document is not None
    assert (document.content, document.size) == (None, len(b"%PDF canary-answer"))
    assert document.sha256 == hashlib.sha256(b"%PDF canary-answer").hexdigest()


def test_an_emptied_delivery_that_comes_again_is_still_known(store: Store) -> None:
    kept = _processed(store, "d1")
    with store.transaction() as tx:
        tx.submissions.purge_bodies(NOW + timedelta(days=1))
    again = _keep(store)
    assert (again.submission_id, again.duplicate) == (kept, True)
    assert _keep(store, body=b"other").conflict is True


@pytest.mark.parametrize("state", ["duplicate", "ignored", "outdated"])
def test_what_needed_no_work_is_emptied_too(store: Store, state: str) -> None:
    kept = _keep(store).submission_id
    with store.transaction() as tx:
        tx.submissions.settle(kept, state, processed_at=NOW)
        assert tx.submissions.purge_bodies(NOW + timedelta(days=1)) == 1


@pytest.mark.parametrize("state", ["received", "held_stale", "unmapped", "broken"])
def test_what_waits_for_a_person_is_never_emptied(store: Store, state: str) -> None:
    kept = _keep(store).submission_id
    with store.transaction() as tx:
        tx.submissions.settle(kept, state, processed_at=NOW)
        assert tx.submissions.purge_bodies(NOW + timedelta(days=4000)) == 0
        assert tx.submissions.body(kept) == b"{}"


@pytest.mark.parametrize("state", ["planned", "intent", "unknown", "parked"])
def test_a_form_with_something_owed_is_never_emptied(store: Store, state: str) -> None:
    _processed(store, "d1", outcome="confirmed", task=state)
    with store.transaction() as tx:
        assert tx.submissions.purge_bodies(NOW + timedelta(days=4000)) == 0


@about_the_file
def test_the_words_of_a_form_are_not_in_the_files_of_the_database(
    store: Store, database: Path
) -> None:
    body = " ".join(CANARIES).encode()
    kept = _processed(store, "d1", outcome="confirmed", document="planned")
    _keep(store, "d2", body)
    _keep(store, "d2", body + b" again")
    with store.transaction() as tx:
        tx.answers.keep(
            "flat",
            "1234",
            "post_21_assessment",
            submission_id=kept,
            ordinal=1,
            content={"address": "canary-house"},
            kept_at=NOW,
        )
    files = [database, *(Path(f"{database}{end}") for end in ("-wal", "-shm"))]
    written = b"".join(path.read_bytes() for path in files)
    assert b"flat" in written
    for canary in CANARIES:
        assert canary.encode() not in written
        assert canary.encode("utf-16-le") not in written


def test_two_sealed_bodies_that_change_places_do_not_open(store: Store) -> None:
    one, two = _keep(store, "d1").submission_id, _keep(store, "d2").submission_id
    body, row_id = tables.submission.c.body, tables.submission.c.id
    with store.database.alone() as connection:
        first = connection.execute(select(body).where(row_id == one)).scalar_one()
        second = connection.execute(select(body).where(row_id == two)).scalar_one()
        connection.execute(update(tables.submission).where(row_id == one).values(body=second))
        connection.execute(update(tables.submission).where(row_id == two).values(body=first))
    with store.transaction() as tx:
        for each in (one, two):
            with pytest.raises(KeyProblem, match="row was altered"):
                tx.submissions.body(each)
        assert tx.submissions.listing() != []


def test_equal_bodies_do_not_look_equal_in_the_database(store: Store) -> None:
    for n in range(20):
        _keep(store, f"d{n}")
    with store.database.alone() as connection:
        sealed = list(connection.execute(select(tables.submission.c.body)).scalars())
    assert len(set(sealed)) == 20
