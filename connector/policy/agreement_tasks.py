"""The tasks an active agreement puts into inboxes over the years: T01, T02, T07, T08, T15, T27.

Each clock is one function, used for the first occurrence and for every later one.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from connector.dates import add_months, birthday, in_words
from connector.model import Inbox
from connector.policy.agreement_case import AgreementCase
from connector.policy.case import Wanted
from connector.policy.whom_to_ask import lead_social_worker, what_to_ask, what_to_ask_family

ADULT_PACKAGE_LEAD = timedelta(weeks=12)


def social_worker_contact(case: AgreementCase, last: date, started_by: str) -> Wanted | None:
    """T01, 84 days after `last` (A1, by setting), None once that is not before the stop."""
    days = case.settings.tailored.social_worker_contact_days
    return _before_stop(
        case,
        Wanted(
            "T01",
            "DS-18",
            Inbox.WORKER,
            due=last + timedelta(days=days),
            reckoning=f"{days} days after {in_words(last)}",
            because=f"The lead social worker is contacted at least every {days} days. {started_by}",
            text=what_to_ask(case),
            done_by="A case note has the lead social worker's update. The next contact is counted"
            " from the day of this one.",
            counted_from=last,
        ),
    )


def first_social_worker_contact(case: AgreementCase) -> Iterator[Wanted]:
    """The clock starts at the agreement, or at a contact before it (A10)."""
    if not case.contacts_run:
        return
    contact = case.answers.last_social_worker_contact_on
    earlier = contact if contact and contact <= case.agreement_date else None
    start, started_by = _clock(
        case, "T01", earlier, "The last contact with the lead social worker starts the clock."
    )
    if task := social_worker_contact(case, start, started_by):
        yield task


def family_contact(case: AgreementCase, last: date, started_by: str) -> Wanted | None:
    """T02, six months after `last` (A2, by setting), None once that is not before the stop."""
    return _before_stop(
        case,
        Wanted(
            "T02",
            "DS-22",
            case.family_inbox,
            **_months_after(last, case.settings.tailored.family_plan_months),
            because="The family or carers are contacted, and the pathway plan is reviewed, every"
            f" {_months(case.settings.tailored.family_plan_months)}. {started_by}",
            text=what_to_ask_family(case),
            done_by="The contact and the brief pathway plan are recorded. The next ones are counted"
            " from that day.",
            counted_from=last,
        ),
    )


def first_family_contact(case: AgreementCase) -> Iterator[Wanted]:
    """The clock starts at the last plan or an earlier family contact, else the agreement (R20)."""
    if not case.contacts_run:
        return
    plan, contact = case.answers.last_pathway_plan_on, case.answers.last_family_contact_on
    if plan and contact and contact < plan:
        started_by = "The last contact with the family or carers starts the clock."
        start, started_by = _clock(case, "T02", contact, started_by)
    else:
        start, started_by = _clock(case, "T02", plan, "The last pathway plan starts the clock.")
    if task := family_contact(case, start, started_by):
        yield task


def first_agreed_visit(case: AgreementCase) -> Iterator[Wanted]:
    """The clock starts at the agreement (DS-15)."""
    start, _ = _clock(case, "T27", None, "")
    if visit := agreed_visit(case, start):
        yield visit


def _clock(
    case: AgreementCase, task: str, reported: date | None, started_by: str
) -> tuple[date, str]:
    """The day a contact is counted from, and why: a clock that runs already carries over (A17).

    `reported` is what the form says of the last contact. A signature is no contact.
    """
    running = case.record.clocks.get(task)
    if running and (reported is None or running >= reported):
        return running, "The clock carries on from before: a new form is no contact."
    if reported and reported != case.agreement_date:
        return reported, started_by
    return case.agreement_date, "The agreement date starts the clock."


def agreed_visit(case: AgreementCase, last: date) -> Wanted | None:
    """T27, so many weeks after `last` as the form says; None for none or not before the stop."""
    weeks = case.answers.visit_interval_weeks
    if not weeks or not case.contacts_run:
        return None
    every = "week" if weeks == 1 else f"{weeks} weeks"
    return _before_stop(
        case,
        Wanted(
            "T27",
            "DS-15",
            Inbox.WORKER,
            due=last + timedelta(weeks=weeks),
            reckoning=f"{every if weeks > 1 else '1 week'} after {in_words(last)}",
            because=f"The agreed visiting pattern asks for a visit every {every}.",
            text="Make the agreed visit. The visiting pattern is in the case summary.",
            done_by="The visit is recorded. The next one is counted from that day.",
            counted_from=last,
        ),
    )


def support_after_21(case: AgreementCase) -> Iterator[Wanted]:
    """T07 on the day the full service's allocation ends; a person decides (DS-30)."""
    turned = case.birthday(21)
    if turned and case.full_service:
        yield Wanted(
            "T07",
            "DS-30",
            Inbox.MANAGER,
            **_months_after(turned, 1),
            because="With the full service the allocated worker stays until one month after the"
            " 21st birthday.",
            text="Decide with the worker what support follows; the post-21 assessment says what is"
            " needed. The allocation does not end by itself: the worker stays until you change the"
            " record. If a plan for education or training runs on, duties carry on too.",
            done_by="Your decision is recorded on the case.",
        )


