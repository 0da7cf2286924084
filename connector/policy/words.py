"""What each status means to a worker, and the title each task has in an inbox (1.7 and 1.8)."""

from collections.abc import Iterable

STATUS_ORDER = (
    "ended_deceased",
    "withdrawn",
    "needs_attention",
    "not_in_scope_age_25",
    "not_agreed_by_manager",
    "not_agreed",
    "criteria_no_longer_met",
    "awaiting_agreement",
    "awaiting_manager",
    "on_hold_closure_questions",
    "on_hold",
)
"""The statuses that win over an outcome's own, the first that applies (1.0 Status)."""

STATUS_WORDS = {
    "ended_deceased": "This person is recorded as having died. All follow-ups have been stopped",
    "withdrawn": "The form was withdrawn. The follow-ups made from it have been stopped",
    "needs_attention": "The form needs attention before it can take effect",
    "not_in_scope_age_25": "They were 25 or over when they asked. This assessment does not apply",
    "not_agreed_by_manager": "The manager does not agree to this approach. Usual visits carry on",
    "not_agreed": "Someone does not agree to this approach. Usual visits carry on",
    "criteria_no_longer_met": "Tailored support no longer fits. Return to usual visits",
    "awaiting_agreement": "Waiting for everyone to agree to this approach. Usual visits carry on",
    "awaiting_manager": "Waiting for the manager",
    "on_hold_closure_questions": "The case has not been closed. A closure question is open",
    "on_hold": "The form is on hold and has not taken effect yet",
    "tailored_support_active": "Tailored support is agreed and active",
    "superseded": "A new agreement has taken the place of this one",
    "open": "The case stays open",
    "closure_planned": "The case is to be closed at 21",
    "closed_annual_contact": "The case is closed, with a contact once a year",
    "ended_21": "The tailored-support agreement has ended, now that they are past 21",
    "ended_age_25": "They have turned 25, and all follow-ups have ended",
    "request_awaiting_manager": "The family's request waits for the manager. Do not agree until the"
    " manager decides",
    "request_agreed": "The manager agrees to the family's request",
    "request_not_agreed": "The manager does not agree to the family's request",
}

TASK_TITLES = {
    "T01": "Contact the lead social worker",
    "T02": "Contact family or carers and do the brief pathway plan",
    "T03": "Give the family the Local Offer and contact details",
    "T04": "Decide: tailored support",
    "T05": "Agree a change of approach",
    "T06": "Decide a family request",
    "T07": "Decide support after 21",
    "T08": "Post-21 assessment",
    "T09": "Assess a returner",
    "T10": "Close the case at 21",
    "T11": "Attach the summary yourself",
    "T12": "Overdue: {title}",
    "T13": "Decide whether to keep yearly contact",
    "T14": "Use the point-of-contact route or a post-21 assessment",
    "T15": "Check the adult package and the name of the lead social worker",
    "T16": "Return to usual visits",
    "T17": "The tailored approach no longer fits: agree what happens next",
    "T18": "Continue usual visits",
    "T19": "Ask {who} about this approach",
    "T20": "Do an agreed action",
    "T21": "Review support",
    "T22": "Allocate or discuss: complex needs",
    "T23": "Check accommodation is resolved",
    "T24": "Discuss keeping this case open",
    "T25": "Tell them: {question}",
    "T26": "Introduce to the Local Area Coordinator",
    "T27": "Agreed visit",
    "T28": "Give the family your contact details",
    "T29": "They turned 25 since asking: decide",
    "T30": "Yearly contact",
    "T31": "Give the local offer",
    "T32": "Signpost, and give the Local Offer",
    "T33": "The young adult does not agree",
    "T35": "The form was withdrawn",
    "T36": "Someone does not agree",
    "T90": "Fix the form",
    "T91": "No worker to give this task to",
    "T92": "No next step is recorded for these people",
    "T93": "Yearly contact this October: overview",
}

LED_TASKS = frozenset({"T01", "T02", "T07", "T15", "T20", "T21", "T23", "T27"})
"""Tasks that show in the inbox some days before they are due; the others at once (R17)."""


def listing(words: Iterable[str]) -> str:
    """One, two and three."""
    *most, last = list(words)
    return f"{', '.join(most)} and {last}" if most else last
