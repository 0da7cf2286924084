"""The profiles that come with the product, and their sample payloads."""

import json
from pathlib import Path
from typing import Any

from made_once import packaged

from connector.mapping import HostProfile, translate
from connector.model import Reading

FOLDER = Path(__file__).parents[2] / "mappings"
HOSTS = ("dataverse", "fhir", "flat", "question-code", "sandbox")
EXAMPLES = {
    "flat": "tailored_support_agreement",
    "question-code": "post_21_assessment",
    "dataverse": "post_21_assessment",
    "fhir": "post_21_assessment",
}


def profile(host: str) -> HostProfile:
    return packaged().hosts[host]


def example(host: str) -> Any:
    """A fresh copy of a host's sample payload."""
    file = FOLDER / host / "samples" / f"{EXAMPLES[host]}.json"
    return json.loads(file.read_text("utf-8"))


def reading(host: str, payload: Any) -> Reading:
    translation = translate(profile(host), payload)
    assert len(translation.readings) == 1, translation.reason
    return translation.readings[0]


def sample_events(host: str) -> tuple[str, ...]:
    """The kinds of event a host has a sample of."""
    return tuple(sorted(file.stem for file in (FOLDER / host / "samples/events").glob("*.json")))


def sample_event(host: str, kind: str) -> Any:
    """A fresh copy of a host's sample of an event."""
    file = FOLDER / host / "samples" / "events" / f"{kind}.json"
    return json.loads(file.read_text("utf-8"))