def assessment_before_21(case: AgreementCase) -> Iterator[Wanted]:
    """T08 while under 21 on the day of processing, unless they were assessed already (R19)."""
    post21, turned = case.settings.post21, case.birthday(21)
    if turned is None or case.as_of >= turned:
        return
    opens = add_months(turned, -post21.window_opens_months)
    assessed_on = case.record.assessed_on
    if case.record.case_open is not None and (assessed_on is None or assessed_on >= opens):
        return
    due = add_months(turned, -post21.target_months_before)
    yield Wanted(
        "T08",
        "DC-03",
        Inbox.WORKER,
        due=due,
        opens=opens,
        reckoning=f"{_months(post21.target_months_before)} before the 21st birthday on"
        f" {in_words(turned)}",
        because="Every care leaver has an assessment as they approach their 21st birthday.",
        text="Do the post-21 assessment with the young person, with the current pathway plan at"
        " hand, and complete the form. If you cannot do it in time, tell your manager, who is told"
        " by the 21st birthday that it is missing.",
        done_by="The post-21 assessment is completed. Its outcome says what follows.",
        late_on=turned,
    )


def adult_package(case: AgreementCase) -> Iterator[Wanted]:
    """T15 twelve weeks before 18, where children's social care provides the package (DS-05)."""
    if case.born is None or not case.was_under(18):
        return
    on = case.settings.tailored.transition_18_task
    if not on or case.answers.support_package_source != "childrens":
        return
    turned = birthday(case.born, 18, case.settings.dates.leap_day_birthday)
    yield Wanted(
        "T15",
        "DS-05",
        Inbox.WORKER,
        due=turned - ADULT_PACKAGE_LEAD,
        reckoning=f"12 weeks before the 18th birthday on {in_words(turned)}",
        because="Children's social care provides the package of support, and that changes at 18.",
        text="Check that an adult package is in place, and who the lead social worker will be. Ask"
        f" the lead social worker of now: {lead_social_worker(case)}.\nIf no adult package is in"
        " place, tell your manager. If the name changes, complete the agreement again with the new"
        " one: the next tasks then say whom to ring.",
        done_by="The adult package and the lead social worker's name are recorded.",
    )


def _before_stop(case: AgreementCase, wanted: Wanted) -> Wanted | None:
    """Compared before the date is moved (R16); the stop day itself is out (A7)."""
    return wanted if case.stop_on and wanted.due < case.stop_on else None


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _months_after(day: date, count: int) -> dict[str, Any]:
    return {
        "due": add_months(day, count),
        "reckoning": f"{_months(count)} after {in_words(day)}",
    }
