"""Value lists, code to the words a person reads (domain 1.2 to 1.6, 2.3 and 2.5)."""

from collections.abc import Mapping
from types import MappingProxyType

Choices = Mapping[str, str]


def _frozen(**words: str) -> Choices:
    return MappingProxyType(words)


FORM_TYPE = _frozen(
    tailored_support_agreement="Tailored-support agreement",
    post_21_assessment="Post-21 assessment",
    annual_contact_outcome="Yearly contact",
    family_request="Family request",
)
FORM_STATUS = _frozen(
    completed="Completed", amended="Amended", reopened="Reopened", withdrawn="Withdrawn"
)
CARE_LEAVER_CATEGORY = _frozen(
    eligible="Eligible child",
    relevant="Relevant child",
    former_relevant="Former relevant child",
    qualifying="Qualifying care leaver",
    none="No current eligibility",
)
SUPPORT_SOURCE = _frozen(
    childrens="Children's social care",
    adults="Adult social care",
    both="Children's and adult social care",
)
YES_NO_NOT_SURE = _frozen(yes="Yes", no="No", not_sure="Not sure")
YES_NO_PENDING = _frozen(yes="Yes", no="No", pending="Not decided yet")
YES_NO_NOT_ASKED = _frozen(yes="Yes", no="No", not_asked="Not asked")
YES_NO_NOT_KNOWN = _frozen(yes="Yes", no="No", not_known="Not known")
PARTY_TYPE = _frozen(
    professional="Professional",
    family="Family member",
    carer="Carer",
    young_person="Young person",
    advocate="Advocate",
)
OVERSIGHT_RECORD = _frozen(
    supervision_record="Supervision record",
    case_note="Case note",
    not_yet="Not recorded yet",
)
ASSESSMENT_TYPE = _frozen(
    approaching_21="Approaching 21st birthday",
    returner_21_to_24="Returning for advice and support, aged 21 to 24",
    review_of_open_case="Review of an open case",
)
ASSESSOR_ROLE = _frozen(
    allocated_pa="Allocated personal adviser",
    previous_pa="Previous personal adviser",
    duty_worker="Duty worker",
    other="Someone else",
)
TOOK_PART = _frozen(
    yes="Yes",
    partly="Partly",
    no_refused="No, they refused",
    no_unable="No, they were not able to",
    no_not_reached="No, they could not be reached",
)
AREA = _frozen(
    accommodation="Accommodation and independence",
    health="Health, mental health and wellbeing",
    education_training_employment="Education, training and employment",
    financial="Financial, including council tax exemption",
    identity="Identity, including access to records",
    family_relationships="Family and relationships",
)
TYPE_OF_SUPPORT = MappingProxyType({**AREA, "other": "Other"})
COUNCIL_TAX_STATUS = _frozen(
    awarded="Exemption awarded",
    applied="Applied for",
    needs_application="Needs an application",
    not_liable="Not liable",
    not_eligible="Not eligible",
    unknown="Not known",
)
LEVEL_OF_SUPPORT = _frozen(
    none="None",
    advice_only="Advice only",
    light="Light",
    regular="Regular",
    intensive="Intensive",
)
ACTION_OWNER = _frozen(
    pa="Personal adviser",
    duty="Duty worker",
    manager="Manager",
    young_adult="Young adult",
    other_service="Another service",
)
OUTCOME = _frozen(
    close_case="Case to be closed. They can return any time until 25",
    remain_open="Case to remain open",
    immediate_needs_met="Immediate needs met. No further action required",
    refer_to_manager="Complex needs. Refer to manager",
)
KEEP_OPEN_REASON = _frozen(
    university="At university or in education",
    accommodation_unsuitable="Accommodation is unsuitable",
    health_or_mental_health="Health or mental health",
    pregnant_or_parent="Pregnant or a parent, with ongoing support needs",
    other="Another reason",
)
COORDINATOR_INTRODUCTION = _frozen(
    yes="Yes", no="No", declined="Declined", not_available="Not available"
)
REACHED = _frozen(yes="Yes", left_message="No, but a message was left", no="No")
CHANNEL = _frozen(
    phone="Phone call",
    text="Text message",
    social_media="Social media",
    email="E-mail",
    letter="Letter",
    visit="Visit",
    other="Another way",
)
LOCAL_OFFER_GIVEN = _frozen(copy="Yes, a copy", link="Yes, the link to it", no="No")
MANAGER_DECISION = _frozen(agreed="Agreed", not_agreed="Not agreed", pending="Not decided yet")

ACCOMMODATION = _frozen(
    B="With parents or relatives",
    C="Community home or other residential care",
    D="Semi-independent or supported accommodation",
    E="Supported lodgings",
    G="Gone abroad",
    H="Deported",
    K="Ordinary lodgings",
    R="Residence not known",
    S="No fixed abode",
    T="Foyer or similar",
    U="Independent living",
    V="Emergency accommodation",
    W="Bed and breakfast",
    X="In custody",
    Y="Other accommodation",
    Z="With former foster carers",
)
SUITABILITY = _frozen(**{"1": "suitable", "2": "unsuitable"})
ACCOMMODATION_CODE: Choices = MappingProxyType(
    {
        **ACCOMMODATION,
        **{
            letter + digit: f"{words}, {SUITABILITY[digit]}"
            for letter, words in ACCOMMODATION.items()
            for digit in SUITABILITY
        },
        "0": "Not known",
    }
)
_ACTIVITY = {
    "1": "Higher education",
    "2": "Education other than higher education",
    "4": "Apprenticeship",
    "5": "Training or employment, not an apprenticeship",
}
ACTIVITY_CODE: Choices = MappingProxyType(
    {
        **{"F" + digit: f"{words}, full time" for digit, words in _ACTIVITY.items()},
        **{"P" + digit: f"{words}, part time" for digit, words in _ACTIVITY.items()},
        "G4": "Not in education, training or employment: illness or disability",
        "G5": "Not in education, training or employment: other reason",
        "G6": "Not in education, training or employment: pregnancy or parenting",
        "0": "Not known",
    }
)
