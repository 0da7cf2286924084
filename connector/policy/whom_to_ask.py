"""Whom to ring about an agreement, and what to ask: the words of its contacts (DS-18, DS-22)."""

from connector.policy.agreement_case import FAMILY, AgreementCase


def lead_social_worker(case: AgreementCase) -> str:
    """Whom to ring: name, team, phone and e-mail, as far as the form has them."""
    answers = case.answers
    who = (
        answers.lead_social_worker_name,
        answers.lead_social_worker_team,
        answers.lead_social_worker_phone,
        answers.lead_social_worker_email,
    )
    return ", ".join(part for part in who if part)


def what_to_ask(case: AgreementCase) -> str:
    """Whom to ring and what to ask (DS-18, DS-19)."""
    return "\n".join(
        (
            f"Ask for an update from the lead social worker: {lead_social_worker(case)}.",
            "Ask: has anything changed for the young person? Should the approach change?",
            "No change: write a case note. The approach carries on, with no form to fill in.",
            "A change is needed: tell your manager. Everyone has to agree again first.",
            "A call that did not get through counts as the contact."
            if case.settings.tailored.attempt_counts
            else "A call that did not get through does not count: an update must be gained.",
        )
    )


def what_to_ask_family(case: AgreementCase) -> str:
    """What the family or carers are asked (DS-22); where that is not safe, a decision first."""
    unsafe = case.answers.family_contact_safe is False
    if unsafe:
        ask = "Contact with the family is recorded as not safe. Decide how an update can be gained."
    else:
        ask = "Ask the family or carers how things are from their point of view."
        ask += _named_on_the_form(case)
    return f"{ask}\nComplete a brief pathway plan."


def _named_on_the_form(case: AgreementCase) -> str:
    """Whom to ring (DS-22): the family and carers the form names."""
    named = [
        f"{party.name} ({party.role})" if party.role else party.name
        for party in case.answers.parties
        if party.name and party.party_type in FAMILY
    ]
    return f" Named on the form: {', '.join(named)}." if named else ""
