"""DS-11 and DS-12: nothing changes before the manager and everyone named have agreed."""

from collections.abc import Iterator, Sequence

from connector.dates import add_months, in_words
from connector.model import Inbox
from connector.policy.agreement_case import ASKED_FOR_WISHES_ONLY, FAMILY, AgreementCase, role_of
from connector.policy.case import Claim, Finding, Wanted
from connector.policy.words import listing
from schemas import Party

EVERYONE = "Everyone named must agree before visits change."


def ds_11(case: AgreementCase) -> Iterator[Finding]:
    """Nothing starts until a manager, not the worker, has agreed on a day."""
    answer = case.answers.manager_agreed
    if answer == "pending":
        yield from _manager_pending(case)
    elif answer == "no":
        yield from _manager_refused(case)
    elif answer == "yes":
        yield from _manager_agreed(case)


def _manager_pending(case: AgreementCase) -> Iterator[Finding]:
    yield Claim("awaiting_manager")
    yield case.hold(
        "DS-11",
        f"The manager has not agreed yet. {case.meanwhile} until they do.",
        "manager_agreed",
    )
    yield Wanted(
        "T04",
        "DS-11",
        Inbox.MANAGER,
        because="The form asks for tailored support, and the manager has not decided yet.",
        text="Read the form and decide whether this approach is right. Tell the worker, who"
        " completes the form again with your answer, the date and who decided."
        f" {case.meanwhile} until you agree.",
        done_by="The form is completed again with your answer.",
        **case.counted(case.settings.tailored.manager_decision_working_days),
    )


def _manager_refused(case: AgreementCase) -> Iterator[Finding]:
    yield Claim("not_agreed_by_manager")
    yield case.hold("DS-11", f"The manager does not agree. {case.meanwhile}.", "manager_agreed")
    yield Wanted(
        "T18",
        "DS-11",
        Inbox.WORKER,
        because="The manager does not agree to this approach.",
        text=f"{case.meanwhile}. Nothing else was started from this form.",
        done_by="Usual visits are planned.",
        **case.counted(5),
    )


def _manager_agreed(case: AgreementCase) -> Iterator[Finding]:
    answers = case.answers
    if case.blank("manager_agreed_on"):
        yield case.error("DS-11", "Add the date the manager agreed.", "manager_agreed_on")
    if not (answers.manager_agreed_by_id or answers.manager_agreed_by_name):
        yield case.error("DS-11", "Add the manager who agreed.", "manager_agreed_by_id")
    elif _agreed_with_themselves(case):
        yield case.error(
            "DS-11",
            "A manager must agree, not the worker who completed the form or is allocated.",
            "manager_agreed_by_id",
        )
    first = min((p.agreed_on for p in answers.parties if p.agreed_on), default=None)
    agreed_on = answers.manager_agreed_on
    if first and agreed_on and agreed_on < add_months(first, -12):
        yield case.warning(
            "DS-11",
            f"The manager agreed on {in_words(agreed_on)}, more than a year before anyone else."
            " Check the date.",
            "manager_agreed_on",
        )


def _agreed_with_themselves(case: AgreementCase) -> bool:
    """By number; by name only where the form gives the manager no number."""
    answers, envelope = case.answers, case.envelope
    if answers.manager_agreed_by_id:
        workers = {envelope.completed_by_id, envelope.allocated_worker_id}
        return answers.manager_agreed_by_id in workers
    names = {_plain(envelope.completed_by_name), _plain(envelope.allocated_worker_name)}
    return _plain(answers.manager_agreed_by_name) in names


def _plain(name: str | None) -> str:
    return " ".join((name or "").lower().split())


def ds_12(case: AgreementCase) -> Iterator[Finding]:
    """All professionals and the family or carers agree; the young person's row only warns."""
    yield from _somebody_refused(case)
    yield from _somebody_not_asked(case)
    for party in case.agreed_undated:
        yield case.warning("DS-12", f"Add the date on which {role_of(party)} agreed.", "parties")
    for party in case.answers.parties:
        if party.agreed == "no" and party.party_type in ASKED_FOR_WISHES_ONLY:
            yield case.warning(
                "DS-12", f"{_start(role_of(party))} is recorded as not agreeing.", "parties"
            )


def _somebody_refused(case: AgreementCase) -> Iterator[Finding]:
    roles = _roles(case.who_said("no"))
    if not roles:
        return
    yield Claim("not_agreed")
    for role in roles:
        yield case.hold(
            "DS-12", f"{_start(role)} is recorded as not agreeing. {EVERYONE}", "parties"
        )
    named = "A person named on the form" if case.envelope.record_restricted else listing(roles)
    yield Wanted(
        "T36",
        "DS-12",
        Inbox.MANAGER,
        because=f"{_start(named)} {'is' if len(roles) == 1 else 'are'} recorded as not agreeing.",
        text="Decide with the worker what happens next. If they come to agree, the worker"
        f" completes the form again. {case.meanwhile} until everyone agrees.",
        done_by="Your decision is recorded on the case.",
        **case.counted(5),
    )


def _somebody_not_asked(case: AgreementCase) -> Iterator[Finding]:
    roles = _roles(case.who_said("not_asked"))
    for role in roles:
        yield case.hold("DS-12", f"{_start(role)} has not been asked yet. {EVERYONE}", "parties")
    if not case.names_a("professional"):
        roles.append("a professional")
        yield case.hold("DS-12", f"Add a professional who agrees. {EVERYONE}", "parties")
    if not case.names_a(*FAMILY) and case.blank("no_family_or_carer_reason"):
        roles.append("a family member or carer")
        yield case.hold(
            "DS-12",
            "Add a family member or carer who agrees, or say why none is named.",
            "no_family_or_carer_reason",
        )
    if roles:
        yield Claim("awaiting_agreement")
        yield _ask(case, roles)


def _ask(case: AgreementCase, roles: Sequence[str]) -> Wanted:
    who = "everyone named" if case.envelope.record_restricted else listing(roles)
    unsafe = case.answers.family_contact_safe is False
    return Wanted(
        "T19",
        "DS-12",
        Inbox.WORKER,
        title=f"Ask {who} about this approach",
        because="Not everyone who must agree is recorded as having agreed.",
        text="Ask, then complete the form again with their answers and the dates."
        f" {case.meanwhile} until everyone agrees."
        + (
            " Contact with the family is recorded as not safe: speak to your manager first."
            if unsafe
            else ""
        ),
        done_by="The form is completed again with everyone's answer.",
        **case.counted(10),
    )


def _roles(parties: Sequence[Party]) -> list[str]:
    return list(dict.fromkeys(role_of(party) for party in parties))


def _start(words: str) -> str:
    return words[0].upper() + words[1:]
