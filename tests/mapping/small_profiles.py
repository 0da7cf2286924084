"""Small profiles written in the test itself: one host.yaml, fields included."""

import textwrap
from typing import Any

from connector.mapping import HostProfile, Translation, translate
from connector.mapping.host_schema import load_host
from connector.mapping.yaml_text import parse
from connector.model import Reading

HEAD = """
inbound:
  auth: {type: bearer, secret_env: TOKEN}
  select:
    form_type: {constant: %s}
  envelope: {submission_id: id, person_id: person}
"""


def profile(inbound: str, form: str = "post_21_assessment") -> HostProfile:
    """A profile with these lines under `inbound:`; the envelope is `id` and `person`."""
    text = HEAD % form + textwrap.indent(textwrap.dedent(inbound), "  ")
    return load_host("small", parse("small/host.yaml", text), {})


def read(inbound: str, payload: Any, form: str = "post_21_assessment") -> Reading:
    """The one reading of a payload under a small profile."""
    translation: Translation = translate(profile(inbound, form), payload)
    assert translation.readings, translation.reason
    return translation.readings[0]


def answers(inbound: str, payload: Any, form: str = "post_21_assessment") -> dict[str, Any]:
    """What was understood beside the form's type and status."""
    reading = read(inbound, payload, form)
    assert reading.faults == ()
    return {k: v for k, v in reading.values.items() if k not in ("form_type", "form_status")}
