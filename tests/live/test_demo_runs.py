"""`connector demo` as a newcomer runs it."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.live


def test_the_demo_ends_well_and_shows_what_became_of_the_forms_and_of_the_years() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "connector", "demo"],
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    outcomes = [line.split()[1] for line in ran.stdout.splitlines() if line.startswith("Outcome ")]
    assert outcomes == [
        "tailored_support_active",
        "open",
        "awaiting_manager",
        "closed_annual_contact",
    ]
    assert ran.stdout.count("Document  ") == 4
    assert "The case system holds exactly what was planned" in ran.stdout
    years = ran.stdout.partition("Over the years")[2]
    in_inboxes = [line for line in years.splitlines() if "in the inbox of W202: “Contact" in line]
    assert len(in_inboxes) == 2
    assert "W201 takes over" in years
    assert "connector follow-ups --person P1002" in years
