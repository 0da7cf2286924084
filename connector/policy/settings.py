"""The council's numbers and choices (domain 1.11). Every key is optional and has its default.

`DEFAULTS` is `PolicySettings()`. `settings_schema` reads them from policy.yaml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from connector.dates import YearlyExercise


@dataclass(frozen=True)
class Dates:
    """How dates are moved."""

    non_working_day: str = "previous"
    leap_day_birthday: str = "mar_1"
    due_time: str = "17:00"


@dataclass(frozen=True)
class Limits:
    """Ages."""

    min_age: int = 16
    upper_age: int = 25


@dataclass(frozen=True)
class Tailored:
    """The tailored-support agreement."""

    social_worker_contact_days: int = 84
    family_plan_months: int = 6
    attempt_counts: bool = False
    manager_decision_working_days: int = 5
    change_decision_working_days: int = 10
    family_tell_working_days: int = 10
    further_support_told: str = "warn"
    transition_18_task: bool = True
    point_of_contact_tasks: str = "until_21"


@dataclass(frozen=True)
class Post21:
    """The post-21 assessment."""

    window_opens_months: int = 6
    target_months_before: int = 3
    late_limit_months_after: int = 1
    returner_target_working_days: int = 10
    default_action_days: int = 28
    closure_effective: str = "at_21"
    closure_questions: tuple[str, ...] = ("closure_told_annual_contact", "closure_told_can_return")
    closure_hold_working_days: int = 5
    outcome3_open_case: str = "ask_closure_questions"
    open_review_months: int = 6
    manager_referral_working_days: int = 2
    manager_discussion_working_days: int = 10
    over_age_action: str = "refer_manager"


@dataclass(frozen=True)
class Annual:
    """The yearly contact."""

    window: str = "last_monday_october"
    window_dates: Mapping[int, tuple[date, date]] = field(default_factory=dict)
    open_days_before: int = 7
    min_gap_days: int = 14
    min_gap_after_contact_days: int = 180
    max_gap_months: int = 12
    channels: tuple[str, ...] = ("phone", "text", "social_media")
    social_media_enabled: bool = False

    @property
    def exercise(self) -> YearlyExercise:
        """The same as the date arithmetic wants it."""
        return YearlyExercise(
            self.window, dict(self.window_dates), self.open_days_before, self.max_gap_months
        )


@dataclass(frozen=True)
class Tasks:
    """Tasks in the host."""

    completion: str = "assume"
    lead_days: Mapping[str, int] = field(
        default_factory=lambda: {"default": 7, "T01": 28, "T02": 28}
    )
    overdue_to_manager_working_days: int = 5

    def lead(self, task: str) -> int:
        """Days before its due date that `task` shows in the inbox (A15)."""
        return self.lead_days.get(task, self.lead_days.get("default", 7))


@dataclass(frozen=True)
class Privacy:
    """How long what people wrote is kept."""

    keep_payload_days: int = 30


@dataclass(frozen=True)
class Service:
    """How to reach the service; printed in tasks and summaries."""

    name: str = ""
    phone: str = ""
    email: str = ""
    local_offer_url: str = ""


@dataclass(frozen=True)
class PolicySettings:
    """Every setting of domain 1.11, by block."""

    dates: Dates = Dates()
    limits: Limits = Limits()
    tailored: Tailored = Tailored()
    post21: Post21 = Post21()
    annual: Annual = field(default_factory=Annual)
    tasks: Tasks = field(default_factory=Tasks)
    privacy: Privacy = Privacy()
    service: Service = Service()


DEFAULTS = PolicySettings()
