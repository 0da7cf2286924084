"""Ways to keep in touch, and what several forms say of them together (DC-36, DC-37)."""

from typing import Any

import pytest

from connector.policy.contact_ways import newest_answers, permission_given, permitted_ways
from connector.policy.settings import Annual

PHONE = {"last_known_phone": "07700 900123"}
GIVEN = {
    "social_media_ok": "yes",
    "social_media_handle": "@sky",
    "social_media_permission_on": "2026-02-12",
}
EVERYTHING = Annual(channels=("phone", "text", "social_media", "email"), social_media_enabled=True)


@pytest.mark.rules("DC-36", "DC-37")
@pytest.mark.parametrize(
    ("answers", "annual", "ways"),
    [
        ({}, Annual(), []),
        (PHONE, Annual(), ["phone", "text"]),
        (PHONE, Annual(channels=("text",)), ["text"]),
        (PHONE | {"phone_safe_to_use": False}, Annual(), []),
        (PHONE | {"phone_safe_to_use": True}, Annual(), ["phone", "text"]),
        (GIVEN, Annual(), []),
        (GIVEN, EVERYTHING, ["social_media", "email"]),
        (GIVEN, Annual(channels=("phone",), social_media_enabled=True), []),
        (GIVEN | {"social_media_handle": ""}, EVERYTHING, ["email"]),
        (GIVEN | {"social_media_permission_on": None}, EVERYTHING, ["email"]),
        (GIVEN | {"social_media_ok": "no"}, EVERYTHING, ["email"]),
    ],
)
def test_a_way_is_permitted_only_with_all_it_needs(
    answers: dict[str, Any], annual: Annual, ways: list[str]
) -> None:
    assert list(permitted_ways(answers, annual)) == ways


@pytest.mark.parametrize(
    ("later", "permitted"),
    [
        ({}, True),
        ({"social_media_ok": None}, True),
        ({"social_media_ok": "not_asked"}, True),
        ({"social_media_ok": "no"}, False),
    ],
)
def test_a_permission_lasts_until_it_is_taken_back(later: dict[str, Any], permitted: bool) -> None:
    assert permission_given(newest_answers([GIVEN, later])) is permitted


def test_a_later_number_overrides_an_earlier_one() -> None:
    known = newest_answers([PHONE, {"last_known_phone": "07700 900456"}])
    assert known == {"last_known_phone": "07700 900456"}


def test_that_a_number_was_not_safe_is_not_said_of_the_next_one() -> None:
    unsafe = PHONE | {"phone_safe_to_use": False}
    assert "phone_safe_to_use" not in newest_answers([unsafe, {"last_known_phone": "07700 900456"}])
    assert newest_answers([unsafe, PHONE])["phone_safe_to_use"] is False
