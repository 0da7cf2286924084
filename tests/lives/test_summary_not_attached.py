"""A case summary the host refuses: the worker is asked to attach it, until it is there (DC-34)."""

from short_life import ShortLife

from connector.model import EffectKind
from connector.store.effect_row import EffectState, Resolution


def refused(life: ShortLife) -> str:
    """An agreement whose document the host refuses; the document's effect."""
    life.host.refuses.add(EffectKind.DOCUMENT)
    submission = life.tells("agreement")
    with life.council.store.transaction() as tx:
        effects = tx.effects.of_submission(submission.id)
    (document,) = [each for each in effects if each.kind is EffectKind.DOCUMENT]
    assert document.state is EffectState.PARKED
    return document.id


def test_the_worker_is_asked_to_attach_it_once(life: ShortLife) -> None:
    refused(life)
    life.on("2026-03-30")
    task = life.the("T11").variables
    assert (task["title"], task["rule"]) == ("Attach the summary yourself", "DC-34")
    assert task["inbox"] == {"kind": "worker", "id": "W1"}
    assert "P1 v1.pdf”" in task["text"]


def test_the_request_goes_once_the_summary_is_on_the_record(life: ShortLife) -> None:
    document = refused(life)
    asked = life.the("T11")
    with life.council.store.transaction() as tx:
        assert tx.effects.resolve(document, Resolution.THERE, life.council.at)
    life.on("2026-03-30")
    assert asked.how == "cancelled"
    (row,) = life.rows("T11")
    assert row.state == "done"
