"""A completed form of each kind as it was decided, made up, for the tests of summary and PDF."""

from dataclasses import replace
from datetime import UTC, date, datetime

from connector.model import (
    CompletedForm,
    Decision,
    Inbox,
    Problem,
    RecordedAnswer,
    Severity,
    Task,
    WriteBack,
)
from schemas import (
    Action,
    AnnualContactOutcome,
    Envelope,
    FamilyRequest,
    Party,
    Post21Assessment,
    TailoredSupportAgreement,
)


def _task(task: str, title: str, inbox: Inbox, due_on: date) -> Task:
    return Task(task, "DS-18", title, inbox, "7781", due_on, due_on, because="Because of the form.")


AGREEMENT = CompletedForm(
    envelope=Envelope(
        submission_id="884213",
        form_type="tailored_support_agreement",
        completed_at=datetime(2026, 3, 27, 14, 5, tzinfo=UTC),
        completed_by_id="7781",
        completed_by_name="Jo Adviser",
        completed_by_role="Leaving care worker",
        person_id="400123",
        person_first_name="Alex",
        person_last_name="Example",
        date_of_birth=date(2007, 10, 1),
        allocated_worker_id="7781",
        allocated_worker_name="Jo Adviser",
        manager_id="5510",
        manager_name="Mo Manager",
        team_name="Leaving Care",
    ),
    answers=TailoredSupportAgreement(
        eligible_full_service=True,
        care_leaver_category="former_relevant",
        significant_learning_disability=True,
        frequent_visits_confusing=True,
        support_package_in_place=True,
        support_package_source="both",
        support_package_summary=(
            "Residential placement with one-to-one support, reviewed by adult social care."
        ),
        criterion_a_role_not_understood=True,
        criterion_a_evidence=(
            "Alex does not tell workers apart and is unsettled by new visitors. After three visits "
            "in one week in January Alex did not sleep well.\n\nThe home asked us to come less "
            "often."
        ),
        criterion_b_specialist_staffed_home=True,
        criterion_b_evidence="Lives in a specialist staffed home and will stay there.",
        criterion_c_no_unmet_independence_needs=True,
        criterion_c_evidence="Independence needs are met by the home and the family.",
        best_interests_reason=(
            "Regular visits would add a further professional with no benefit to Alex."
        ),
        manager_agreed="yes",
        manager_agreed_on=date(2026, 3, 25),
        manager_agreed_by_id="5510",
        manager_agreed_by_name="Mo Manager",
        parties=(
            Party(
                name="Sam Worker",
                party_type="professional",
                role="Adult social worker",
                agreed="yes",
                agreed_on=date(2026, 3, 24),
            ),
            Party(
                name="Pat Example",
                party_type="family",
                role="Parent",
                agreed="yes",
                agreed_on=date(2026, 3, 20),
                comment="Happy with this. Ring me on 07700 900123 or pat@example.org.",
            ),
        ),
        lead_social_worker_name="Sam Worker",
        lead_social_worker_phone="01332 000000",
        lead_social_worker_email="sam.worker@example.gov.uk",
        visiting_pattern="No regular visits. Join the annual care review.",
        visit_interval_weeks=0,
        accommodation_provided_by_authority="no",
        young_person_wishes=(
            "Alex could not say. We watched how Alex is with visitors and asked the home."
        ),
        social_worker_view="Agrees. Will share review dates.",
        family_carer_view="Agrees. Would like a call at Christmas.",
        oversight_recorded_in="case_note",
        oversight_recorded_on=date(2026, 3, 25),
        tailored_support_description=(
            "Contact through the home and the family; support at the annual review."
        ),
        last_pathway_plan_on=date(2026, 1, 15),
        local_offer_given=True,
        local_offer_given_on=date(2026, 3, 20),
        local_offer_encouraged=True,
        family_told_can_make_requests=True,
        family_told_permission_needed=True,
        worker_contact_details_given=True,
        service_contact_details_given=True,
        family_told_can_ask_for_more_support=False,
    ),
    labels={"visiting_pattern": "What visits have been agreed, and with whom?"},
    also_recorded=(RecordedAnswer("Preferred name", "Al"),),
)

