"""DS-01, DS-02, DS-13 to DS-18, DS-20, DS-30 and DS-35: age, worker, manager, social worker."""

from collections.abc import Iterator

from connector.dates import in_words
from connector.model import Inbox
from connector.policy.agreement_case import AgreementCase
from connector.policy.agreement_tasks import (
    first_agreed_visit,
    first_social_worker_contact,
    support_after_21,
)
from connector.policy.case import Finding, Wanted

LONGEST_VISIT_INTERVAL_WEEKS = 8
VIEWS = {
    "young_person_wishes": "Say what the young person wishes, and how you found out.",
    "social_worker_view": "Say what the social worker thinks.",
    "family_carer_view": "Say what the family or carers think.",
}


def ds_01(case: AgreementCase) -> Iterator[Finding]:
    """For people under 21 on the agreement date; under the youngest age of the council a remark."""
    signed = in_words(case.agreement_date)
    if case.was_21:
        yield case.hold(
            "DS-01",
            f"The young person was 21 or over on {signed}. This agreement is for people under 21."
            " Use the point-of-contact route instead.",
            "date_of_birth",
        )
        yield Wanted(
            "T14",
            "DS-01",
            Inbox.MANAGER,
            because=f"They were 21 or over on {signed}, and this agreement is for people under 21.",
            text="Decide between the point-of-contact route and a post-21 assessment, and tell the"
            " worker. Tailored support has not started.",
            done_by="Your decision is recorded on the case.",
            **case.counted(5),
        )
    youngest = case.settings.limits.min_age
    if case.was_under(youngest):
        yield case.warning(
            "DS-01",
            f"The young person was under {youngest} on {signed}. Check the date of birth.",
            "date_of_birth",
        )


def ds_02(case: AgreementCase) -> Iterator[Finding]:
    """The allocated worker is the actor; a form completed by someone else is remarked."""
    author, worker = case.envelope.completed_by_id, case.envelope.allocated_worker_id
    if author and worker and author != worker:
        yield case.warning(
            "DS-02",
            "The form was completed by someone other than the allocated worker. The tasks go to"
            " the allocated worker.",
            "completed_by_id",
        )


def ds_13(case: AgreementCase) -> Iterator[Finding]:
    """The young person keeps an allocated worker."""
    if not case.envelope.allocated_worker_id:
        yield case.hold(
            "DS-13",
            "Every young person keeps an allocated worker. Add who it is.",
            "allocated_worker_id",
        )


def ds_15(case: AgreementCase) -> Iterator[Finding]:
    """Visits as agreed (T27); where the council provides the home, every two months is asked."""
    provided = case.answers.accommodation_provided_by_authority
    if case.blank("accommodation_provided_by_authority"):
        yield case.warning(
            "DS-15",
            "Say whether the council provides the accommodation.",
            "accommodation_provided_by_authority",
        )
    if provided == "yes" and _visits_too_far_apart(case):
        yield case.warning(
            "DS-15",
            "The regulations ask for a visit at least every two months where the council provides"
            " the home. Check with your manager.",
            "visit_interval_weeks",
        )
    yield from first_agreed_visit(case)


def _visits_too_far_apart(case: AgreementCase) -> bool:
    weeks = case.answers.visit_interval_weeks
    if case.unreadable("visit_interval_weeks"):
        return False
    return not weeks or weeks > LONGEST_VISIT_INTERVAL_WEEKS


def ds_16(case: AgreementCase) -> Iterator[Finding]:
    """The visiting pattern takes account of three views."""
    for name, message in VIEWS.items():
        if case.blank(name):
            yield case.warning("DS-16", message, name)


def ds_17(case: AgreementCase) -> Iterator[Finding]:
    """Where management oversight is recorded; "not yet" is met by the connector's case note."""
    if case.blank("oversight_recorded_in"):
        yield case.warning(
            "DS-17", "Say where management oversight is recorded.", "oversight_recorded_in"
        )


def ds_18(case: AgreementCase) -> Iterator[Finding]:
    """The lead social worker is known by name or team, and contacted every twelve weeks (T01)."""
    if not _lead_social_worker(case):
        yield case.hold(
            "DS-18",
            "Add the lead social worker's name, or their team.",
            "lead_social_worker_name",
        )
    yield from first_social_worker_contact(case)


def ds_20(case: AgreementCase) -> Iterator[Finding]:
    """A second agreement says that it replaces the active one; a new version of it need not."""
    same_form = case.record.replaces_version or case.envelope.form_status == "amended"
    unsaid = case.blank("supersedes_submission_id")
    if case.record.active_agreement and unsaid and not same_form:
        yield case.warning(
            "DS-20",
            "Another agreement is active. This one replaces it on the day it becomes active.",
            "supersedes_submission_id",
        )


def ds_30(case: AgreementCase) -> Iterator[Finding]:
    """Full service: allocated until 21 and one month, when the manager decides (T07)."""
    category = case.answers.care_leaver_category
    if case.blank("care_leaver_category"):
        yield case.warning("DS-30", "Choose the care leaver category.", "care_leaver_category")
    if category in {"qualifying", "none"} and case.full_service:
        yield case.warning(
            "DS-30",
            "The care leaver category does not usually go with the full service. Check both"
            " answers.",
            "care_leaver_category",
        )
    yield from support_after_21(case)


def ds_35(case: AgreementCase) -> Iterator[Finding]:
    """The service works with a lead professional or key carer; with none at all the form waits."""
    if not _lead_social_worker(case) and not case.names_a("professional", "carer"):
        yield case.hold(
            "DS-35",
            "Name at least one lead professional or key carer to work with.",
            "parties",
        )


def _lead_social_worker(case: AgreementCase) -> bool:
    return bool(case.answers.lead_social_worker_name or case.answers.lead_social_worker_team)
