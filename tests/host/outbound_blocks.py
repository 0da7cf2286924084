"""An `outbound:` block as the YAML loader hands it over (texts only), and forms to send."""

import base64
from copy import deepcopy
from typing import Any

from connector.host import HostClient
from connector.mapping.outbound import Outbound
from connector.mapping.outbound_schema import OutboundSchema
from connector.model import EffectKind

TASK = EffectKind.TASK
DOCUMENT = EffectKind.DOCUMENT
CANARY = "Zephaniah Quill"
SECRETS = {"HOST_TOKEN": "s3cret-t0ken"}

PDF = b"%PDF-1.7 made up"
COMMON: dict[str, Any] = {
    "reference": "lcf-0123456789abcdef0123",
    "reference_guid": "7d444840-9dc0-11d1-b245-5ffdce74fad2",
    "person_id": "P/7 ?&#",
    "case_id": None,
    "today": "2026-03-25",
    "form": {"id": "F1", "version": "1", "type": "t", "title": "A form", "url": None},
    "worker_id": "w1",
    "manager_id": "m1",
    "team_id": "t1",
    "author_id": "w1",
}
A_TASK: dict[str, Any] = COMMON | {
    "task": "T01",
    "rule": "DS-18",
    "title": f"Ring {CANARY}",
    "text": "Ask how things are.",
    "opens_on": "2026-05-20",
    "due_on": "2026-06-17",
    "due_at": "2026-06-17T17:00:00+01:00",
    "inbox": {"kind": "worker", "id": "w1"},
    "because": "The rule says so.",
}
A_DOCUMENT: dict[str, Any] = COMMON | {
    "name": "Post-21 assessment 2026-02-12 900456 v1.pdf",
    "title": "Case summary",
    "content_type": "application/pdf",
    "base64": base64.b64encode(PDF).decode(),
    "size": len(PDF),
    "sha256": "00",
}

FIND: dict[str, Any] = {
    "method": "GET",
    "path": "/tasks?reference={{ reference }}",
    "items": "items",
    "reference": "reference",
    "id": "id",
}
BLOCK: dict[str, Any] = {
    "base_url": "https://host.example",
    "auth": {"type": "bearer", "token_env": "HOST_TOKEN"},
    "timeouts": {"connect": "0.5", "read": "0.5"},
    "rate": {"concurrency": "4"},
    "idempotency": "B",
    "settle_seconds": "2",
    "task": {
        "create": {
            "method": "POST",
            "path": "/people/{{ person_id }}/tasks",
            "body": {"reference": "{{ reference }}", "title": "{{ title }}", "text": "{{ text }}"},
            "id": {"body": "id"},
        },
        "find": FIND,
    },
}


def block(**changes: Any) -> dict[str, Any]:
    """The block with top-level keys replaced; a key that is None goes."""
    made = deepcopy(BLOCK) | changes
    return {key: each for key, each in made.items() if each is not None}


def task(**changes: Any) -> dict[str, Any]:
    """The task of the block with keys of `create` replaced."""
    made = deepcopy(BLOCK["task"])
    made["create"] |= changes
    return {**made, "create": {key: each for key, each in made["create"].items() if each}}


def attachment(**parts: Any) -> dict[str, Any]:
    """A block that only attaches."""
    return block(task=None, attachment={"find": FIND} | parts)


def loaded(raw: dict[str, Any]) -> Outbound:
    """The block as the connector holds it."""
    made: Outbound = OutboundSchema().load(raw)
    return made


def client(raw: dict[str, Any], secrets: dict[str, str] = SECRETS) -> HostClient:
    """A client for the block."""
    return HostClient(loaded(raw), secrets)
