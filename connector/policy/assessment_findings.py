"""DC-08 to DC-17: taking part, the six areas and what was found in them."""

from collections.abc import Iterator

from connector.dates import add_months
from connector.model import Inbox
from connector.policy.assessment_case import AssessmentCase
from connector.policy.case import Case, Claim, Finding, Wanted
from schemas.choices import AREA

EDUCATION = frozenset({"F1", "P1", "F2", "P2"})


def dc_08(case: AssessmentCase) -> Iterator[Finding]:
    """Level and types of support fit each other and the outcome."""
    level = case.answers.level_of_support
    if case.blank("types_of_support"):
        yield case.warning("DC-08", "Say which types of support they need.", "types_of_support")
    if level == "none" and case.outcome == "remain_open":
        yield case.warning(
            "DC-08", "The case stays open, but no support is recorded.", "level_of_support"
        )
    if level == "intensive" and case.outcome == "close_case":
        yield case.warning(
            "DC-08",
            "The case is to be closed, but they need intensive support.",
            "level_of_support",
        )


def dc_09(case: AssessmentCase) -> Iterator[Finding]:
    """Done with the young adult; not closed over the head of someone who did not take part."""
    answers = case.answers
    if answers.took_part in {"no_refused", "no_not_reached"}:
        yield from _without_them(case)
    if answers.took_part not in {None, "yes"} and case.blank("took_part_notes"):
        yield case.error("EN-06", "Say how they took part, or why not.", "took_part_notes")
    if answers.young_adult_agrees == "no":
        yield case.warning(
            "DC-09",
            "The young adult does not agree with the level of support.",
            "young_adult_agrees",
        )
        yield Wanted(
            "T33",
            "DC-09",
            Inbox.MANAGER,
            because="The young adult does not agree with the level of support.",
            text="The case summary says what was recommended. Talk to the worker, and decide what"
            " level of support is right and who tells the young adult.",
            done_by="Your decision is recorded on the case.",
            **case.counted(5),
        )
    if answers.contact_refused:
        yield contact_refused(case)


def contact_refused(case: Case) -> Wanted:
    """T13: the manager decides whether someone who wants no contact is still contacted yearly."""
    return Wanted(
        "T13",
        "DC-09",
        Inbox.MANAGER,
        because="The young adult has asked not to be contacted.",
        text="Decide whether the yearly contact goes on. Do not contact them meanwhile.\n"
        "It goes on: complete this task with “no change”. It ends: complete it with “change"
        " needed”; the contact that is planned is then taken back and none follows.",
        done_by="Your decision is recorded on the case, and with this task.",
        **case.counted(10),
    )


def _without_them(case: AssessmentCase) -> Iterator[Finding]:
    if case.asks_closure_questions:
        yield Claim("on_hold_closure_questions")
        yield case.hold(
            "DC-09",
            "The case has not been closed. They did not take part, so they cannot have been told"
            " what closing means.",
            "took_part",
        )
    else:
        yield case.warning(
            "DC-09", "They did not take part. Show this to your manager.", "took_part"
        )


def dc_11(case: AssessmentCase) -> Iterator[Finding]:
    """Approaching 21: informed by a pathway plan not older than six months."""
    plan, assessed = case.answers.current_pathway_plan_date, case.judged_on
    if case.answers.assessment_type != "approaching_21":
        return
    if case.blank("current_pathway_plan_date"):
        yield case.warning(
            "DC-11",
            "Give the date of the current pathway plan.",
            "current_pathway_plan_date",
        )
    elif plan and assessed and plan < assessed and add_months(plan, 6) < assessed:
        yield case.warning(
            "DC-11",
            "The pathway plan is more than six months old. Its review is overdue.",
            "current_pathway_plan_date",
        )


def dc_12(case: AssessmentCase) -> Iterator[Finding]:
    """Support that is needed is named, and when no further action follows, an action covers it."""
    named = {action.area for action in case.answers.actions if action.what}
    unread = case.unreadable("actions")
    uncovered = case.keeps_in_touch and None not in named and not unread
    for area in case.answers.areas:
        support = f"area_{area.name}_support_needed"
        if area.needs_support and case.blank(support):
            yield case.error("DC-12", f"{AREA[area.name]}: say which support they need.", support)
        if area.needs_support and uncovered and area.name not in named:
            yield case.warning(
                "DC-12",
                f"{AREA[area.name]}: support is needed, but no action is listed for it.",
                f"area_{area.name}_needs_support",
            )


def dc_13(case: AssessmentCase) -> Iterator[Finding]:
    """Not closed unnoticed while the home is unsuitable."""
    if case.outcome == "close_case" and case.unsuitable_home:
        yield case.warning(
            "DC-13",
            "The accommodation is unsuitable or they have no fixed home. Speak to your manager"
            " before closing.",
            "accommodation_suitable" if case.blank("accommodation_code") else "accommodation_code",
        )


def dc_15(case: AssessmentCase) -> Iterator[Finding]:
    """Not closed unnoticed while in education."""
    if case.outcome == "close_case" and case.answers.activity_code in EDUCATION:
        yield case.warning(
            "DC-15",
            "They are in education. Speak to your manager before closing.",
            "activity_code",
        )


def dc_16(case: AssessmentCase) -> Iterator[Finding]:
    """Council tax is looked at, and an application that is needed has its action."""
    if case.blank("council_tax_status"):
        yield case.warning("DC-16", "Say how things stand with council tax.", "council_tax_status")
    needs = case.answers.council_tax_status == "needs_application"
    if needs and not case.mentions(r"council[\s-]*tax"):
        yield case.warning(
            "DC-16",
            "A council tax application is needed. Consider adding it as an action.",
            "council_tax_status",
        )


def dc_17(case: AssessmentCase) -> Iterator[Finding]:
    """Access to records is discussed, and a wish for it has its action."""
    if case.blank("access_to_records_discussed"):
        yield case.warning(
            "DC-17",
            "Say whether access to records was discussed.",
            "access_to_records_discussed",
        )
    if case.answers.wants_access and not case.mentions("records?|files?"):
        yield case.warning(
            "DC-17",
            "They want access to their records. Consider adding it as an action.",
            "wants_access",
        )
