"""A request of the family: the manager decides before anything is agreed (DS-26 and DS-27)."""

from collections.abc import Iterator
from dataclasses import fields

from connector.model import Decision, Inbox
from connector.policy.case import Case, Finding, Wanted
from connector.policy.concluding import FormPolicy, conclude
from schemas import FamilyRequest

OWN_STATUS = {"agreed": "request_agreed", "not_agreed": "request_not_agreed"}
"""The status of a request that is decided; any other waits for the manager."""


class FamilyRequestCase(Case):
    """A case whose form is a request of the family."""

    @property
    def answers(self) -> FamilyRequest:
        """The form's answers."""
        answers = self.form.answers
        if not isinstance(answers, FamilyRequest):
            raise TypeError("not a family request")
        return answers


def decide_family_request(case: Case) -> Decision:
    """What a request of the family asks for."""
    request = FamilyRequestCase(**{each.name: getattr(case, each.name) for each in fields(Case)})
    return conclude(
        request,
        list(ds_27(request)),
        FormPolicy(
            own_status=OWN_STATUS.get(
                request.answers.manager_decision or "", "request_awaiting_manager"
            ),
            kept_on_hold={"T06"}.__contains__,
            no_worker_rule="DS-02",
            facts=lambda status, tasks: {},
        ),
    )


def ds_27(case: FamilyRequestCase) -> Iterator[Finding]:
    """The family knows that a manager decides, and the manager does."""
    told, decided_on = "family_told_permission_needed", "manager_decided_on"
    if not case.answers.family_told_permission_needed and not case.unreadable(told):
        yield case.warning(
            "DS-27",
            "The family has not been told that a manager must agree to a request first.",
            told,
        )
    if case.answers.manager_decision not in OWN_STATUS:
        asked = case.answers.request_details or ""
        because = "The family asks for something, and the manager has not decided yet."
        yield decide_a_request(case, asked, because)
    elif case.blank(decided_on):
        yield case.warning("DS-27", "Add the date the manager decided.", decided_on)


def decide_a_request(case: Case, asked: str, because: str) -> Wanted:
    """T06: the manager decides what the family asked for, on this form or on an agreement."""
    return Wanted(
        "T06",
        "DS-27",
        Inbox.MANAGER,
        because=because,
        text=f"They ask: {asked}\nNothing is agreed with the family until you decide. Tell the"
        " worker what you decide, and who tells the family.",
        done_by="Your decision is recorded on the case.",
        **case.counted(10),
    )
