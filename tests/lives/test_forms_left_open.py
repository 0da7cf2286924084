"""A form that was opened again and never completed: what waits for it is not forgotten."""

from short_life import ShortLife

from connector.casework.gaps import gaps_of, plan_again


def lacking(life: ShortLife) -> list[str]:
    council = life.council
    with council.store.transaction() as tx:
        return [gap.reason for gap in gaps_of(tx, council.desk, "sandbox", "P1")]


def test_what_waits_for_a_form_that_was_left_open_is_told_after_four_weeks(life: ShortLife) -> None:
    life.tells("agreement", form_id="ONE", last_pathway_plan_on="2026-03-01")
    life.on("2026-04-01")
    life.tells("reopened", form_id="ONE")
    opens = life.next("T01").opens_on
    life.on(opens.isoformat())
    assert life.inbox("T01") == []
    (told,) = lacking(life)
    assert told == (
        "“Contact the lead social worker” waits: its form was opened again on 1 April 2026 and not"
        " completed since."
    )


def test_a_form_that_is_open_for_a_few_days_worries_nobody(life: ShortLife) -> None:
    life.tells("agreement", form_id="ONE", last_pathway_plan_on="2026-03-01")
    life.tells("reopened", form_id="ONE")
    life.on("2026-04-10")
    assert lacking(life) == []


def test_what_waits_for_such_a_form_is_not_planned_a_second_time(life: ShortLife) -> None:
    life.tells("agreement", form_id="ONE", last_pathway_plan_on="2026-03-01")
    life.tells("reopened", form_id="ONE")
    life.on("2026-06-01")
    before = life.rows("T01")
    council = life.council
    with council.store.transaction() as tx:
        gaps = gaps_of(tx, council.desk, "sandbox", "P1")
        assert gaps
        assert not any(plan_again(tx, council.desk, gap) for gap in gaps)
    assert life.rows("T01") == before
