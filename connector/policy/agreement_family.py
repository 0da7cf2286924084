"""DS-22 to DS-29: contact with the family or carers, and what they have to be told."""

from collections.abc import Iterator

from connector.dates import add_months
from connector.model import Inbox
from connector.policy.agreement_case import AgreementCase
from connector.policy.agreement_tasks import first_family_contact
from connector.policy.case import Finding, Wanted
from connector.policy.family_request import decide_a_request
from connector.policy.unasked import NOT_SAFE_TO_CONTACT


def ds_22(case: AgreementCase) -> Iterator[Finding]:
    """Family or carers are contacted every six months, with the brief pathway plan (T02)."""
    yield from first_family_contact(case)


def ds_23(case: AgreementCase) -> Iterator[Finding]:
    """The date of the last pathway plan is known, and the plan is not overdue."""
    name, plan = "last_pathway_plan_on", case.answers.last_pathway_plan_on
    months = case.settings.tailored.family_plan_months
    if case.blank(name):
        yield case.warning(
            "DS-23",
            "No date is given for the last pathway plan, so the next one is counted from the"
            " agreement.",
            name,
        )
    elif plan and add_months(plan, months) < case.agreement_date:
        yield case.warning(
            "DS-23", f"The last pathway plan was over {months} months old. Review it now.", name
        )


def ds_24(case: AgreementCase) -> Iterator[Finding]:
    """The family has a copy of the Local Offer."""
    yield from _told(
        case,
        "DS-24",
        "local_offer_given",
        "The family has not been given the Local Offer.",
        f"Give them a copy of the Local Offer.{_local_offer_link(case)}",
    )


def ds_25(case: AgreementCase) -> Iterator[Finding]:
    """The family has been encouraged to read it."""
    yield from _told(
        case,
        "DS-25",
        "local_offer_encouraged",
        "The family has not been encouraged to read the Local Offer.",
        "Encourage them to read it, so that they understand their child's rights.",
    )


def ds_26(case: AgreementCase) -> Iterator[Finding]:
    """The family knows that they can make requests."""
    yield from _told(
        case,
        "DS-26",
        "family_told_can_make_requests",
        "The family has not been told that they can make requests for their child.",
        "Tell them that they can make requests for their child.",
    )


def ds_27(case: AgreementCase) -> Iterator[Finding]:
    """The family knows that a manager decides; a request on the form goes to the manager (T06)."""
    yield from _told(
        case,
        "DS-27",
        "family_told_permission_needed",
        "The family has not been told that a manager must agree to a request first.",
        "Tell them that a manager must agree to a request first.",
    )
    request = case.answers.family_request_details
    if request:
        yield decide_a_request(case, request, "The form holds a request of the family.")


def ds_28(case: AgreementCase) -> Iterator[Finding]:
    """The family has the contact details of the worker and of the service."""
    yield from _told(
        case,
        "DS-28",
        "worker_contact_details_given",
        "The family does not have the worker's contact details.",
        "Give them your contact details.",
    )
    yield from _told(
        case,
        "DS-28",
        "service_contact_details_given",
        "The family does not have the service's contact details.",
        f"Give them the service's contact details.{_service_details(case)}",
    )


def ds_29(case: AgreementCase) -> Iterator[Finding]:
    """The family must be told that they can ask for more support; by setting a hold."""
    yield from _told(
        case,
        "DS-29",
        "family_told_can_ask_for_more_support",
        "The family has not been told that they can ask for more support at any point.",
        "Tell them that they can ask for more support at any point.",
        holds=case.settings.tailored.further_support_told == "hold",
    )


def _told(
    case: AgreementCase, rule: str, name: str, message: str, to_do: str, *, holds: bool = False
) -> Iterator[Finding]:
    """No or blank is a warning (or a hold), and a line of the one T03 (R1)."""
    if getattr(case.answers, name) or case.unreadable(name):
        return
    yield case.hold(rule, message, name) if holds else case.warning(rule, message, name)
    yield Wanted(
        "T03",
        rule,
        case.family_inbox,
        because=message,
        text=f"{_not_safe(case)}- {to_do}",
        done_by="The family has been told all of this, or the form is completed again with every"
        " answer Yes.",
        **case.counted(case.settings.tailored.family_tell_working_days),
    )


def _not_safe(case: AgreementCase) -> str:
    return NOT_SAFE_TO_CONTACT if case.family_inbox is Inbox.MANAGER else ""


def _local_offer_link(case: AgreementCase) -> str:
    url = case.settings.service.local_offer_url
    return f" It is at {url}" if url else ""


def _service_details(case: AgreementCase) -> str:
    service = case.settings.service
    listed = ", ".join(part for part in (service.name, service.phone, service.email) if part)
    return f" They are: {listed}." if listed else ""
