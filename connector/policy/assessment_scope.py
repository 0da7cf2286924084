"""DC-01 to DC-07: whom the assessment is for, who does it, and how soon."""

from collections.abc import Iterator
from datetime import date

from connector.dates import add_months, in_words
from connector.model import Inbox
from connector.policy.assessment_case import AssessmentCase
from connector.policy.case import Claim, Finding, Wanted
from connector.policy.returner import signpost


def dc_01(case: AssessmentCase) -> Iterator[Finding]:
    """Approaching 21: from six months before; earlier or late is remarked, over a month holds."""
    turned, day = case.birthday(21), case.judged_on
    if case.answers.assessment_type == "approaching_21" and turned and day:
        yield from _near_21(case, turned, day)


def _near_21(case: AssessmentCase, turned: date, day: date) -> Iterator[Finding]:
    opens = add_months(turned, -case.settings.post21.window_opens_months)
    limit = add_months(turned, case.settings.post21.late_limit_months_after)
    name = "assessment_type"
    if day > limit:
        yield case.hold(
            "DC-01",
            f"They turned 21 on {in_words(turned)}. Choose that they are returning, or that an"
            " open case is being reviewed.",
            name,
        )
    elif day >= turned:
        yield case.warning(
            "DC-01", f"This assessment is late. They turned 21 on {in_words(turned)}.", name
        )
    elif day >= opens:
        return
    elif day < (case.birthday(20) or day):
        yield case.warning(
            "DC-01", "This assessment is early. They are not 20 yet. Check the type.", name
        )
    else:
        yield case.information(
            "DC-01", f"This assessment is usually done from {in_words(opens)}.", name
        )


def dc_02(case: AssessmentCase) -> Iterator[Finding]:
    """Returners asked on or after their 21st and before their 25th birthday."""
    asked, assessed = case.answers.requested_on, case.judged_on
    if not case.returner:
        return
    if case.blank("requested_on"):
        yield case.error("EN-06", "Say on which day they asked for support.", "requested_on")
    if asked and assessed and asked > assessed:
        yield case.error(
            "DC-02", "They cannot have asked after the assessment. Check the dates.", "requested_on"
        )
    if asked:
        yield from _age_when_asked(case, asked)


def _age_when_asked(case: AssessmentCase, asked: date) -> Iterator[Finding]:
    turned_21, turned_25, assessed = case.birthday(21), case.turns_25, case.judged_on
    if turned_21 is None or turned_25 is None:
        return
    if asked < turned_21:
        yield case.hold(
            "DC-02",
            f"They were under 21 when they asked. They turn 21 on {in_words(turned_21)}. Choose"
            " the type for people approaching 21.",
            "assessment_type",
        )
    elif asked >= turned_25:
        yield from _asked_too_late(case)
    elif assessed and assessed >= turned_25:
        yield from _turned_25_since(case)


def _asked_too_late(case: AssessmentCase) -> Iterator[Finding]:
    turned = in_words(case.turns_25 or case.assessed_on)
    yield Claim("not_in_scope_age_25")
    yield case.hold(
        "DC-02",
        f"They turned {case.settings.limits.upper_age} on {turned}, before they asked for"
        " support. Speak to your manager about what you can offer.",
        "requested_on",
    )
    yield signpost(case)


def _turned_25_since(case: AssessmentCase) -> Iterator[Finding]:
    turned = in_words(case.turns_25 or case.assessed_on)
    yield case.warning(
        "DC-02",
        f"They turned {case.settings.limits.upper_age} on {turned}, after they asked and before"
        " the assessment was finished.",
        "assessment_date",
    )
    yield Wanted(
        "T29",
        "DC-02",
        Inbox.MANAGER,
        because="They asked in time, and the assessment was finished after the age limit.",
        text="Read the case summary, and decide what support can still be offered and who tells"
        " them.",
        done_by="Your decision is recorded on the case.",
        **case.counted(5),
    )


def dc_04(case: AssessmentCase) -> Iterator[Finding]:
    """Approaching 21: by the allocated personal adviser."""
    role = case.answers.assessor_role
    if case.answers.assessment_type == "approaching_21" and role and role != "allocated_pa":
        yield case.warning(
            "DC-04",
            "This assessment is usually done by the allocated personal adviser.",
            "assessor_role",
        )


def dc_05(case: AssessmentCase) -> Iterator[Finding]:
    """A returner: by the previous personal adviser where possible."""
    role = case.answers.assessor_role
    missing = case.blank("why_not_previous_pa") or case.blank("previous_pa_id")
    if case.returner and role and role != "previous_pa" and missing:
        yield case.warning(
            "DC-05",
            "Say who the previous personal adviser was, and why they did not do the assessment.",
            "why_not_previous_pa",
        )


def dc_06(case: AssessmentCase) -> Iterator[Finding]:
    """Nobody allocated: what is for a worker goes to the team's inbox."""
    if not case.envelope.allocated_worker_id:
        yield case.warning(
            "DC-06",
            "No worker is allocated. Tasks for a worker go to the team's inbox.",
            "allocated_worker_id",
        )


def dc_07(case: AssessmentCase) -> Iterator[Finding]:
    """A returner's assessment is done without delay."""
    asked, assessed = case.answers.requested_on, case.judged_on
    if not case.returner or asked is None or assessed is None:
        return
    if asked < (case.born or asked):
        return
    taken = case.working.between(asked, assessed)
    target = case.settings.post21.returner_target_working_days
    if taken > target:
        yield case.warning(
            "DC-07",
            f"The assessment took {taken} working days after they asked. Aim for {target}.",
            "requested_on",
        )
