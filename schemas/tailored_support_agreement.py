"""The tailored-support agreement: its answers and their schema (domain 1.3)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import post_load

from schemas import choices
from schemas.questions import FormSchema, choice, day, rows, text, whole_number, yes_no


@dataclass(frozen=True, kw_only=True)
class Party:
    """One row of the agreement table: who was asked, and what they said."""

    name: str | None = None
    party_type: str | None = None
    role: str | None = None
    agreed: str | None = None
    agreed_on: date | None = None
    comment: str | None = None


class PartySchema(FormSchema):
    """A row of the agreement table."""

    name = text("Name")
    party_type = choice("Kind of person", choices.PARTY_TYPE)
    role = text("Role")
    agreed = choice("Agreed", choices.YES_NO_NOT_ASKED)
    agreed_on = day("Date agreed", past=True)
    comment = text("Comment")

    @post_load
    def _build(self, values: dict[str, Any], **_: Any) -> Party:
        return Party(**values)


@dataclass(frozen=True, kw_only=True)
class TailoredSupportAgreement:
    """The answers of a tailored-support agreement; None where a question was not answered."""

    agreement_date: date | None = None
    supersedes_submission_id: str | None = None
    eligible_full_service: bool | None = None
    care_leaver_category: str | None = None
    significant_learning_disability: bool | None = None
    frequent_visits_confusing: bool | None = None
    support_package_in_place: bool | None = None
    support_package_source: str | None = None
    support_package_summary: str | None = None
    criterion_a_role_not_understood: bool | None = None
    criterion_a_visits_detrimental: str | None = None
    criterion_a_evidence: str | None = None
    criterion_b_specialist_staffed_home: bool | None = None
    criterion_b_evidence: str | None = None
    criterion_c_no_unmet_independence_needs: bool | None = None
    criterion_c_evidence: str | None = None
    best_interests_reason: str | None = None
    manager_agreed: str | None = None
    manager_agreed_on: date | None = None
    manager_agreed_by_id: str | None = None
    manager_agreed_by_name: str | None = None
    parties: tuple[Party, ...] = ()
    no_family_or_carer_reason: str | None = None
    family_contact_safe: bool | None = None
    lead_social_worker_name: str | None = None
    lead_social_worker_id: str | None = None
    lead_social_worker_team: str | None = None
    lead_social_worker_phone: str | None = None
    lead_social_worker_email: str | None = None
    last_social_worker_contact_on: date | None = None
    visiting_pattern: str | None = None
    visit_interval_weeks: int | None = None
    accommodation_code: str | None = None
    accommodation_provided_by_authority: str | None = None
    young_person_wishes: str | None = None
    social_worker_view: str | None = None
    family_carer_view: str | None = None
    oversight_recorded_in: str | None = None
    oversight_recorded_on: date | None = None
    oversight_reference: str | None = None
    tailored_support_description: str | None = None
    last_pathway_plan_on: date | None = None
    last_family_contact_on: date | None = None
    local_offer_given: bool | None = None
    local_offer_given_on: date | None = None
    local_offer_encouraged: bool | None = None
    family_told_can_make_requests: bool | None = None
    family_told_permission_needed: bool | None = None
    worker_contact_details_given: bool | None = None
    service_contact_details_given: bool | None = None
    family_told_can_ask_for_more_support: bool | None = None
    family_request_details: str | None = None


class TailoredSupportAgreementSchema(FormSchema):
    """Domain 1.3, in the order a person reads the form."""

    agreement_date = day("Date of the agreement", past=True)
    supersedes_submission_id = text("Earlier agreement this one replaces", longest=100)
    eligible_full_service = yes_no(
        "Is the young person eligible for the full service?", required_by="EN-06"
    )
    care_leaver_category = choice("Care leaver category", choices.CARE_LEAVER_CATEGORY)
    significant_learning_disability = yes_no(
        "Does the young person have a significant learning disability?", required_by="DS-03"
    )
    frequent_visits_confusing = yes_no(
        "Would frequent visits be confusing for the young person?", required_by="DS-04"
    )
    support_package_in_place = yes_no(
        "Is a robust package of support in place?", required_by="DS-05"
    )
    support_package_source = choice(
        "Who provides the package of support?", choices.SUPPORT_SOURCE, required_by="DS-05"
    )
    support_package_summary = text("What is the package of support?")
    criterion_a_role_not_understood = yes_no(
        "A: The young person would not understand the role of a leaving care worker",
        required_by="DS-06",
    )
    criterion_a_visits_detrimental = choice(
        "A: More visits from another professional may be detrimental", choices.YES_NO_NOT_SURE
    )
    criterion_a_evidence = text("A: How do you know?")
    criterion_b_specialist_staffed_home = yes_no(
        "B: The young person is likely to live only in a specialist staffed home",
        required_by="DS-06",
    )
    criterion_b_evidence = text("B: How do you know?")
    criterion_c_no_unmet_independence_needs = yes_no(
        "C: The young person has no independence needs that are not already met",
        required_by="DS-06",
    )
    criterion_c_evidence = text("C: How do you know?")
    best_interests_reason = text(
        "Why are regular visits not in the young person's best interests?", required_by="DS-10"
    )
    manager_agreed = choice("Does the manager agree?", choices.YES_NO_PENDING, required_by="EN-06")
    manager_agreed_on = day("Date the manager agreed", past=True)
    manager_agreed_by_id = text("Manager who agreed", longest=100)
    manager_agreed_by_name = text("Name of the manager who agreed")
    parties = rows("Who has agreed?", PartySchema)
    no_family_or_carer_reason = text("Why is no family member or carer named?")
    family_contact_safe = yes_no("Is it safe to contact the family?")
    lead_social_worker_name = text("Lead social worker")
    lead_social_worker_id = text("Lead social worker's number", longest=100)
    lead_social_worker_team = text("Lead social worker's team")
    lead_social_worker_phone = text("Lead social worker's phone")
    lead_social_worker_email = text("Lead social worker's e-mail")
    last_social_worker_contact_on = day("Last contact with the lead social worker", past=True)
    visiting_pattern = text("Agreed visiting pattern", required_by="DS-15")
    visit_interval_weeks = whole_number("Weeks between visits", low=0, high=104)
    accommodation_code = choice("Accommodation", choices.ACCOMMODATION_CODE)
    accommodation_provided_by_authority = choice(
        "Does the council provide the accommodation?", choices.YES_NO_NOT_KNOWN
    )
    young_person_wishes = text("The young person's wishes, and how we found out")
    social_worker_view = text("The social worker's view")
    family_carer_view = text("The family's or carers' view")
    oversight_recorded_in = choice(
        "Where is management oversight recorded?", choices.OVERSIGHT_RECORD
    )
    oversight_recorded_on = day("Date management oversight was recorded", past=True)
    oversight_reference = text("Reference of the management oversight")
    tailored_support_description = text(
        "What tailored support will be offered?", required_by="DS-14"
    )
    last_pathway_plan_on = day("Date of the last pathway plan", past=True)
    last_family_contact_on = day("Last contact with the family or carers", past=True)
    local_offer_given = yes_no("Has the family been given the Local Offer?")
    local_offer_given_on = day("Date the Local Offer was given", past=True)
    local_offer_encouraged = yes_no("Has the family been encouraged to read the Local Offer?")
    family_told_can_make_requests = yes_no(
        "Has the family been told they can make requests for their child?"
    )
    family_told_permission_needed = yes_no(
        "Has the family been told that a manager must agree to a request first?"
    )
    worker_contact_details_given = yes_no("Does the family have the worker's contact details?")
    service_contact_details_given = yes_no("Does the family have the service's contact details?")
    family_told_can_ask_for_more_support = yes_no(
        "Has the family been told they can ask for more support at any point?"
    )
    family_request_details = text("What has the family asked for?")

    @post_load
    def _build(self, values: dict[str, Any], **_: Any) -> TailoredSupportAgreement:
        values["parties"] = tuple(values["parties"] or ())
        return TailoredSupportAgreement(**values)
