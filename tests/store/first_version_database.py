"""A database as version 0.1 left it, written row by row."""

import json
from typing import Any

from kept_tasks import DAY, DUE, NOW
from sqlalchemy import Connection, text

from connector.vault import Vault

HOST, FORM, PERSON = "flat", "post_21_assessment", "P1"
AT = NOW.isoformat(timespec="microseconds")


class FirstVersion:
    """A database as version 0.1 left it."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def seal(self, value: Any, place: str) -> bytes:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self._vault.seal(body, place)

    def insert(self, table: str, **values: Any) -> None:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        self._connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)  # noqa: S608 - names of our own

    def form(self, row_id: str, form_id: str | None, **over: Any) -> None:
        values = {
            "id": row_id,
            "host": HOST,
            "delivery_id": row_id,
            "body_sha256": "ab" * 32,
            "body": self.seal(b"{}", f"submission/{row_id}/body"),
            "received_at": AT,
            "state": "processed",
            "reason": "",
            "form_type": FORM,
            "form_id": form_id,
            "version": "1",
            "ordinal": 1,
            "person_ids": json.dumps([PERSON]),
            "completed_at": AT,
            "processed_at": AT,
            "as_of": "2026-03-25",
            "status": "open",
            "summary": self.seal(
                {"line": "The case stays open.", "problems": []}, f"submission/{row_id}/summary"
            ),
        }
        self.insert("submission", **(values | over))

    def task(self, row_id: str, task: str, form: str, ours: str, **over: Any) -> None:
        """A follow-up of the first version: it knew no period, no role and no assignee in clear."""
        occurrence = over.pop("occurrence", "")
        kept = {
            "task": {
                "task": task,
                "rule": "DC-19",
                "title": "Call",
                "inbox": "manager",
                "assignee": "30007",
                "opens_on": DAY.isoformat(),
                "due_on": DUE.isoformat(),
                "because": "Agreed.",
                "text": "Ring them.",
                "occurrence": occurrence,
                "done_by": "",
            },
            "person_id": PERSON,
            "reference": ours,
            "effect": {
                "kind": "task",
                "step": f"task {task}",
                "reference": ours,
                "person_id": PERSON,
                "position": 3,
                "content": {"title": "Call", "person_id": PERSON},
            },
        }
        values = {
            "id": row_id,
            "host": HOST,
            "person_id": PERSON,
            "task": task,
            "rule": "DC-19",
            "reference": ours,
            "submission_id": form,
            "scheduled_for": DUE.isoformat(),
            "opens_on": DAY.isoformat(),
            "due_on": DUE.isoformat(),
            "state": "planned",
            "inbox": "manager",
            "content": self.seal(kept, f"follow_up/{row_id}/content"),
            "reason": "",
            "created_at": AT,
        }
        self.insert("follow_up", **(values | over))

    def effect(self) -> None:
        content = self.seal({"title": "Call"}, "effect/eff_1/content")
        self.insert(
            "effect",
            id="eff_1",
            submission_id="sub_1",
            host=HOST,
            person_id=PERSON,
            kind="task",
            step="task T26",
            reference="lcf-t26",
            position=4,
            state="confirmed",
            content=content,
            attempts=1,
            misses=0,
            fence=1,
            remote_id="H1",
            reason="",
            follow_up_id="fup_t26",
            created_at=AT,
            settled_at=AT,
            last_sent=AT,
            first_sent=AT,
        )
        self.insert(
            "attempt",
            id="att_1",
            effect_id="eff_1",
            n=1,
            kind="send",
            started_at=AT,
            ended_at=AT,
            result="confirmed",
            http_status=201,
            message="",
        )
        self.insert(
            "document",
            effect_id="eff_1",
            name="Assessment.pdf",
            sha256="cd" * 32,
            size=4,
            content=self.seal(b"%PDF", "document/eff_1/content"),
        )

    def everything_else(self) -> None:
        self.insert(
            "answers",
            host=HOST,
            person_id=PERSON,
            form_type=FORM,
            submission_id="sub_1",
            ordinal=1,
            kept_at=AT,
            content=self.seal(
                {"values": {"outcome": "remain_open"}, "status": "open"},
                f"answers/{HOST}/{PERSON}/{FORM}/content",
            ),
        )
        self.insert(
            "quarantine",
            id="qua_1",
            host=HOST,
            delivery_id="sub_1",
            body_sha256="ef" * 32,
            received_at=AT,
            reason="another body",
            body=self.seal(b"[]", "quarantine/qua_1/body"),
        )
        self.insert("heartbeat", name="worker", at=AT, detail="")
        self.insert("host_state", host=HOST, failures=3, not_before=None)