AGREEMENT_DECISION = Decision(
    form_type="tailored_support_agreement",
    status="tailored_support_active",
    line=("Tailored support is active. Next: Contact the lead social worker by 17 June 2026."),
    write_back=WriteBack(
        status="tailored_support_active",
        line="Tailored support is active.",
        form="tailored_support_agreement",
        agreement_date=date(2026, 3, 25),
        allocation_until=date(2028, 11, 1),
    ),
    problems=(
        Problem(
            "DS-29",
            Severity.WARNING,
            "The family has not been told that they can ask for more support at any point.",
        ),
        Problem("DS-08", Severity.INFO, "Only for the trace."),
    ),
    tasks=(
        _task(
            "T03",
            "Give the family the Local Offer and contact details",
            Inbox.WORKER,
            date(2026, 4, 14),
        ),
        _task("T01", "Contact the lead social worker", Inbox.WORKER, date(2026, 6, 17)),
        _task(
            "T02",
            "Contact family or carers and do the brief pathway plan",
            Inbox.WORKER,
            date(2026, 7, 15),
        ),
        _task("T08", "Post-21 assessment", Inbox.WORKER, date(2028, 6, 30)),
        _task("T07", "Decide support after 21", Inbox.MANAGER, date(2028, 11, 1)),
    ),
    attaches_summary=True,
)

ASSESSMENT = CompletedForm(
    envelope=Envelope(
        submission_id="5520187",
        form_type="post_21_assessment",
        completed_at=datetime(2026, 2, 12, 16, 40, tzinfo=UTC),
        completed_by_id="20931",
        completed_by_name="Jo Adviser",
        person_id="900456",
        person_first_name="Robin",
        person_last_name="Sample",
        date_of_birth=date(2005, 5, 10),
        allocated_worker_id="20931",
        allocated_worker_name="Jo Adviser",
        manager_id="30007",
        manager_name="Mo Manager",
        team_name="Leaving Care",
    ),
    answers=Post21Assessment(
        assessment_type="approaching_21",
        assessor_role="allocated_pa",
        assessor_id="20931",
        assessor_name="Jo Adviser",
        took_part="yes",
        young_adult_agrees="yes",
        current_pathway_plan_date=date(2025, 11, 20),
        area_accommodation_summary="Settled housing association flat.",
        area_accommodation_needs_support=False,
        area_health_summary="Waiting for counselling.",
        area_health_needs_support=True,
        area_health_support_needed="Help to get counselling started.",
        area_education_training_employment_summary="Second year apprenticeship.",
        area_education_training_employment_needs_support=False,
        area_financial_summary="Managing. Council tax exemption in place.",
        area_financial_needs_support=False,
        area_identity_summary="Does not want records at present.",
        area_identity_needs_support=False,
        area_family_relationships_summary="Good contact with siblings.",
        area_family_relationships_needs_support=False,
        accommodation_code="U1",
        accommodation_suitable=True,
        activity_code="F4",
        council_tax_status="awarded",
        access_to_records_discussed=True,
        wants_access=False,
        level_of_support="light",
        types_of_support=("health", "education_training_employment"),
        actions=(
            Action(what="Chase counselling referral", who="pa", due_on=date(2026, 3, 13)),
            Action(
                what="Write to the landlord about the broken boiler and ask for a date",
                who="other_service",
                owner_name="Housing advice",
                due_on=date(2026, 3, 20),
                area="accommodation",
            ),
            Action(what="Send payslips to the college", who="young_adult", done=True),
        ),
        outcome="remain_open",
        keep_open_reasons=("health_or_mental_health",),
        closure_other={"told_about_records": True},
        last_known_phone="07700 900456",
        phone_safe_to_use=True,
        social_media_ok="not_asked",
        local_area_coordinator_considered=True,
        local_area_coordinator_introduction="no",
    ),
    labels={"area_health_summary": "How is your health?"},
)

