"""A decision as it stands after the comparison, and in words what changed."""

from dataclasses import replace
from datetime import date

import pytest

from connector.amending import as_it_stands, what_changed
from connector.comparing import SOMEBODY_ELSE, Change
from connector.model import Decision, Effect, EffectKind, FollowUp, Inbox, Task, WriteBack

JUNE, JULY = date(2026, 6, 19), date(2026, 7, 17)
LINE = "Tailored support is agreed and active. Next: Ring by 1 May 2026."
DECISION = Decision(
    "tailored_support_agreement",
    "tailored_support_active",
    LINE,
    WriteBack("tailored_support_active", LINE, "f", next_contact_on=JULY, next_review_on=JULY),
    (),
    (),
    attaches_summary=True,
)


def asks(task: str, title: str, due: date) -> FollowUp:
    wanted = Task(task, "DS-18", title, Inbox.WORKER, None, due, due, "Why.")
    effect = Effect(EffectKind.TASK, f"task {task}", "lcf-1", "P1", 3, {})
    return FollowUp(wanted, "P1", "lcf-1", effect)


RING = asks("T01", "Ring", JULY)
ADDED = Change("added", "T01", follow_up=RING)
KEPT = Change("kept", "T01", "", "row", RING, JUNE)
MOVED = Change("moved", "T01", "", "row", RING, JUNE)
ANEW = Change("moved", "T01", "", "row", RING, JULY)
HANDED_OVER = Change("handed over", "T01", SOMEBODY_ELSE, "row", RING, JUNE)
CANCELLED = Change("cancelled", "T19", "The form no longer asks for it.", "row", was_due=JUNE)
DONE = Change("done", "T08", "A post-21 assessment was completed.", "row", was_due=JUNE)
PASSED_OVER = Change("passed over", "T01", follow_up=RING, replaced_by="F2")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (ADDED, "New: Ring, due 17 July 2026."),
        (KEPT, "Unchanged: Ring, due 19 June 2026."),
        (MOVED, "Moved: Ring, from 19 June 2026 to 17 July 2026."),
        (ANEW, "Asked again, in new words: Ring, due 17 July 2026."),
        (HANDED_OVER, "Moved to another inbox: Ring, due 19 June 2026."),
        (
            CANCELLED,
            "No longer needed: Ask someone about this approach. The form no longer asks for it.",
        ),
        (DONE, "Done: Post-21 assessment. A post-21 assessment was completed."),
    ],
    ids=lambda each: each.way if isinstance(each, Change) else "",
)
def test_each_change_is_one_sentence(change: Change, sentence: str) -> None:
    before = Change("cancelled", "T16", "No longer needed.", "other")
    assert sentence in what_changed([change, before])


def test_a_first_form_changed_nothing() -> None:
    assert what_changed([ADDED]) == ()
    assert what_changed([]) == ()


def test_what_was_only_kept_to_be_known_is_not_told() -> None:
    assert what_changed([PASSED_OVER, KEPT]) == ("Unchanged: Ring, due 19 June 2026.",)


def test_titles_of_what_went_name_nobody() -> None:
    for task in ("T12", "T19", "T25", "T90"):
        (sentence,) = what_changed([replace(CANCELLED, task=task)])
        assert "{" not in sentence


@pytest.mark.parametrize(("change", "due"), [(KEPT, JUNE), (HANDED_OVER, JUNE), (MOVED, JULY)])
def test_a_task_that_is_kept_keeps_its_date_on_the_record(change: Change, due: date) -> None:
    stands = as_it_stands(DECISION, [change])
    assert [task.due_on for task in stands.tasks] == [due]
    assert stands.write_back.next_contact_on == due
    assert stands.line == stands.write_back.line
    assert stands.line.startswith("Tailored support is agreed and active. Next: Ring by ")


def test_what_is_done_already_is_not_listed_as_the_next_step() -> None:
    stands = as_it_stands(DECISION, [DONE, PASSED_OVER])
    assert stands.tasks == ()
    assert stands.line == "Tailored support is agreed and active."
    assert stands.write_back.next_contact_on is None


def test_the_earliest_task_is_the_next_step() -> None:
    review = Change("kept", "T02", "", "second", asks("T02", "Review", JULY), date(2026, 5, 29))
    stands = as_it_stands(DECISION, [ADDED, review])
    assert [task.task for task in stands.tasks] == ["T02", "T01"]
    assert stands.line.endswith("Next: Review by 29 May 2026.")
    assert stands.write_back.next_review_on == date(2026, 5, 29)


def test_a_date_that_is_not_written_stays_so() -> None:
    quiet = replace(DECISION, write_back=replace(DECISION.write_back, next_contact_on=None))
    assert as_it_stands(quiet, [ADDED]).write_back.next_contact_on is None
