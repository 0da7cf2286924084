"""The service's rules. `decide` turns a validated form into what is to be done, purely.

Adding a form: its file here, and a line in DECIDERS.
"""

from collections.abc import Callable, Mapping
from datetime import date

from connector.dates import WorkingDays
from connector.model import CompletedForm, Decision, PersonRecord
from connector.policy.agreement import decide_agreement
from connector.policy.annual_contact import decide_annual_contact
from connector.policy.assessment import decide_assessment
from connector.policy.case import NOTHING_KNOWN, Case
from connector.policy.family_request import decide_family_request
from connector.policy.settings import DEFAULTS, PolicySettings
from connector.policy.settings_schema import load_policy

DECIDERS: Mapping[str, Callable[[Case], Decision]] = {
    "tailored_support_agreement": decide_agreement,
    "post_21_assessment": decide_assessment,
    "annual_contact_outcome": decide_annual_contact,
    "family_request": decide_family_request,
}


def decide(
    form: CompletedForm,
    settings: PolicySettings,
    working: WorkingDays,
    as_of: date,
    record: PersonRecord = NOTHING_KNOWN,
) -> Decision:
    """What the rules ask for, for one person on one form, processed on `as_of` (London)."""
    case = Case(form, settings, working, as_of, record)
    return DECIDERS[form.envelope.form_type or ""](case)


__all__ = ["DEFAULTS", "PolicySettings", "decide", "load_policy"]