ASSESSMENT_DECISION = Decision(
    form_type="post_21_assessment",
    status="open",
    line="The case stays open. Next: Chase counselling referral by 13 March 2026.",
    write_back=WriteBack(status="open", line="The case stays open.", form="post_21_assessment"),
    problems=(
        Problem(
            "DC-29", Severity.WARNING, "No date is recorded for the discussion with the manager."
        ),
    ),
    tasks=(
        _task("T24", "Discuss keeping this case open", Inbox.MANAGER, date(2026, 2, 26)),
        _task("T20", "Chase counselling referral", Inbox.WORKER, date(2026, 3, 13)),
        _task("T21", "Review support", Inbox.WORKER, date(2026, 8, 12)),
    ),
    attaches_summary=True,
)

CONTACT = CompletedForm(
    envelope=Envelope(
        submission_id="884977",
        form_type="annual_contact_outcome",
        completed_at=datetime(2026, 10, 27, 16, 20, tzinfo=UTC),
        completed_by_id="7790",
        completed_by_name="Sal Duty",
        completed_by_role="Duty worker",
        person_id="400124",
        person_first_name="Charlie",
        person_last_name="Sample",
        date_of_birth=date(2003, 4, 18),
        manager_id="5510",
        manager_name="Mo Manager",
        team_name="Leaving Care",
    ),
    answers=AnnualContactOutcome(
        contacted_on=date(2026, 10, 26),
        reached="yes",
        channel="phone",
        local_offer_given="link",
        wants_support=True,
        previous_pa_id="7781",
        last_known_phone="07700 900124",
        phone_safe_to_use=True,
        social_media_ok="not_asked",
        local_area_coordinator_considered=True,
        local_area_coordinator_introduction="declined",
        notes="Would like help with a tenancy.",
    ),
    labels={"notes": "What was said?"},
)
CONTACT_DECISION = Decision(
    form_type="annual_contact_outcome",
    status="closed_annual_contact",
    line="The case is closed, with a contact once a year."
    " Next: Assess a returner by 9 November 2026.",
    write_back=WriteBack(
        status="closed_annual_contact",
        line="",
        form="annual_contact_outcome",
        can_return_until=date(2028, 4, 17),
    ),
    problems=(),
    tasks=(
        _task("T09", "Assess a returner", Inbox.WORKER, date(2026, 11, 9)),
        _task("T30", "Yearly contact", Inbox.TEAM, date(2027, 10, 26)),
    ),
    attaches_summary=True,
)

REQUEST = CompletedForm(
    envelope=replace(
        AGREEMENT.envelope,
        submission_id="885012",
        form_type="family_request",
        completed_at=datetime(2026, 7, 2, 8, 30, tzinfo=UTC),
    ),
    answers=FamilyRequest(
        requested_on=date(2026, 7, 1),
        requester_name="Pat Example",
        requester_relationship="Parent",
        request_details="Money for a sensory room. Ring me on 07700 900123.",
        family_told_permission_needed=True,
    ),
)
REQUEST_DECISION = Decision(
    form_type="family_request",
    status="request_awaiting_manager",
    line="The family's request waits for the manager. Do not agree until the manager decides."
    " Next: Decide a family request by 16 July 2026.",
    write_back=WriteBack(status="request_awaiting_manager", line="", form="family_request"),
    problems=(),
    tasks=(_task("T06", "Decide a family request", Inbox.MANAGER, date(2026, 7, 16)),),
    attaches_summary=True,
)

EVERY_FORM = {
    "agreement": AGREEMENT,
    "assessment": ASSESSMENT,
    "contact": CONTACT,
    "request": REQUEST,
}
DECISIONS = {
    "tailored_support_agreement": AGREEMENT_DECISION,
    "post_21_assessment": ASSESSMENT_DECISION,
    "annual_contact_outcome": CONTACT_DECISION,
    "family_request": REQUEST_DECISION,
}


def restricted(form: CompletedForm) -> CompletedForm:
    """The same form about somebody whose record is restricted."""
    return replace(form, envelope=replace(form.envelope, record_restricted=True))
