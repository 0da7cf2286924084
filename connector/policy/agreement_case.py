"""A tailored-support agreement in front of the rules: the days and people the rules share."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

from connector.dates import add_months, birthday
from connector.model import Inbox
from connector.policy.case import Case
from schemas import Party, TailoredSupportAgreement
from schemas.choices import PARTY_TYPE

ASKED_FOR_WISHES_ONLY = frozenset({"young_person", "advocate"})
FAMILY = frozenset({"family", "carer"})
CRITERIA = {
    "a": "criterion_a_role_not_understood",
    "b": "criterion_b_specialist_staffed_home",
    "c": "criterion_c_no_unmet_independence_needs",
}


@dataclass(frozen=True)
class AgreementCase(Case):
    """A case whose form is a tailored-support agreement."""

    @property
    def answers(self) -> TailoredSupportAgreement:
        """The form's answers."""
        answers = self.form.answers
        if not isinstance(answers, TailoredSupportAgreement):
            raise TypeError("not a tailored-support agreement")
        return answers

    @cached_property
    def agreement_date(self) -> date:
        """The date given, else the day the last required person agreed, else the form day (R1)."""
        given = self.answers.agreement_date
        return given or max(self._days_agreed(), default=self.form_day)

    def _days_agreed(self) -> Iterator[date]:
        if self.answers.manager_agreed == "yes" and self.answers.manager_agreed_on:
            yield self.answers.manager_agreed_on
        for party in self.who_said("yes"):
            if party.agreed_on:
                yield party.agreed_on

    @property
    def full_service(self) -> bool:
        """Whether the young person is eligible for the full service."""
        return self.answers.eligible_full_service is True

    @property
    def was_21(self) -> bool:
        """Whether they had turned 21 on the agreement date (A9); the birthday itself counts."""
        turned = self.birthday(21)
        return turned is not None and self.agreement_date >= turned

    def was_under(self, age: int) -> bool:
        """Whether they were younger than `age` on the agreement date (A9)."""
        if self.born is None:
            return False
        return self.agreement_date < birthday(self.born, age, self.settings.dates.leap_day_birthday)

    @property
    def stop_on(self) -> date | None:
        """The day the contacts stop before: 21 and one month, or 21 (DS-30, DS-31, A6, A7)."""
        turned = self.birthday(21)
        return add_months(turned, 1) if turned and self.full_service else turned

    @property
    def stop_because(self) -> str:
        """Why the contacts stop then."""
        if self.full_service:
            return (
                "The allocated worker stays until one month after the 21st birthday, and the"
                " contacts of the agreement stop before then."
            )
        return (
            "They turn 21 on that day. Without the full service, the contacts of the agreement"
            " stop before then."
        )

    @property
    def contacts_run(self) -> bool:
        """Whether the agreement's contacts are still to be made on the day of processing (R16)."""
        if not self.full_service and self.settings.tailored.point_of_contact_tasks == "none":
            return False
        return self.stop_on is not None and self.as_of < self.stop_on

    @property
    def replaces_active(self) -> bool:
        """Whether this form replaces an agreement that is active."""
        return bool(self.answers.supersedes_submission_id) or self.record.active_agreement

    @property
    def meanwhile(self) -> str:
        """What goes on while this form does not take effect (DS-20)."""
        return (
            "The earlier agreement carries on" if self.changes_another else "Usual visits carry on"
        )

    @property
    def changes_another(self) -> bool:
        """Whether another form's agreement is active, which carries on until this one is."""
        return self.replaces_active and not self.record.active_is_this_form

    @property
    def criteria_met(self) -> tuple[str, ...]:
        """Which of A, B and C are answered Yes."""
        return tuple(name for name, field in CRITERIA.items() if getattr(self.answers, field))

    @property
    def criteria_failed(self) -> tuple[str, ...]:
        """Which of A, B and C are answered No."""
        return tuple(n for n, field in CRITERIA.items() if getattr(self.answers, field) is False)

    @property
    def must_agree(self) -> tuple[Party, ...]:
        """Everyone named whose agreement counts: all but the young person and their advocate."""
        return tuple(
            party for party in self._answered if party.party_type not in ASKED_FOR_WISHES_ONLY
        )

    @property
    def _answered(self) -> Iterator[Party]:
        """The rows whose answers could be understood; the others are listed already."""
        for number, party in enumerate(self.answers.parties, start=1):
            cells = (f"parties[{number}].{name}" for name in ("party_type", "agreed"))
            if not any(self.unreadable(cell) for cell in cells):
                yield party

    @property
    def agreed_undated(self) -> tuple[Party, ...]:
        """Those who agreed on a day that was left blank."""
        return tuple(
            party
            for number, party in enumerate(self.answers.parties, start=1)
            if party in self.who_said("yes")
            and party.agreed_on is None
            and not self.unreadable(f"parties[{number}].agreed_on")
        )

    def who_said(self, answer: str) -> tuple[Party, ...]:
        """Those whose agreement counts and who gave this answer; blank is not asked (R3)."""
        return tuple(p for p in self.must_agree if (p.agreed or "not_asked") == answer)

    @property
    def refused(self) -> bool:
        """Whether the manager, or anyone who must agree, said No."""
        return self.answers.manager_agreed == "no" or bool(self.who_said("no"))

    def names_a(self, *party_types: str) -> bool:
        """Whether the table has a row for one of these kinds of people, or one nobody can read."""
        return self.unreadable("parties") or any(
            party.party_type in party_types or self.unreadable(f"parties[{number}].party_type")
            for number, party in enumerate(self.answers.parties, start=1)
        )

    @property
    def family_inbox(self) -> Inbox:
        """Where contact with the family goes: the manager where it is not safe (R14)."""
        return Inbox.MANAGER if self.answers.family_contact_safe is False else Inbox.WORKER


def as_agreement(case: Case) -> AgreementCase:
    """The same case, read as an agreement."""
    return AgreementCase(**{each.name: getattr(case, each.name) for each in fields(Case)})


def role_of(party: Party) -> str:
    """ "the parent": the role as typed, else the kind of person; never a name."""
    kind = PARTY_TYPE.get(party.party_type or "", "person named")
    words = (party.role or kind).split()
    first_name = (party.name or "").split()[:1]
    if {word.strip("(),.").lower() for word in words} & {name.lower() for name in first_name}:
        words = kind.split()
    lowered = " ".join(word.lower() if word[1:].islower() else word for word in words)
    return "the " + lowered.removeprefix("the ")
