"""Every setting of the council changes what happens: for each, a form or a short life and two
values that end differently. A setting that is not in the table fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time
from typing import Any

import pytest
from life_forms import payload_of
from life_stage import HOST
from made_once import packaged
from short_life import BORN, START, ShortLife

from connector.casework.forgetting import forget_the_ended
from connector.judging import judge
from connector.mapping import translate
from connector.policy import DEFAULTS, load_policy
from connector.policy.case import NOTHING_KNOWN
from connector.profiles import Configuration

NewLife = Callable[..., ShortLife]
Settings = Mapping[str, Mapping[str, Any]]
YOUNG_ADULT = "2004-06-15"
TOLD = {"closure_told": ["yes", "yes"]}


@dataclass(frozen=True)
class Form:
    """A form judged on the day it was completed; what may differ is everything it leads to."""

    kind: str
    facts: Mapping[str, Any]
    born: str = BORN
    day: str = START

    def result(self, new_life: NewLife, configuration: Configuration, settings: Settings) -> Any:
        policy = load_policy(settings)
        life = {"person": {"id": "P1", "date_of_birth": self.born}}
        event = {"kind": self.kind, "day": self.day, "form_id": "F1", **self.facts}
        (reading,) = translate(configuration.hosts[HOST], payload_of(life, event)).readings
        now = datetime.combine(datetime.fromisoformat(self.day), time(12), UTC)
        decision = judge(reading, policy, configuration.working, now, NOTHING_KNOWN).decision
        return decision.status, decision.write_back, decision.problems, decision.tasks


@dataclass(frozen=True)
class Life:
    """A short life; what it returns is compared."""

    live: Callable[[ShortLife], Any]

    def result(self, new_life: NewLife, configuration: Configuration, settings: Settings) -> Any:
        return self.live(new_life(settings=settings, completion=None))


def agreement(**facts: Any) -> Form:
    born = facts.pop("born", BORN)
    return Form("agreement", {"last_pathway_plan_on": "2026-01-15", **facts}, born)


def closing(**facts: Any) -> Form:
    born = facts.pop("born", YOUNG_ADULT)
    day = facts.pop("day", START)
    return Form("assessment", {"outcome": "close_case", **TOLD, **facts}, born, day)


def kept_open(**facts: Any) -> Form:
    actions = [{"what": "Ring", "who": "pa"}]
    return Form("assessment", {"outcome": "remain_open", "actions": actions, **facts}, YOUNG_ADULT)


def contact(**facts: Any) -> Form:
    return Form("annual_contact", facts, YOUNG_ADULT)


def in_may(life: ShortLife) -> ShortLife:
    """An agreement, and its first contact in the inbox."""
    life.tells("agreement", last_pathway_plan_on="2026-01-15")
    return life.on("2026-06-01")


def attempted(life: ShortLife) -> Any:
    task = in_may(life).the("T01")
    life.task_event(task, "completed", result="attempted")
    return life.next("T01").due_on


def change_needed(life: ShortLife) -> Any:
    in_may(life).done("T01", result="change_needed")
    return life.the("T05").variables["due_on"]


def a_month_later(life: ShortLife) -> Any:
    in_may(life).on("2026-06-19")
    return life.next("T01").due_on


def overdue(life: ShortLife) -> Any:
    in_may(life).through("2026-06-29")
    return [task.opened for task in life.host.tasks.values() if task.variables["task"] == "T12"]


def asked_for_support(life: ShortLife) -> Any:
    life.tells("support_requested", requested_on=START)
    return life.the("T09").variables["due_on"]


def hour(life: ShortLife) -> Any:
    return in_may(life).the("T01").variables["due_at"]


def remembered(life: ShortLife) -> Any:
    life.tells("agreement", answers={"best_interests_reason": None})
    life.done("T90")
    life.on("2026-05-01")
    forget_the_ended(life.council.desk)
    with life.council.store.transaction() as tx:
        return bool(tx.answers.of_person(HOST, "P1"))


NOT_REACHED = {"social_media_ok": "no", "last_known_phone": None}
BY_MEDIA = {
    "social_media_ok": "yes",
    "social_media_platform": "Messages",
    "social_media_handle": "robin",
    "social_media_permission_on": START,
}

TABLE: Mapping[str, tuple[Form | Life, Any, Any]] = {
    "dates.non_working_day": (
        agreement(last_social_worker_contact_on="2026-01-09", day=START),
        "previous",
        "next",
    ),
    "dates.leap_day_birthday": (agreement(born="2008-02-29"), "mar_1", "feb_28"),
    "dates.due_time": (Life(hour), "17:00", "09:30"),
    "limits.min_age": (agreement(born="2010-09-01"), 16, 15),
    "limits.upper_age": (closing(born="2001-04-15"), 25, 26),
    "tailored.social_worker_contact_days": (agreement(), 84, 56),
    "tailored.family_plan_months": (agreement(), 6, 3),
    "tailored.attempt_counts": (Life(attempted), "false", "true"),
    "tailored.manager_decision_working_days": (agreement(manager_agreed="pending"), 5, 3),
    "tailored.change_decision_working_days": (Life(change_needed), 10, 4),
    "tailored.family_tell_working_days": (agreement(untold=True), 10, 6),
    "tailored.further_support_told": (
        agreement(answers={"family_told_can_ask_for_more_support": "no"}),
        "warn",
        "hold",
    ),
    "tailored.transition_18_task": (
        agreement(born="2009-03-01", support_package_source="childrens"),
        "true",
        "false",
    ),
    "tailored.point_of_contact_tasks": (
        agreement(eligible_full_service="no"),
        "until_21",
        "none",
    ),
    "post21.window_opens_months": (agreement(), 6, 4),
    "post21.target_months_before": (agreement(), 3, 2),
    "post21.late_limit_months_after": (
        closing(born="2005-02-10", assessment_type="approaching_21"),
        1,
        3,
    ),
    "post21.returner_target_working_days": (Life(asked_for_support), 10, 5),
    "post21.default_action_days": (kept_open(), 28, 14),
    "post21.closure_effective": (
        closing(born="2005-06-10", assessment_type="approaching_21"),
        "at_21",
        "at_21_plus_1_month",
    ),
    "post21.closure_questions": (
        closing(closure_told=["yes", "no"]),
        ["closure_told_annual_contact", "closure_told_can_return"],
        ["closure_told_annual_contact"],
    ),
    "post21.closure_hold_working_days": (closing(closure_told=["no", "yes"]), 5, 3),
    "post21.outcome3_open_case": (
        Form("assessment", {"outcome": "immediate_needs_met", **TOLD}, YOUNG_ADULT),
        "ask_closure_questions",
        "keep_open",
    ),
    "post21.open_review_months": (kept_open(), 6, 3),
    "post21.manager_referral_working_days": (
        Form(
            "assessment",
            {"outcome": "refer_to_manager", "actions": [{"what": "Ring", "who": "pa"}]},
            YOUNG_ADULT,
        ),
        2,
        4,
    ),
    "post21.manager_discussion_working_days": (kept_open(), 10, 6),
    "post21.over_age_action": (
        Form(
            "assessment",
            {
                "outcome": "close_case",
                **TOLD,
                "assessment_type": "returner_21_to_24",
                "requested_on": "2026-03-20",
            },
            "2001-01-10",
        ),
        "refer_manager",
        "reject",
    ),
    "annual.window": (closing(), "last_monday_october", "november"),
    "annual.window_dates": (
        closing(),
        {"2026": ["2026-10-26", "2026-10-30"]},
        {"2026": ["2026-09-14", "2026-09-18"]},
    ),
    "annual.open_days_before": (closing(), 7, 21),
    "annual.min_gap_days": (closing(day="2026-10-05"), 14, 60),
    "annual.min_gap_after_contact_days": (contact(contacted_on="2026-03-20"), 180, 240),
    "annual.max_gap_months": (contact(contacted_on="2025-11-20"), 12, 10),
    "annual.channels": (contact(channel="email"), ["phone", "text"], ["phone", "email"]),
    "annual.social_media_enabled": (
        closing(answers={**NOT_REACHED, **BY_MEDIA}),
        "false",
        "true",
    ),
    "tasks.completion": (Life(a_month_later), "event", "assume"),
    "tasks.lead_days": (agreement(), {"T01": 28}, {"T01": 14}),
    "tasks.overdue_to_manager_working_days": (Life(overdue), 5, 3),
    "privacy.keep_payload_days": (Life(remembered), 90, 30),
    "service.name": (agreement(untold=True), "Leaving Care", "After Care"),
    "service.phone": (agreement(untold=True), "", "01332 111111"),
    "service.email": (agreement(untold=True), "", "care@example.org"),
    "service.local_offer_url": (agreement(untold=True), "", "https://example.org/offer"),
}
"""Of each setting: what is tried, and two values. Where one is the default, it stands first."""

ALSO = {
    "annual.window_dates": {"window": "dates"},
    "tasks.overdue_to_manager_working_days": {"completion": "event"},
}
"""What else has to be set for a setting to have a say."""


def every_setting() -> set[str]:
    return {
        f"{block.name}.{each.name}"
        for block in fields(DEFAULTS)
        for each in fields(getattr(DEFAULTS, block.name))
    }


def test_no_setting_is_missing_and_none_is_made_up() -> None:
    assert set(TABLE) == every_setting()


def test_the_two_values_of_a_setting_differ() -> None:
    assert not [name for name, (_, one, other) in TABLE.items() if one == other]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_the_setting_changes_what_happens(new_life: NewLife, name: str) -> None:
    tried, *values = TABLE[name]
    block, _, key = name.partition(".")
    one, other = (
        tried.result(new_life, packaged(), {block: {**ALSO.get(name, {}), key: value}})
        for value in values
    )
    assert one != other
