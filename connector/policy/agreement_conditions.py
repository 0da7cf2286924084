"""DS-03 to DS-10: whom the approach is for, and what has to be established first."""

from collections.abc import Iterator

from connector.model import Inbox
from connector.policy.agreement_case import CRITERIA, AgreementCase
from connector.policy.agreement_tasks import adult_package
from connector.policy.case import Claim, Finding, Wanted
from connector.policy.words import listing

HOMES_THAT_DO_NOT_FIT = frozenset("UKSVWX")


def ds_03(case: AgreementCase) -> Iterator[Finding]:
    """Only for young people with significant learning disabilities; No holds the form."""
    name = "significant_learning_disability"
    if case.answers.significant_learning_disability is False:
        yield case.hold(
            "DS-03",
            "This approach is only for young people with significant learning disabilities.",
            name,
        )


def ds_04(case: AgreementCase) -> Iterator[Finding]:
    """Only where frequent visits may be confusing; No holds the form."""
    if case.answers.frequent_visits_confusing is False:
        yield case.hold(
            "DS-04",
            "This approach is only for young people who may be confused by frequent visits.",
            "frequent_visits_confusing",
        )


def ds_05(case: AgreementCase) -> Iterator[Finding]:
    """A robust package is in place and described; before 18 a children's one is looked at again."""
    if case.answers.support_package_in_place is False:
        yield case.hold(
            "DS-05",
            "This approach is only for young people who already have a robust package of support.",
            "support_package_in_place",
        )
    if case.blank("support_package_summary"):
        yield case.warning(
            "DS-05", "Say what the package of support is.", "support_package_summary"
        )
    yield from adult_package(case)


def ds_06(case: AgreementCase) -> Iterator[Finding]:
    """A, B and C must all be Yes. A No on a running agreement ends the approach (T16, T17)."""
    failed = case.criteria_failed
    if not failed:
        return
    letters = listing(letter.upper() for letter in failed)
    asked = f"Question {letters} is" if len(failed) == 1 else f"Questions {letters} are"
    yield case.hold(
        "DS-06",
        f"{asked} answered No. All three of A, B and C must be Yes for this approach.",
        CRITERIA[failed[0]],
    )
    if case.replaces_active:
        yield Claim("criteria_no_longer_met")
        if not case.refused:
            yield from _back_to_usual_visits(case, f"{asked} answered No, so the approach ends.")


def _back_to_usual_visits(case: AgreementCase, because: str) -> Iterator[Finding]:
    yield Wanted(
        "T16",
        "DS-06",
        Inbox.WORKER,
        because=because,
        text="Plan usual visits again. The contacts of the agreement have stopped.",
        done_by="Usual visits are planned.",
        **case.counted(10),
    )
    yield Wanted(
        "T17",
        "DS-06",
        Inbox.MANAGER,
        because=because,
        text="Agree with the worker what happens next, and who has to be told. The worker has a"
        " task to return to usual visits.",
        done_by="Your decision is recorded on the case.",
        **case.counted(case.settings.tailored.change_decision_working_days),
    )


def ds_07(case: AgreementCase) -> Iterator[Finding]:
    """A: the second limb is asked for but not required, and the answer is explained."""
    if case.answers.criterion_a_visits_detrimental == "no":
        yield case.warning(
            "DS-07",
            "More visits are not seen as detrimental. Check that question A is still answered Yes.",
            "criterion_a_visits_detrimental",
        )
    yield from _explained(case, "DS-07", "a")


def ds_08(case: AgreementCase) -> Iterator[Finding]:
    """B is the worker's own answer; a kind of home that does not fit is remarked."""
    code = case.answers.accommodation_code
    if code and code[0] in HOMES_THAT_DO_NOT_FIT:
        yield case.warning(
            "DS-08",
            "This kind of accommodation is not a specialist staffed home. Check question B.",
            "accommodation_code",
        )
    yield from _explained(case, "DS-08", "b")


def ds_09(case: AgreementCase) -> Iterator[Finding]:
    """C is explained."""
    yield from _explained(case, "DS-09", "c")


def _explained(case: AgreementCase, rule: str, letter: str) -> Iterator[Finding]:
    name = f"criterion_{letter}_evidence"
    if case.blank(name):
        yield case.warning(rule, f"Say how you know the answer to question {letter.upper()}.", name)
