"""A made-up file for `connector import`: people of every kind, as old as the day it is made."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

YEAR = 365.25
BORN = {"agreement": (18.7, 20.1), "closed_case": (22.8, 24.1), "open_case": (21.3, 24.1)}
"""Between which ages the people of a kind are."""


def people_file(path: Path, count: int, today: date) -> None:
    """Write the file; the same one for the same number and day."""
    chance = random.Random(count)  # noqa: S311 - made-up people, no secret
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        rows.writerows(_rows(count, today, chance))


COLUMNS = (
    "kind",
    "person_id",
    "date_of_birth",
    "agreement_date",
    "eligible_full_service",
    "visit_interval_weeks",
    "last_social_worker_contact_on",
    "last_pathway_plan_on",
    "lead_social_worker_name",
    "closed_on",
    "assessed_on",
    "phone",
    "worker_id",
    "manager_id",
    "team_id",
)


def _rows(count: int, today: date, chance: random.Random) -> Iterator[dict[str, object]]:
    def ago(least: float, most: float) -> str:
        return str(today - timedelta(days=round(chance.uniform(least, most))))

    for number in range(count):
        kind = list(BORN)[number % len(BORN)]
        youngest, oldest = BORN[kind]
        row: dict[str, object] = {
            "kind": kind,
            "person_id": f"P{number}",
            "date_of_birth": ago(youngest * YEAR, oldest * YEAR),
            "phone": f"07700 {number % 1_000_000:06}",
            "worker_id": f"W{number % 300}",
            "manager_id": f"M{number % 40}",
            "team_id": f"T{number % 9}",
        }
        yield row | _own(kind, number, ago(10, 250), ago(1, 9), ago(20, 200))


def _own(kind: str, number: int, began: str, contact: str, planned: str) -> dict[str, object]:
    if kind != "agreement":
        return {"closed_on" if kind == "closed_case" else "assessed_on": began}
    return {
        "agreement_date": began,
        "eligible_full_service": "yes",
        "visit_interval_weeks": (0, 4, 13)[number % 3],
        "last_social_worker_contact_on": contact,
        "last_pathway_plan_on": planned,
        "lead_social_worker_name": "Lead Worker",
    }
