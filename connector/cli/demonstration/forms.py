"""The forms that are sent: each host's samples, moved so that they were completed today."""

import json
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import requests

from connector.cli.demonstration.moving import moved
from connector.cli.demonstration.stage import Stage
from connector.dry_run import try_payload
from connector.errors import ConnectorError
from connector.judging import form_day
from connector.mapping import translate
from connector.mapping.profile import HostProfile
from connector.profiles import Configuration
from connector.signature import prove, secrets_of

EXAMPLES = (
    ("flat", "tailored_support_agreement"),
    ("question-code", "post_21_assessment"),
    ("dataverse", "post_21_assessment"),
    ("fhir", "post_21_assessment"),
)


@dataclass(frozen=True)
class SentForm:
    """One form of the demonstration: what was sent, what is planned, what it is known as."""

    host: str
    payload: Any
    planned: dict[str, Any]


def sample(profile_folder: Path, form_type: str) -> Any:
    """A made-up payload that ships with a host's mappings."""
    return json.loads((profile_folder / "samples" / f"{form_type}.json").read_text("utf-8"))


def completed_today(profile: HostProfile, payload: Any, today: date) -> Any:
    """The payload moved so that its form day is today; one without a form day stays as it is."""
    completed = form_day(translate(profile, payload).readings[0])
    return moved(payload, (today - completed).days) if completed else payload


def example_forms(configuration: Configuration, today: date) -> list[SentForm]:
    """The example forms of the four example hosts, and what each is to lead to."""
    forms = []
    for host, form_type in EXAMPLES:
        profile = configuration.hosts[host]
        payload = completed_today(profile, sample(configuration.folder / host, form_type), today)
        planned = try_payload(profile, payload, configuration.policy, configuration.working, today)
        forms.append(SentForm(host, payload, planned))
    return forms


def send(stage: Stage, configuration: Configuration, form: SentForm, number: int) -> str:
    """Post the form as its host would, signed; the submission's id."""
    authentication = configuration.hosts[form.host].inbound.authentication
    body = json.dumps(form.payload).encode()
    proof = prove(
        authentication,
        secrets_of(authentication, stage.environment),
        message_id=f"demo-{number}",
        timestamp=int(time.time()),
        body=body,
    )
    answer = requests.post(
        f"{stage.connector}/hooks/{form.host}",
        data=body,
        params=dict(proof.query),
        headers={"Content-Type": "application/json", **proof.headers},
        timeout=(5, 30),
    )
    if answer.status_code != 202:
        raise ConnectorError(f"The connector answered {answer.status_code} to {form.host}.")
    return str(answer.json()["submission"])
