"""Other words for our codes, as forms in use print them; from the two services' own documents.

Compared after `plain`: case, punctuation, “and”, leading numbers and brackets at the end are gone.
A profile's `map` comes before these.
"""

from collections.abc import Mapping

Spellings = Mapping[str, tuple[str, ...]]

_AREA: Spellings = {
    "accommodation": ("Accommodation", "Independence", "Housing"),
    "health": ("Health", "Mental health", "Health and wellbeing", "Health/ mental health"),
    "education_training_employment": ("ETE", "EET", "Education", "Education/training/employment"),
    "financial": ("Financial", "Finance", "Finances", "Money", "Council tax"),
    "identity": ("Identity", "Access to records"),
    "family_relationships": ("Family", "Relationships", "Family/ relationships"),
    "other": ("Something else",),
}
_NOT_ASKED = ("Not asked yet", "Not yet asked", "Not discussed", "Awaiting reply")
_NOT_KNOWN = ("Unknown", "Don't know", "Do not know", "Not sure")

_REMAIN_OPEN = (
    "Case to remain open to Leaving Care Service to meet assessed needs and address actions"
)

SPELLINGS: Mapping[str, Spellings] = {
    "outcome": {
        "close_case": (
            "Case to be closed",
            "Case to be closed to Leaving Care Service",
            "Case closed",
            "Close case",
            "Close the case",
            "Closed",
        ),
        "remain_open": (
            "Case to remain open",
            "Case to remain open to Leaving Care Service",
            "Case to remain open to meet assessed needs and address actions",
            _REMAIN_OPEN,
            "Remain open",
            "Keep open",
        ),
        "immediate_needs_met": (
            "Immediate needs met",
            "Immediate need met",
            "Immediate needs met, no further action",
        ),
        "refer_to_manager": (
            "Complex needs",
            "Refer to manager",
            "Complex needs. Refer to manager for allocation/discussion",
        ),
    },
    "keep_open_reasons": {
        "university": (
            "University",
            "At university",
            "Still at university",
            "Young adult still at university",
            "In education",
        ),
        "accommodation_unsuitable": (
            "Unsuitable accommodation",
            "Accommodation unsuitable",
            "Young adult's accommodation is unsuitable",
        ),
        "health_or_mental_health": (
            "Health",
            "Mental health",
            "Health/ mental health issues",
            "Young adult has health/ mental health issues",
        ),
        "pregnant_or_parent": (
            "Pregnant / parent",
            "Pregnant",
            "Parent",
            "Pregnant or a parent",
            "Young adult is pregnant / parent",
        ),
        "other": ("Other",),
    },
    "assessment_type": {
        "approaching_21": ("Approaching 21", "Approaching their 21st birthday"),
        "returner_21_to_24": (
            "Returner",
            "Returning for advice and support",
            "Returning for advice and support 21 to 24",
            "Returner aged 21 to 24",
        ),
        "review_of_open_case": ("Review", "Open case review"),
    },
    "assessor_role": {
        "allocated_pa": ("Allocated PA", "Allocated adviser", "Personal adviser", "PA"),
        "previous_pa": ("Previous PA", "Previous adviser"),
        "duty_worker": ("Duty", "Duty PA", "Duty adviser"),
        "other": ("Other",),
    },
    "took_part": {
        "yes": ("Took part", "Fully"),
        "partly": ("In part", "Partially"),
        "no_refused": ("Refused", "No - refused", "Declined"),
        "no_unable": ("Unable", "No - unable", "Not able to", "Unable to take part"),
        "no_not_reached": ("Not reached", "No - not reached", "Could not be reached", "No contact"),
    },
    "young_adult_agrees": {"not_asked": _NOT_ASKED},
    "social_media_ok": {"not_asked": _NOT_ASKED},
    "reached": {
        "yes": ("Reached", "Contact made", "Spoke to them"),
        "left_message": ("Left message", "Left a message", "Message left", "Voicemail"),
        "no": ("Not reached", "No answer", "No contact", "No reply"),
    },
    "channel": {
        "phone": ("Phone", "Telephone", "Telephone call", "Call", "Mobile"),
        "text": ("Text", "SMS"),
        "email": ("Email",),
        "letter": ("Post", "By post"),
        "visit": ("Home visit", "Face to face", "In person"),
        "other": ("Other",),
    },
    "local_offer_given": {
        "copy": ("Copy", "Copy given", "A copy was given"),
        "link": ("Link", "Link sent", "The link was sent"),
        "no": ("Not given",),
    },
    "manager_decision": {
        "agreed": ("Yes", "Approved", "Authorised", "Granted"),
        "not_agreed": ("No", "Declined", "Rejected", "Refused"),
        "pending": ("Awaiting decision", "Awaiting manager", "Not yet", "Awaiting", "Undecided"),
    },
    "agreed": {
        "yes": ("Agreed", "Agrees"),
        "no": ("Not agreed", "Disagreed", "Disagrees", "Does not agree", "Refused"),
        "not_asked": _NOT_ASKED,
    },
    "manager_agreed": {
        "yes": ("Agreed", "Approved", "Authorised"),
        "no": ("Not agreed", "Declined", "Rejected", "Refused"),
        "pending": ("Awaiting decision", "Awaiting manager", "Not yet", "Awaiting", "Undecided"),
    },
    "party_type": {
        "professional": ("Worker", "Social worker"),
        "family": ("Family", "Relative", "Parent"),
        "carer": ("Foster carer", "Key carer"),
        "young_person": ("Young adult", "Child"),
    },
    "care_leaver_category": {
        "eligible": ("Eligible",),
        "relevant": ("Relevant",),
        "former_relevant": ("Former relevant",),
        "qualifying": ("Qualifying",),
        "none": ("None", "Not eligible"),
    },
    "support_package_source": {
        "childrens": ("Children's", "Children", "Childrens services", "Children's services"),
        "adults": ("Adult's", "Adult", "Adults' social care", "Adult services"),
        "both": ("Both", "Children's and adults'", "Children's and adults' social care"),
    },
    "criterion_a_visits_detrimental": {"not_sure": ("Unsure", "Unknown", "Don't know")},
    "accommodation_provided_by_authority": {"not_known": _NOT_KNOWN},
    "oversight_recorded_in": {
        "supervision_record": ("Supervision", "Supervision notes"),
        "case_note": ("Casenote", "Case notes", "Casenotes"),
        "not_yet": ("Not yet", "Not recorded"),
    },
    "council_tax_status": {
        "awarded": ("Awarded", "Exempt", "Council tax exemption awarded"),
        "applied": ("Applied", "Application made"),
        "needs_application": ("Needs application", "To apply", "Not applied"),
        "unknown": ("Unknown", "Don't know"),
    },
    "level_of_support": {"none": ("No support",), "advice_only": ("Advice",)},
    "types_of_support": _AREA,
    "area": _AREA,
    "who": {
        "pa": ("PA", "Allocated PA", "Leaving care worker", "Leaving care personal adviser"),
        "duty": ("Duty PA", "Duty team"),
        "manager": ("Team manager", "MGR"),
        "young_adult": ("Young person", "Care leaver"),
        "other_service": ("Other service", "Another agency", "Other agency", "Partner agency"),
    },
    "local_area_coordinator_introduction": {"not_available": ("N/A", "Not applicable")},
    "accommodation_code": {"W": ("B&B", "Bed & breakfast"), "X": ("Custody", "Prison")},
    "form_status": {
        "completed": ("Complete", "Finalised", "Submitted", "Authorised"),
        "amended": ("Corrected", "Revised"),
        "reopened": ("Re-opened",),
        "withdrawn": ("Cancelled", "Deleted", "entered-in-error"),
    },
}
