"""DC-35 to DC-39: keeping in touch after closing, and the Local Area Coordinator."""

from collections.abc import Iterator
from datetime import date

from connector.dates import in_words, yearly_contact
from connector.model import Inbox
from connector.policy.assessment_case import AssessmentCase
from connector.policy.case import Case, Finding, Wanted
from connector.policy.contact_ways import permitted_ways
from schemas.choices import ACCOMMODATION

OUT_OF_REACH = {"G": "They have gone abroad", "H": "They were deported", "X": "They are in custody"}


def dc_35(case: AssessmentCase) -> Iterator[Finding]:
    """A closed case: the team's contact once a year until 25."""
    returned = case.outcome == "immediate_needs_met" and not case.was_open
    if not (case.closing or returned):
        return
    last = case.closes_on if case.closing else case.assessed_on
    gap = case.settings.annual.min_gap_days
    if contact := next_yearly_contact(case, last, gap):
        yield contact


def next_yearly_contact(case: Case, last: date, gap_days: int) -> Wanted | None:
    """T30 after the closing, assessment or contact of `last`, None where 25 comes first (R21).

    None too where the manager has ended it since (DC-35).
    """
    ends = case.birthday(case.settings.limits.upper_age)
    if ends is None or ends <= case.as_of:
        return None
    ended_on = case.record.yearly_contact_ended_on
    if ended_on and last <= ended_on:
        return None
    annual = case.settings.annual
    dates = yearly_contact(last, gap_days, ends, annual.exercise, case.working)
    if dates is None:
        return None
    opens, due = dates
    return Wanted(
        "T30",
        "DC-35",
        Inbox.TEAM,
        due=due,
        opens=opens,
        because="The case is closed, and the team makes contact once a year."
        f" {_when(case, last, due)}",
        text=_how_to_contact(case),
        done_by="The contact, or the attempt, is recorded. The next one is counted from that day.",
        counted_from=last,
    )


def _when(case: Case, last: date, due: date) -> str:
    """How the date came about, in a sentence."""
    annual, age = case.settings.annual, case.settings.limits.upper_age
    window = annual.exercise.window(due.year, case.working)
    days = f"from {in_words(window.first)} to {in_words(window.last)}"
    exercise = (
        f"The yearly exercise is {days}."
        if window.first <= due <= window.last
        else f"The yearly exercise {days} would be too late."
    )
    return (
        f"{exercise} It is due on {in_words(due)}, at most {annual.max_gap_months} months after"
        f" {in_words(last)} and before they turn {age}."
    )


_NO_WAY = (
    "No way to contact is recorded. Ask whoever worked with them last for a number that is safe;"
    " if there is none, record that you tried."
)


def _how_to_contact(case: Case) -> str:
    url = case.settings.service.local_offer_url
    ways = list(_ways_to_contact(case)) or [_NO_WAY]
    return " ".join(
        (
            "Do not write: they may have moved.",
            *ways,
            "Do not say why you are calling until you are sure who it is.",
            "Give them the Local Offer, or the link to it" + (f": {url}" if url else "."),
        )
    )


def _ways_to_contact(case: Case) -> Iterator[str]:
    """The channels the council allows, for which this form holds what is needed (DC-36, DC-37)."""
    answers = vars(case.form.answers)
    ways = list(permitted_ways(answers, case.settings.annual))
    if "phone" in ways:
        yield f"Use the last known phone number: {answers['last_known_phone']}."
    elif "text" in ways:
        yield f"Send a text message to the last known phone number: {answers['last_known_phone']}."
    if "social_media" in ways:
        platform = answers["social_media_platform"] or "social media"
        yield f"They allowed a direct message on {platform} to {answers['social_media_handle']}."
    if "email" in ways:
        yield "An e-mail is allowed where the record has an address."


def social_media_allowed(case: Case) -> bool:
    """Permitted with a date and a name given, and the council has switched it on (DC-37)."""
    return "social_media" in permitted_ways(vars(case.form.answers), case.settings.annual)


def dc_36(case: AssessmentCase) -> Iterator[Finding]:
    """After closing there is a way to keep in touch that is not a letter."""
    if not case.keeps_in_touch:
        return
    answers, social = case.answers, social_media_allowed(case)
    ending = "" if social else " There will be no way to keep in touch."
    if case.blank("last_known_phone"):
        yield case.warning("DC-36", f"No phone number is recorded.{ending}", "last_known_phone")
    elif answers.phone_safe_to_use is False:
        yield case.warning(
            "DC-36", f"The phone number is not safe to use.{ending}", "phone_safe_to_use"
        )
    elif case.blank("phone_safe_to_use"):
        yield case.warning(
            "DC-36", "Say whether the phone number is safe to use.", "phone_safe_to_use"
        )
    letter = (answers.accommodation_code or "")[:1]
    if letter in OUT_OF_REACH and letter in ACCOMMODATION:
        yield case.warning(
            "DC-36",
            f"{OUT_OF_REACH[letter]}, so the last known phone number may be of no use.",
            "accommodation_code",
        )


def dc_37(case: AssessmentCase) -> Iterator[Finding]:
    """Social media only with permission, a date and a name they gave themselves."""
    if not case.keeps_in_touch:
        return
    answer = case.answers.social_media_ok
    if case.blank("social_media_ok"):
        yield case.warning(
            "DC-37", "Say whether we may keep in touch by social media.", "social_media_ok"
        )
    elif answer == "not_asked":
        yield case.information(
            "DC-37", "They were not asked about social media, so it is not used.", "social_media_ok"
        )
    elif answer == "yes" and (
        case.blank("social_media_handle") or case.blank("social_media_permission_on")
    ):
        yield case.warning(
            "DC-37",
            "Give the name they use and the day they gave permission. Until then social media is"
            " not used.",
            "social_media_handle",
        )


def dc_39(case: AssessmentCase) -> Iterator[Finding]:
    """In all cases an introduction to a Local Area Coordinator is considered."""
    yield from introduction_to_coordinator(case, case.worker_inbox)


def introduction_to_coordinator(case: Case, inbox: Inbox) -> Iterator[Finding]:
    """What an assessment or a yearly contact says of it; T26 goes to `inbox` (DC-39)."""
    name, introduction = "local_area_coordinator_considered", "local_area_coordinator_introduction"
    considered = getattr(case.form.answers, name, None)
    if case.unreadable(name):
        return
    if not considered:
        yield case.warning(
            "DC-39", "Consider whether a Local Area Coordinator could help them.", name
        )
    elif case.blank(introduction):
        yield case.error(
            "EN-06",
            "Say whether they are to be introduced to a Local Area Coordinator.",
            introduction,
        )
    if not considered or getattr(case.form.answers, introduction, None) == "yes":
        yield Wanted(
            "T26",
            "DC-39",
            inbox,
            because="An introduction to the Local Area Coordinator is wanted."
            if considered
            else "The form does not say that a Local Area Coordinator was considered.",
            text="Consider with the young adult whether it would help. If they want it, introduce"
            " them.",
            done_by="The introduction, or why there is none, is recorded.",
            **case.counted(10),
        )
