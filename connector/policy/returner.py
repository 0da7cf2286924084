"""DC-02 and DC-05: someone whose case is closed asks for support before they turn 25."""

from datetime import date

from connector.dates import in_words
from connector.model import Inbox
from connector.policy.case import Case, Wanted


def support_requested(case: Case, requested_on: date, previous_pa_id: str | None) -> Wanted:
    """T09 for the previous personal adviser, else for the team's duty worker (DC-05, DC-06).

    Asked on the 25th birthday or later it is T32 instead (DC-02).
    """
    ends = case.birthday(case.settings.limits.upper_age)
    if ends and requested_on >= ends:
        return signpost(case)
    days = case.settings.post21.returner_target_working_days
    asked = in_words(requested_on)
    return Wanted(
        "T09",
        "DC-05",
        Inbox.WORKER if previous_pa_id else Inbox.TEAM,
        assignee=previous_pa_id,
        due=case.working.after(requested_on, days),
        because=f"They asked for support on {asked}. {_who(previous_pa_id)}",
        reckoning=f"{days} working {'day' if days == 1 else 'days'} after {asked}",
        text="Get in touch with them, do a post-21 assessment with them as a returner, and complete"
        " the form. If you cannot do it soon, tell your manager, so that somebody else does it.",
        done_by="The post-21 assessment is completed. Its outcome says what follows.",
    )


def _who(previous_pa_id: str | None) -> str:
    if previous_pa_id:
        return "Where possible, the previous personal adviser does the assessment."
    return "No previous personal adviser is named, so the duty worker does the assessment."


def signpost(case: Case) -> Wanted:
    """T32: whoever asks after the age limit is told who else can help (DC-02)."""
    rejects = case.settings.post21.over_age_action == "reject"
    return Wanted(
        "T32",
        "DC-02",
        Inbox.WORKER if rejects else Inbox.MANAGER,
        because="They asked for support after the age limit.",
        text="Tell them who else can help, and give them the Local Offer.",
        done_by="What they were told is recorded.",
        **case.counted(5),
    )
