"""DC-30 to DC-33: closing only once the young adult has been told."""

from collections.abc import Iterator

from connector.dates import ONE_DAY, in_words
from connector.policy.assessment_case import AssessmentCase
from connector.policy.case import Claim, Finding, Wanted
from connector.policy.words import listing


def dc_30(case: AssessmentCase) -> Iterator[Finding]:
    """Closing: a closure question left blank holds the closing."""
    if case.asks_closure_questions:
        for name, answer in case.closure_answers.items():
            if answer is None and not case.unreadable(name):
                yield Claim("on_hold_closure_questions")
                yield case.hold(
                    "DC-30",
                    f"The case has not been closed. Answer whether you told them"
                    f" {_told(case, name)}.",
                    _question_field(case, name),
                )


def dc_33(case: AssessmentCase) -> Iterator[Finding]:
    """Closed only if every closure question is Yes; else one task names what to tell them."""
    if not case.asks_closure_questions:
        return
    for name, answer in case.closure_answers.items():
        if answer is False:
            yield Claim("on_hold_closure_questions")
            yield case.hold(
                "DC-33",
                f"The case has not been closed. Tell them {_told(case, name)}, then change the"
                " answer to Yes.",
                _question_field(case, name),
            )
    absent = case.answers.took_part in {"no_refused", "no_not_reached"}
    untold = [name for name, yes in case.closure_answers.items() if absent or not yes]
    if untold:
        yield Wanted(
            "T25",
            "DC-33",
            case.worker_inbox,
            title=f"Tell them: {listing(_title(case, name) for name in untold)}",
            because="The case cannot be closed until they have been told.",
            text="\n".join(f"- Tell them {_told(case, name)}." for name in untold)
            + "\nThen complete the form again with the answers changed to Yes.",
            done_by="The form is completed again with these answers. The case then closes.",
            covers=("DC-09", "DC-30"),
            **case.counted(case.settings.post21.closure_hold_working_days),
        )


def _question_field(case: AssessmentCase, name: str) -> str:
    known = hasattr(case.answers, name) or name in case.form.labels
    return name if known else "closure_other"


def _told(case: AssessmentCase, name: str) -> str:
    """What they are to be told, with the last day they can come back on."""
    ends = case.turns_25
    until = f" (until {in_words(ends - ONE_DAY)})" if ends else ""
    return {
        "closure_told_annual_contact": "we will try to contact them once a year",
        "closure_told_can_return": "they can come back before they turn"
        f" {case.settings.limits.upper_age}{until}",
    }.get(name) or f"about this: {_own_words(case, name)}"


def _title(case: AssessmentCase, name: str) -> str:
    return {
        "closure_told_annual_contact": "we will try to contact them once a year",
        "closure_told_can_return": "they can come back before they turn"
        f" {case.settings.limits.upper_age}",
    }.get(name) or _own_words(case, name)


def _own_words(case: AssessmentCase, name: str) -> str:
    words = name.removeprefix("closure_").removeprefix("told_").replace("_", " ")
    return case.form.labels.get(name) or words
