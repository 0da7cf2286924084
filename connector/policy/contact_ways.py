"""Which ways to keep in touch are permitted, by what the forms hold (DC-36, DC-37)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connector.policy.settings import Annual

CONTACT_ANSWERS = (
    "last_known_phone",
    "phone_safe_to_use",
    "social_media_ok",
    "social_media_platform",
    "social_media_handle",
    "social_media_permission_on",
)
SAYS_NOTHING = (None, "", "not_asked")
WAY_WORDS = {
    "phone": "phone",
    "text": "text",
    "social_media": "social media",
    "email": "e-mail",
}


def newest_answers(forms: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The answers about contact, forms oldest first: a later answer overrides, a blank does not."""
    known: dict[str, Any] = {}
    for answers in forms:
        given = {name: answers.get(name) for name in CONTACT_ANSWERS}
        new = {name: value for name, value in given.items() if value not in SAYS_NOTHING}
        known = _without_the_old_number(known, new) | new
    return known


def _without_the_old_number(known: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a number is safe to use was said of that number."""
    number = "last_known_phone"
    same = new.get(number, known.get(number)) == known.get(number)
    return {name: value for name, value in known.items() if same or name != "phone_safe_to_use"}


def permitted_ways(answers: Mapping[str, Any], annual: Annual) -> Iterator[str]:
    """The council's channels that may be used, for which the answers hold what is needed."""
    phone = answers.get("last_known_phone") and answers.get("phone_safe_to_use") is not False
    for channel in ("phone", "text"):
        if phone and channel in annual.channels:
            yield channel
    switched_on = annual.social_media_enabled and "social_media" in annual.channels
    if switched_on and permission_given(answers):
        yield "social_media"
    if "email" in annual.channels:
        yield "email"


def permission_given(answers: Mapping[str, Any]) -> bool:
    """Permission for social media counts with a day and a name they gave themselves (DC-37)."""
    asked = ("social_media_handle", "social_media_permission_on")
    return answers.get("social_media_ok") == "yes" and all(answers.get(name) for name in asked)


def in_words(ways: Iterable[str]) -> str:
    """Phone, text."""
    return ", ".join(WAY_WORDS[each] for each in ways)
