"""DC-19: the actions the service owes, each with its date and its inbox (R9)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from connector.dates import in_words
from connector.model import Inbox
from connector.policy.assessment_case import AssessmentCase
from connector.policy.case import Finding, Wanted
from schemas import Action


def dc_19(case: AssessmentCase) -> Iterator[Finding]:
    """Actions are named and dated, and each the service owes becomes a task (R9)."""
    needs_action = case.outcome in {"remain_open", "refer_to_manager"}
    if needs_action and not case.names_an_action:
        yield case.error("DC-19", f"Add at least one action. {_chosen(case)}", "actions")
    for number, action in enumerate(case.answers.actions, start=1):
        unread = case.unreadable(f"actions[{number}].what")
        if not action.what and not unread and _says_something(action):
            yield case.error(
                "DC-19", f"Action {number}: say what will be done, or clear the row.", "actions"
            )
    yield from _service_actions(case)


def _says_something(action: Action) -> bool:
    """Whether a row is more than its number and a box nobody ticked."""
    return bool(action.who or action.owner_name or action.due_on or action.area or action.done)


def _chosen(case: AssessmentCase) -> str:
    if case.outcome == "remain_open":
        return "You chose to keep the case open."
    return "You chose to refer to the manager."


def _service_actions(case: AssessmentCase) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, action in case.service_actions:
        yield from _action_dates(case, number, action)
        identity = identity_of(action.what)
        seen[identity] = seen.get(identity, 0) + 1
        count = seen[identity]
        yield _action_task(case, action, identity if count == 1 else f"{identity} #{count}")


def identity_of(what: str | None) -> str:
    """What tells one action from another, whatever its row: its words, however they are typed."""
    return " ".join((what or "").lower().split())


def _action_dates(case: AssessmentCase, number: int, action: Action) -> Iterable[Finding]:
    assessed = case.judged_on
    if action.due_on is None:
        if not case.unreadable(f"actions[{number}].due_on"):
            days = case.settings.post21.default_action_days
            yield case.warning(
                "DC-19",
                f"Action {number} has no date. It is due {days} days after the assessment.",
                "actions",
            )
    elif assessed and action.due_on < assessed:
        yield case.error(
            "DC-19",
            f"Action {number} is due on {in_words(action.due_on)}, before the assessment. Change"
            " its date.",
            "actions",
        )
    elif case.turns_25 and action.due_on >= case.turns_25:
        yield case.warning(
            "DC-19", f"Action {number} is due after their rights under this service end.", "actions"
        )


def _action_task(case: AssessmentCase, action: Action, identity: str) -> Wanted:
    days = case.settings.post21.default_action_days
    due = action.due_on or case.assessed_on + timedelta(days=days)
    start = f"{days} days after {in_words(case.assessed_on)}"
    private = case.envelope.record_restricted or (
        "pregnant_or_parent" in case.answers.keep_open_reasons
    )
    return Wanted(
        "T20",
        "DC-19",
        _owner_inbox(case, action),
        due=due,
        because="This action was agreed in the post-21 assessment.",
        reckoning="The date agreed on the form" if action.due_on else start,
        title=None if private else " ".join((action.what or "").split()),
        text=action.what or "",
        occurrence=identity,
        done_by="The action is done and recorded.",
    )


def _owner_inbox(case: AssessmentCase, action: Action) -> Inbox:
    """By owner (DC-19); a duty worker's own actions go to the team until one is allocated (R8)."""
    if action.who == "manager":
        return Inbox.MANAGER
    if action.who == "duty":
        return Inbox.TEAM
    on_duty = case.answers.assessor_role == "duty_worker"
    unallocated = on_duty and not case.envelope.allocated_worker_id
    return Inbox.TEAM if unallocated and case.worker_inbox is Inbox.WORKER else case.worker_inbox
