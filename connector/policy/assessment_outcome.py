"""DC-21 to DC-29: what each of the four outcomes asks for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from connector.dates import add_months, in_words
from connector.model import Inbox
from connector.policy.assessment_case import AssessmentCase
from connector.policy.case import Case, Finding, Wanted
from connector.policy.placing import due_day


def dc_21(case: AssessmentCase) -> Iterator[Finding]:
    """Closing: planned for the 21st birthday where it comes before; nothing open goes unnoticed."""
    if case.outcome == "close_case":
        yield from _closing_warnings(case)
    if case.closing_planned:
        closing = Wanted(
            "T10",
            "DC-21",
            Inbox.WORKER,
            due=case.closes_on,
            forward=True,
            because="The assessment decided to close the case once they are 21.",
            reckoning="The day the closing takes effect",
            text="Close the case in the record. Until today all duties carried on. From now on the"
            " team makes contact once a year, and they can come back at any time before they turn"
            f" {case.settings.limits.upper_age}.",
            done_by="The case is closed in the record.",
        )
        yield replace(closing, opens=due_day(case, closing))


def _closing_warnings(case: AssessmentCase) -> Iterator[Finding]:
    count = len(case.listed_actions)
    if count:
        yield case.warning(
            "DC-21", f"The case is to be closed, but {_actions(count)} still to be done.", "actions"
        )
    reasons, activity = case.answers.keep_open_reasons, case.answers.activity_code
    if "pregnant_or_parent" in reasons or activity == "G6":
        yield case.warning(
            "DC-21",
            "They are pregnant or a parent. Speak to your manager before closing.",
            "keep_open_reasons" if "pregnant_or_parent" in reasons else "activity_code",
        )


def dc_22(case: AssessmentCase) -> Iterator[Finding]:
    """An open case: support is reviewed every six months until 25."""
    if case.keeps_open and (review := next_review(case, case.assessed_on)):
        yield review


def next_review(case: Case, last: date) -> Wanted | None:
    """T21 after the assessment or review of `last`, None once it would fall on 25 or later."""
    months = case.settings.post21.open_review_months
    due, ends = add_months(last, months), case.birthday(case.settings.limits.upper_age)
    if ends is None or due >= ends or ends <= case.as_of:
        return None
    return Wanted(
        "T21",
        "DC-22",
        Inbox.WORKER,
        due=due,
        because=f"The case stays open, and support is reviewed every {months} months.",
        reckoning=f"{months} months after {in_words(last)}",
        text=f"{_course(case)}Review the pathway plan and the support with the young adult.",
        done_by="The review is recorded. The next one is counted from that day.",
        counted_from=last,
    )


def _course(case: Case) -> str:
    """What a course means for the plan (DC-25)."""
    studies = "university" in getattr(case.form.answers, "keep_open_reasons", ())
    return "The pathway plan continues, for the support the course needs. " if studies else ""


def dc_23(case: AssessmentCase) -> Iterator[Finding]:
    """Immediate needs met: what was done is said; actions listed all the same are remarked."""
    if case.outcome != "immediate_needs_met":
        return
    if case.blank("immediate_needs_met_summary"):
        yield case.warning(
            "DC-23",
            "Say what was done to meet the immediate need.",
            "immediate_needs_met_summary",
        )
    if count := len(case.listed_actions):
        yield case.warning(
            "DC-23", f"No further action was chosen, but {_actions(count)} listed.", "outcome"
        )


def dc_24(case: AssessmentCase) -> Iterator[Finding]:
    """Complex needs: the manager allocates or discusses; nothing is closed."""
    if case.outcome != "refer_to_manager":
        return
    if case.blank("complex_needs_summary"):
        yield case.warning("DC-24", "Say what the complex needs are.", "complex_needs_summary")
    yield Wanted(
        "T22",
        "DC-24",
        Inbox.MANAGER,
        because="The assessment refers the case to the manager.",
        text="Read the case summary, then allocate a worker or discuss the case. The case stays"
        " open. If you decide on another outcome, have the assessment completed again with it.",
        done_by="A worker is allocated, or your decision is recorded on the case.",
        **case.counted(case.settings.post21.manager_referral_working_days),
    )


def dc_26(case: AssessmentCase) -> Iterator[Finding]:
    """Kept open for unsuitable accommodation: by a date, and somebody looks on that date."""
    if case.outcome != "remain_open" or not _reason(case, "accommodation_unsuitable"):
        return
    by, name = case.answers.accommodation_resolve_by, "accommodation_resolve_by"
    if case.blank(name):
        yield case.warning("DC-26", "Say by when the accommodation is to be resolved.", name)
    if case.answers.accommodation_suitable:
        yield case.warning(
            "DC-26",
            "The accommodation is recorded as suitable, and as the reason to keep the case open.",
            "accommodation_suitable",
        )
    if by is None:
        return
    if by <= case.assessed_on or (case.turns_25 and by >= case.turns_25):
        yield case.warning(
            "DC-26", "The date should be after the assessment and before they turn 25.", name
        )
    yield Wanted(
        "T23",
        "DC-26",
        Inbox.WORKER,
        due=by,
        because="The case stays open because the accommodation is unsuitable.",
        reckoning="The date on the form",
        text="Check with the young adult whether the accommodation is resolved. If it is not, agree"
        " what happens next.",
        done_by="What you found is recorded on the case.",
    )


def dc_27(case: AssessmentCase) -> Iterator[Finding]:
    """Kept open for health: the health area says that support is needed."""
    kept = case.outcome == "remain_open" and _reason(case, "health_or_mental_health")
    name = "area_health_needs_support"
    if kept and not case.unreadable(name) and case.answers.area_health_needs_support is not True:
        yield case.warning(
            "DC-27",
            "The case stays open for health, but the health area does not ask for support.",
            name,
        )


def dc_28(case: AssessmentCase) -> Iterator[Finding]:
    """Kept open for a pregnancy or as a parent: at least one action meets the ongoing needs."""
    kept = case.outcome == "remain_open" and _reason(case, "pregnant_or_parent")
    if kept and not case.names_an_action:
        yield case.warning(
            "DC-28", "Add an action for the ongoing support needs.", "keep_open_reasons"
        )


def dc_29(case: AssessmentCase) -> Iterator[Finding]:
    """Keeping a case open is explained, and discussed with the manager."""
    if case.outcome != "remain_open":
        return
    if case.blank("keep_open_reasons"):
        yield case.warning("DC-29", "Say why the case stays open.", "keep_open_reasons")
    if _reason(case, "other") and case.blank("keep_open_other"):
        yield case.warning("DC-29", "Say what the other reason is.", "keep_open_other")
    if case.blank("manager_discussion_on"):
        yield case.warning(
            "DC-29",
            "No date is given for the discussion with the manager.",
            "manager_discussion_on",
        )
        yield Wanted(
            "T24",
            "DC-29",
            Inbox.MANAGER,
            because="The case stays open, and no discussion with the manager is recorded.",
            text="Discuss with the worker why the case stays open; the case summary has the"
            " reasons. If you agree on another outcome, have the assessment completed again.",
            done_by="The date of the discussion is recorded.",
            **case.counted(case.settings.post21.manager_discussion_working_days),
        )
    elif _discussed_alone(case):
        yield case.warning(
            "DC-29",
            "The discussion is recorded with the worker, not with a manager.",
            "manager_discussion_with",
        )


def _discussed_alone(case: AssessmentCase) -> bool:
    envelope = case.envelope
    workers = (
        envelope.completed_by_id,
        envelope.completed_by_name,
        envelope.allocated_worker_id,
        envelope.allocated_worker_name,
    )
    discussed_with = case.answers.manager_discussion_with
    return bool(discussed_with) and _plain(discussed_with) in {_plain(each) for each in workers}


def _plain(name: str | None) -> str:
    return " ".join((name or "").casefold().split())


def _reason(case: AssessmentCase, reason: str) -> bool:
    return reason in case.answers.keep_open_reasons


def _actions(count: int) -> str:
    return "one action is" if count == 1 else f"{count} actions are"
