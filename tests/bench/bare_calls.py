"""The floor of processing: the calls the connector made, sent again without the connector."""

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local

import requests

from connector.dispatch.draining import THREADS
from connector.dispatch.preparing import at_hand
from connector.host import HostClient
from connector.host.wire import Answer
from connector.settings import Settings
from connector.store import Store

from .setting import Setting

UPLOAD = "upload-to-be-named"


class Listening:
    """Stands where the connections of a HostClient are: keeps each request, sends nothing."""

    def __init__(self) -> None:
        self.heard: list[requests.PreparedRequest] = []

    def exchange(self, request: requests.PreparedRequest) -> Answer:
        """Answer as the sandbox would."""
        self.heard.append(request)
        body = json.dumps({"id": "1", "upload_id": UPLOAD}).encode()
        return Answer("bench", 201, {"Content-Type": "application/json"}, body, time.time())


def calls_by_person(of: Setting, env: dict[str, str]) -> list[list[requests.PreparedRequest]]:
    """Every write that is in the ledger as a request, in order, one list for each person."""
    listening = Listening()
    clients = {}
    for name, profile in of.configuration.hosts.items():
        clients[name] = HostClient(profile.outbound, env)
        clients[name]._session._wire = listening  # type: ignore[assignment]
    persons = defaultdict[tuple[str, str], list[requests.PreparedRequest]](list)
    settings = Settings.from_environment(env)
    with Store.open(settings.database_url, settings.vault) as store, store.looking() as tx:
        for submission in reversed(tx.submissions.listing(limit=100_000)):
            for row in tx.effects.of_submission(submission.id):
                ready = at_hand(tx, row)
                assert ready is not None, "a document that was written is kept"
                clients[row.host].write(row.kind, ready.variables)
                persons[row.host, row.person_id] += listening.heard
                listening.heard.clear()
    return list(persons.values())


def seconds_to_send(
    persons: Sequence[Sequence[requests.PreparedRequest]], at_once: int = THREADS
) -> float:
    """How long it takes to send them all: each person's in order, of so many persons at once."""
    mine = local()

    def send_in_order(calls: Sequence[requests.PreparedRequest]) -> None:
        if not hasattr(mine, "session"):
            mine.session = requests.Session()
            mine.session.trust_env = False
        upload = UPLOAD
        for call in calls:
            if isinstance(call.body, bytes):
                call.body = call.body.replace(UPLOAD.encode(), upload.encode())
                call.headers["Content-Length"] = str(len(call.body))
            answer = mine.session.send(call, timeout=(5, 30))
            answer.raise_for_status()
            upload = answer.json().get("upload_id", upload)

    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(send_in_order, persons))
    return time.perf_counter() - began
