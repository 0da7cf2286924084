"""Documents, answers and heartbeats: kept, read back, replaced."""

from datetime import UTC, date, datetime, timedelta

from connector.model import Effect, EffectKind
from connector.store import Store, Transaction
from connector.store.heartbeats import Heartbeat

NOW = datetime(2026, 3, 25, 10, 30, tzinfo=UTC)
FORM = "tailored_support_agreement"


def _submission(store: Store) -> str:
    with store.transaction() as tx:
        return tx.submissions.keep("flat", "d1", b"{}", NOW).submission_id


def test_a_document_is_made_once_and_stays_the_same(store: Store) -> None:
    submission = _submission(store)
    owed = Effect(EffectKind.DOCUMENT, "document", "lcf-1", "1234", 2, {})
    with store.transaction() as tx:
        tx.effects.add(submission, "flat", owed, now=NOW)
        effect = tx.effects.of_submission(submission)[0].id
        assert tx.documents.get(effect) is None
        assert tx.documents.keep(effect, "Agreement.pdf", b"%PDF 1") is True
        assert tx.documents.keep(effect, "Agreement.pdf", b"%PDF 2") is False
        kept = tx.documents.get(effect)
    assert kept is not None
    assert (kept.name, kept.content, kept.size) == ("Agreement.pdf", b"%PDF 1", 6)


def test_the_newest_answers_of_a_person_replace_those_held(store: Store) -> None:
    submission = _submission(store)
    with store.transaction() as tx:
        for ordinal, town in ((1, "Łódź"), (2, "Aberystwyth")):
            tx.answers.keep(
                "flat",
                "a/b",
                FORM,
                submission_id=submission,
                ordinal=ordinal,
                content={"town": town},
                kept_at=NOW,
            )
        held = tx.answers.get("flat", "a/b", FORM)
        assert held is not None
        assert (held.ordinal, held.content, held.kept_at) == (2, {"town": "Aberystwyth"}, NOW)
        assert tx.answers.of_person("flat", "a/b") == (held,)
        assert tx.answers.of_person("fhir", "a/b") == ()
        assert tx.answers.get("flat", "a", FORM) is None


def test_a_persons_answers_are_forgotten_at_the_end(store: Store) -> None:
    submission = _submission(store)
    with store.transaction() as tx:
        tx.answers.keep(
            "flat", "1", FORM, submission_id=submission, ordinal=1, content={}, kept_at=NOW
        )
        assert tx.answers.erase("flat", "1") == 1
        assert tx.answers.erase("flat", "1") == 0
        assert tx.answers.of_person("flat", "1") == ()


def _hold(
    tx: Transaction, submission: str, person_id: str, form: str = FORM, turns_on: date | None = None
) -> None:
    tx.answers.keep(
        "flat",
        person_id,
        form,
        submission_id=submission,
        ordinal=1,
        content={"person": person_id},
        turns_on=turns_on,
        kept_at=NOW,
    )


def test_a_form_whose_status_is_another_one_by_today_is_found_from_that_day_on(
    store: Store,
) -> None:
    submission, day = _submission(store), date(2027, 5, 10)
    with store.transaction() as tx:
        _hold(tx, submission, "1", turns_on=day)
        assert tx.answers.turning(day - timedelta(days=1), 9) == ()
        (turning,) = tx.answers.turning(day, 9)
        assert (turning.person_id, turning.turns_on) == ("1", day)
        _hold(tx, submission, "1")
        assert tx.answers.turning(day, 9) == ()


def test_those_that_turn_first_come_first_some_at_a_time(store: Store) -> None:
    submission, day = _submission(store), date(2027, 5, 10)
    with store.transaction() as tx:
        for person, days in (("1", 2), ("2", 0), ("3", 1), ("4", 30)):
            _hold(tx, submission, person, turns_on=day + timedelta(days=days))
        turning = tx.answers.turning
        after = day + timedelta(days=2)
        assert [each.person_id for each in turning(after, 9)] == ["2", "3", "1"]
        assert [each.person_id for each in turning(after, 1, 1)] == ["3"]


def test_the_answers_on_one_kind_of_form_are_listed_person_by_person(store: Store) -> None:
    submission = _submission(store)
    with store.transaction() as tx:
        for person in ("2", "1"):
            _hold(tx, submission, person)
        _hold(tx, submission, "3", "family_request")
        listed = [(each.person_id, each.content) for each in tx.answers.listing("flat", FORM)]
        assert listed == [("1", {"person": "1"}), ("2", {"person": "2"})]
        assert list(tx.answers.listing("fhir", FORM)) == []


def test_the_last_sign_of_life_counts(store: Store) -> None:
    later = NOW + timedelta(seconds=5)
    with store.transaction() as tx:
        assert tx.heartbeats.latest("worker") is None
        tx.heartbeats.beat("worker", NOW, "due effects")
        tx.heartbeats.beat("worker", later)
        tx.heartbeats.beat("web", NOW)
        assert tx.heartbeats.latest("worker") == Heartbeat("worker", later, "")
        assert [each.name for each in tx.heartbeats.listing()] == ["web", "worker"]
