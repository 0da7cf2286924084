"""policy.yaml and the council's working days: text in the YAML, converted and checked here."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from marshmallow import Schema
from marshmallow import fields as kinds
from marshmallow.validate import OneOf, Range, Regexp

from connector.dates import WorkingDays
from connector.policy.settings import DEFAULTS, PolicySettings


def _one_of(*allowed: str) -> kinds.String:
    return kinds.String(validate=OneOf(allowed, error="Choose one of: {choices}."))


def _count(low: int = 0, high: int = 3650) -> kinds.Integer:
    fix = f"Give a whole number, {low} to {high}."
    return kinds.Integer(validate=Range(low, high, error=fix), error_messages={"invalid": fix})


def _true_false() -> kinds.Boolean:
    return kinds.Boolean(
        truthy={"true", "yes", True},
        falsy={"false", "no", False},
        error_messages={"invalid": "Write true or false."},
    )


class _Block(Schema):
    """One block of policy.yaml; a key it does not know is a mistake to report."""

    error_messages = {  # noqa: RUF012 - marshmallow declares it on the instance
        "unknown": "There is no setting of this name. README.md lists them under Policy settings."
    }


_DatesSchema = _Block.from_dict(
    {
        "non_working_day": _one_of("previous", "next", "same"),
        "leap_day_birthday": _one_of("mar_1", "feb_28"),
        "due_time": kinds.String(
            validate=Regexp(r"^([01]\d|2[0-3]):[0-5]\d$", error='Write a time such as "17:00".')
        ),
    }
)
_LimitsSchema = _Block.from_dict({"min_age": _count(0, 25), "upper_age": _count(22, 99)})
_TailoredSchema = _Block.from_dict(
    {
        "social_worker_contact_days": _count(1),
        "family_plan_months": _count(1, 24),
        "attempt_counts": _true_false(),
        "manager_decision_working_days": _count(1),
        "change_decision_working_days": _count(1),
        "family_tell_working_days": _count(1),
        "further_support_told": _one_of("warn", "hold"),
        "transition_18_task": _true_false(),
        "point_of_contact_tasks": _one_of("none", "until_21"),
    }
)
_Post21Schema = _Block.from_dict(
    {
        "window_opens_months": _count(0, 60),
        "target_months_before": _count(0, 60),
        "late_limit_months_after": _count(0, 48),
        "returner_target_working_days": _count(1),
        "default_action_days": _count(1),
        "closure_effective": _one_of("at_21", "at_21_plus_1_month", "immediately"),
        "closure_questions": kinds.List(
            kinds.String(
                validate=Regexp(r"^closure_[a-z0-9_]+$", error='Its name begins with "closure_".')
            )
        ),
        "closure_hold_working_days": _count(1),
        "outcome3_open_case": _one_of("ask_closure_questions", "keep_open", "close"),
        "open_review_months": _count(1, 24),
        "manager_referral_working_days": _count(1),
        "manager_discussion_working_days": _count(1),
        "over_age_action": _one_of("refer_manager", "reject"),
    }
)
_AnnualSchema = _Block.from_dict(
    {
        "window": _one_of("last_monday_october", "november", "dates"),
        "window_dates": kinds.Dict(
            keys=kinds.Integer(), values=kinds.Tuple((kinds.Date(), kinds.Date()))
        ),
        "open_days_before": _count(0, 60),
        "min_gap_days": _count(0, 364),
        "min_gap_after_contact_days": _count(0, 364),
        "max_gap_months": _count(1, 24),
        "channels": kinds.List(_one_of("phone", "text", "social_media", "email")),
        "social_media_enabled": _true_false(),
    }
)
_TasksSchema = _Block.from_dict(
    {
        "completion": _one_of("assume", "event", "poll"),
        "lead_days": kinds.Dict(
            keys=kinds.String(
                validate=Regexp(
                    r"^(default|T\d\d)$", error='Write "default" or a task such as T01.'
                )
            ),
            values=_count(0, 365),
        ),
        "overdue_to_manager_working_days": _count(1),
    }
)
_PrivacySchema = _Block.from_dict({"keep_payload_days": _count(1)})
_ServiceSchema = _Block.from_dict(
    {name: kinds.String() for name in ("name", "phone", "email", "local_offer_url")}
)

BLOCKS: Mapping[str, type[Schema]] = {
    "dates": _DatesSchema,
    "limits": _LimitsSchema,
    "tailored": _TailoredSchema,
    "post21": _Post21Schema,
    "annual": _AnnualSchema,
    "tasks": _TasksSchema,
    "privacy": _PrivacySchema,
    "service": _ServiceSchema,
}
_PolicySchema = _Block.from_dict({name: kinds.Nested(schema) for name, schema in BLOCKS.items()})


def load_policy(tree: Any, base: PolicySettings = DEFAULTS) -> PolicySettings:
    """`base` with the keys `tree` has put over it (R23).

    `tree` is the parsed policy.yaml, all scalars as text. Raises marshmallow's ValidationError with
    every problem, keyed like the tree.
    """
    if tree in (None, ""):
        return base
    blocks = _PolicySchema().load(tree)
    return replace(
        base, **{name: _over(getattr(base, name), keys) for name, keys in blocks.items()}
    )


_WorkingDaysSchema = _Block.from_dict(
    {name: kinds.List(kinds.Date(format="iso")) for name in ("closed", "open")}
)


def load_working_days(tree: Any) -> WorkingDays:
    """England's calendar with the council's own days: `closed` and `open` lists of dates (A4).

    Raises marshmallow's ValidationError with every problem, keyed like the tree.
    """
    days = _WorkingDaysSchema().load(tree or {})
    return WorkingDays(frozenset(days.get("closed", ())), frozenset(days.get("open", ())))


def _over(block: Any, keys: Mapping[str, Any]) -> Any:
    """A block with new keys; `lead_days` is merged, since it is itself a list of settings."""
    new = dict(keys)
    if "lead_days" in new:
        new["lead_days"] = {**block.lead_days, **new["lead_days"]}
    for each in fields(block):
        if isinstance(new.get(each.name), list):
            new[each.name] = tuple(new[each.name])
    return replace(block, **new)
