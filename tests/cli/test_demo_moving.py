"""The demonstration is the same on any day: the examples keep status, task ids and inboxes."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from made_once import packaged

from connector.cli.demonstration.forms import EXAMPLES, completed_today, sample
from connector.cli.demonstration.moving import moved
from connector.dry_run import try_payload

FIRST_DAY = date(2027, 3, 1)
# Every eleventh day of two years: every weekday in turn, and 29 February 2028.
DAYS = range(2, 2 * 366, 11)


def shape(result: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a visitor of the demonstration would notice to differ."""
    tasks = sorted((each["task"], each["inbox"], each["assignee"]) for each in result["tasks"])
    return result["status"], tasks, sorted(each["rule"] for each in result["problems"])


@pytest.mark.parametrize(("host", "form_type"), EXAMPLES)
def test_an_example_leads_to_the_same_on_days_of_two_years(host: str, form_type: str) -> None:
    configuration = packaged()
    profile = configuration.hosts[host]
    payload = sample(configuration.folder / host, form_type)
    on_the_first = completed_today(profile, payload, FIRST_DAY)
    shapes: dict[str, date] = {}
    for number in DAYS:
        day = FIRST_DAY + timedelta(days=number)
        result = try_payload(
            profile,
            moved(on_the_first, number),
            configuration.policy,
            configuration.working,
            day,
        )
        shapes.setdefault(repr(shape(result)), day)
    assert len(shapes) == 1, shapes


def test_every_way_of_writing_a_date_is_moved_at_any_depth() -> None:
    payload = {
        "a": ["2026-03-27T14:05:00Z", {"b": "27/03/2026 14:05"}],
        "c": "/Date(1774620300000+0000)/",
        "d": "Seen on 2026-02-28.",
    }
    assert moved(payload, 2) == {
        "a": ["2026-03-29T14:05:00Z", {"b": "29/03/2026 14:05"}],
        "c": "/Date(1774793100000+0000)/",
        "d": "Seen on 2026-03-02.",
    }


@pytest.mark.parametrize("text", ["99/99/2026", "2026-13-45", "01332 000000", "7781"])
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    assert moved({"x": text}, 5) == {"x": text}


def test_other_values_stay_as_they_are() -> None:
    assert moved({"n": 3, "yes": True, "none": None}, 5) == {"n": 3, "yes": True, "none": None}
