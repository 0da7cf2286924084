"""What our own writes cause is dropped; a form that comes round and round is held for a look."""

from rounds_stage import Council, agreement


def again(version: int, **over: object) -> dict[str, object]:
    return agreement(formVersion=version, completedDate=f"27/03/2026 14:{version:02}", **over)


def test_an_echo_of_our_own_write_is_dropped(council: Council) -> None:
    echo = council.take(agreement(changedBy="LC_CONNECTOR"))
    assert (echo.state, echo.standing) == ("echo", "echo")
    assert "write of ours" in echo.reason
    assert council.tasks("T01") == []


def test_the_same_answers_too_often_within_ten_minutes_are_held(council: Council) -> None:
    forms = [council.take(again(version)) for version in range(1, 8)]
    assert [each.state for each in forms] == ["processed"] * 5 + ["held_loop"] * 2
    assert "more than 5 times" in forms[-1].reason


def test_a_form_that_is_held_is_worked_on_when_a_person_runs_it_again(council: Council) -> None:
    held = [council.take(again(version)) for version in range(1, 7)][-1]
    with council.store.transaction() as tx:
        tx.submissions.rearm(held.id)
    council.work()
    assert council.of(held.id).state == "processed"


def test_other_answers_are_never_a_loop(council: Council) -> None:
    states = [
        council.take(again(version, packageSummary=f"Summary {version}")).state
        for version in range(1, 8)
    ]
    assert set(states) == {"processed"}


def test_the_same_answers_over_a_longer_time_are_no_loop(council: Council) -> None:
    states = []
    for version in range(1, 8):
        states.append(council.take(again(version)).state)
        council.later(minutes=3)
    assert set(states) == {"processed"}
