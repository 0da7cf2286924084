"""A host, a clock and a client, for the tests of the way in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.mapping.expressions import expression
from connector.mapping.language import DeliveryId, Rule, Select
from connector.mapping.outbound import Outbound
from connector.mapping.profile import HostProfile, Inbound
from connector.signature import Authentication, Kind, prove
from connector.store import Store
from connector.web import WebServices

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOKEN = "the-token-of-council-it"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FORM = {"form": {"id": "F-1"}, "answer": "Yes"}
STANDARD = Authentication(Kind.STANDARD_WEBHOOKS, ("NORTH_SECRET",))
PLAIN = Authentication(Kind.HMAC_SHA256, ("SOUTH_SECRET",), header="X-Signature")
TRY_RESULT = {"form": "F-1", "status": "remain_open", "problems": [], "tasks": []}


class Clock:
    """The moment the web part believes it is."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **how_far: float) -> None:
        self.moment += timedelta(**how_far)


class DryRun:
    """Answers with `result`, or raises it; remembers what it was asked."""

    def __init__(self) -> None:
        self.result: Mapping[str, Any] | Exception = TRY_RESULT
        self.asked: list[tuple[str, Any]] = []

    def __call__(self, host: str, payload: Any) -> Mapping[str, Any]:
        self.asked.append((host, payload))
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def host(name: str, how: Authentication, delivery_id: DeliveryId | None = None) -> HostProfile:
    select = Select(form_type=Rule(constant="post_21_assessment"))
    inbound = Inbound(how, select, delivery_id=delivery_id)
    return HostProfile(name, name.title(), inbound, {}, Outbound(idempotency="B"))


HOSTS = {
    "north": host("north", STANDARD),
    "south": host("south", PLAIN),
    "by_path": host("by_path", PLAIN, DeliveryId(path=expression("form.id"))),
    "by_header": host("by_header", PLAIN, DeliveryId(header="X-Delivery")),
}


def services_with(store: Store, folder: Path, clock: Clock, dry_run: DryRun) -> WebServices:
    return WebServices(
        store=store,
        hosts=HOSTS,
        secrets=dict.fromkeys(HOSTS, (SECRET,)),
        api_token=TOKEN,
        public_url="https://forms.example.gov.uk/connector/",
        data_folder=folder,
        now=clock,
        dry_run=dry_run,
        version="9.9",
    )


@dataclass(frozen=True)
class Sender:
    """A host that signs and posts."""

    client: FlaskClient
    clock: Clock
    host: str = "north"

    def post(
        self,
        form: Any = FORM,
        *,
        message_id: str = "msg_1",
        sent_at: datetime | None = None,
        to: str = "/hooks/{host}",
        headers: Mapping[str, str] | None = None,
        method: str = "POST",
    ) -> TestResponse:
        body = form if isinstance(form, bytes) else json.dumps(form).encode()
        proof = prove(
            HOSTS[self.host].inbound.authentication,
            (SECRET,),
            message_id=message_id,
            timestamp=int((sent_at or self.clock()).timestamp()),
            body=body,
        )
        return self.client.open(
            to.format(host=self.host),
            method=method,
            data=body,
            headers={"Content-Type": "application/json", **proof.headers, **(headers or {})},
            query_string=dict(proof.query),
        )

    def as_host(self, name: str) -> "Sender":
        return replace(self, host=name)
