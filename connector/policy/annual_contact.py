"""The outcome of a yearly contact: its rules, and the decision they lead to (DC-35 to DC-39)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from connector.dates import ONE_DAY
from connector.model import Decision, Inbox, Task
from connector.policy.assessment_contact import (
    introduction_to_coordinator,
    next_yearly_contact,
    social_media_allowed,
)
from connector.policy.assessment_findings import contact_refused
from connector.policy.case import Case, Finding, Wanted
from connector.policy.concluding import FormPolicy, conclude
from connector.policy.returner import support_requested
from schemas import AnnualContactOutcome

CLOSED = "closed_annual_contact"
NOT_BY_THIS = {
    "letter": "Do not write to them: they may have moved.",
    "email": "The council does not use e-mail for the yearly contact.",
}
"""The channels that are refused unless the council lists them, which it cannot for a letter."""
WAYS = {
    "phone": "a phone call",
    "text": "a text message",
    "social_media": "social media",
    "email": "an e-mail",
}


class AnnualContactCase(Case):
    """A case whose form is the outcome of a yearly contact."""

    @property
    def answers(self) -> AnnualContactOutcome:
        """The form's answers."""
        answers = self.form.answers
        if not isinstance(answers, AnnualContactOutcome):
            raise TypeError("not the outcome of a yearly contact")
        return answers

    @property
    def contacted_on(self) -> date:
        """The day of the contact or the attempt, the form day where it is blank."""
        return self.answers.contacted_on or self.form_day

    @property
    def was_reached(self) -> bool:
        """Whether they were spoken to, or answered; a message left is an attempt."""
        return self.answers.reached == "yes"


def decide_annual_contact(case: Case) -> Decision:
    """What the outcome of a yearly contact asks for."""
    contact = AnnualContactCase(**{each.name: getattr(case, each.name) for each in fields(Case)})
    ends = contact.birthday(contact.settings.limits.upper_age)
    return conclude(
        contact,
        [finding for rule in ANNUAL_CONTACT_RULES for finding in rule(contact)],
        FormPolicy(
            own_status="open" if contact.record.case_open is True else CLOSED,
            kept_on_hold=lambda task: task != "T30",
            no_worker_rule="DC-06",
            facts=lambda status, tasks: _facts(ends, status, tasks),
            turns_on=lambda status: ends if status == CLOSED else None,
            stops_on=ends - ONE_DAY if ends else None,
            stops_because="They turn 25 on the day after.",
        ),
    )


def _facts(ends: date | None, status: str, tasks: Sequence[Task]) -> Mapping[str, Any]:
    due = {task.task: task.due_on for task in tasks}
    return {
        "can_return_until": ends - ONE_DAY if ends and status == CLOSED else None,
        "next_contact_on": due.get("T30"),
    }


def dc_05(case: AnnualContactCase) -> Iterator[Finding]:
    """Someone who wants support again is assessed as a returner."""
    if case.answers.wants_support:
        asked = case.answers.requested_on or case.contacted_on
        yield support_requested(case, asked, case.answers.previous_pa_id)


def dc_09(case: AnnualContactCase) -> Iterator[Finding]:
    """Someone who asks not to be contacted: the manager decides whether it goes on."""
    if case.answers.contact_refused:
        yield contact_refused(case)


def dc_35(case: AnnualContactCase) -> Iterator[Finding]:
    """The next contact is counted from this one; an attempt counts as this year's."""
    if case.record.case_open is True:
        yield case.warning("DC-35", "The case is open, so the yearly contact does not apply.")
        return
    gap = case.settings.annual.min_gap_after_contact_days
    if contact := next_yearly_contact(case, case.contacted_on, gap):
        yield contact


def dc_36(case: AnnualContactCase) -> Iterator[Finding]:
    """Nobody is written to; by e-mail only where the council says so."""
    channel = case.answers.channel or ""
    if channel in NOT_BY_THIS and channel not in case.settings.annual.channels:
        yield case.error("DC-36", f"{NOT_BY_THIS[channel]} {_what_to_use(case)}", "channel")


def _what_to_use(case: AnnualContactCase) -> str:
    annual = case.settings.annual
    allowed = [
        WAYS[each]
        for each in annual.channels
        if each != "social_media" or annual.social_media_enabled
    ]
    if not allowed:
        return "Ask your manager how to make contact."
    return f"Try {' or '.join(allowed)}, then change the answer."


def dc_37(case: AnnualContactCase) -> Iterator[Finding]:
    """Social media only where the council uses it and they gave permission, on a day, with a name.

    The permission may be from an earlier form.
    """
    annual = case.settings.annual
    if case.answers.channel != "social_media":
        return
    if not (annual.social_media_enabled and "social_media" in annual.channels):
        yield case.hold(
            "DC-37",
            "Social media is not used for the yearly contact. Try the last known phone number.",
            "channel",
        )
    elif not (case.record.social_media_permitted or _permitted_here(case)):
        yield case.hold(
            "DC-37",
            "Social media needs their permission. Add it, with the day they gave it and the name"
            " they use.",
            "social_media_ok",
        )


def _permitted_here(case: AnnualContactCase) -> bool:
    """By this form; one whose answer cannot be read is listed already."""
    asked = ("social_media_ok", "social_media_handle", "social_media_permission_on")
    return social_media_allowed(case) or any(case.unreadable(name) for name in asked)


def dc_38(case: AnnualContactCase) -> Iterator[Finding]:
    """Whoever is reached is given the Local Offer and asked whether they want support."""
    if not case.was_reached:
        return
    if case.blank("local_offer_given"):
        yield case.error(
            "EN-06", "Say whether they were given the Local Offer.", "local_offer_given"
        )
    elif case.answers.local_offer_given == "no":
        yield _give_the_local_offer(case)
    if case.blank("wants_support"):
        yield case.warning("DC-38", "Say whether they want support.", "wants_support")


def _give_the_local_offer(case: AnnualContactCase) -> Wanted:
    url = case.settings.service.local_offer_url
    return Wanted(
        "T31",
        "DC-38",
        Inbox.TEAM,
        because="They were reached, and the Local Offer was not given to them.",
        text="Give them a copy of the Local Offer, or the link to it"
        + (f": {url}" if url else ".")
        + " Do not send it by post.",
        done_by="They have the Local Offer.",
        **case.counted(5),
    )


def dc_39(case: AnnualContactCase) -> Iterator[Finding]:
    """In all cases an introduction to a Local Area Coordinator is considered.

    By the worker, whom a closed case need not have: then by the team that made the contact.
    """
    worker = case.envelope.allocated_worker_id
    yield from introduction_to_coordinator(case, Inbox.WORKER if worker else Inbox.TEAM)


ANNUAL_CONTACT_RULES: tuple[Callable[[AnnualContactCase], Iterator[Finding]], ...] = (
    dc_05,
    dc_09,
    dc_35,
    dc_36,
    dc_37,
    dc_38,
    dc_39,
)
