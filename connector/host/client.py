"""One case record system, written to, looked into and read as its profile says."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from connector.errors import Declined, OutcomeUnknown
from connector.events import HostPerson, HostTask
from connector.host.answers import accepted, id_in
from connector.host.drafting import drafted, fitted
from connector.host.looking import found
from connector.host.reading import form_of, listed_forms, read_one, task_of
from connector.host.session import Session
from connector.host.setting_up import check_setup
from connector.host.trying import harmless
from connector.host.wire import Answer
from connector.mapping.outbound import Operation, Outbound
from connector.mapping.outbound_calls import Call
from connector.mapping.outbound_reads import Forms, Read
from connector.mapping.outbound_templates import Variables
from connector.mapping.outbound_words import KEYS
from connector.model import EffectKind

_HELD = frozenset({409, 412})


class HostClient:
    """Writes once and looks up by reference; may be used by several threads at once.

    `secrets` maps names of environment variables to values. SetupProblem lists every one that is
    missing or unfit, by name.
    """

    def __init__(self, outbound: Outbound, secrets: Mapping[str, str]) -> None:
        check_setup(outbound, secrets)
        self._outbound = outbound
        base = outbound.base_url or secrets[outbound.base_url_env or ""].strip()
        self._base = base.rstrip("/") + outbound.base_path
        self._session = Session(outbound, secrets)

    def __repr__(self) -> str:
        return f"<HostClient {urlsplit(self._base).netloc}>"

    @property
    def idempotency(self) -> Literal["A", "B", "C"]:
        """A takes our reference and refuses a second; B can be searched by it; C neither."""
        return self._outbound.idempotency

    @property
    def settle_seconds(self) -> float:
        """How long after an ambiguous answer a write may still appear."""
        return self._outbound.settle_seconds

    @property
    def longest_call_seconds(self) -> float:
        """What one write may take, with the steps before it."""
        return self._outbound.longest_call_seconds

    def write(self, kind: EffectKind, variables: Variables) -> str:
        """Write once; the host's id of it, "" where the profile names none.

        Raises NotSent, Declined or OutcomeUnknown (reliability section 2); never sends twice,
        but for one renewed token after a 401.
        """
        operation = self._operation(kind)
        ready = self._ready(kind, operation, variables)
        for step in operation.steps:
            ready["steps"] = ready["steps"] | {step.name: {"id": self._step(step, ready)}}
        answer = self._session.send(drafted(self._base, operation.create, ready))
        if answer.status in self._already(operation.create):
            return self._id_of_held(kind, operation, answer, ready)
        return accepted(answer, operation.create, ready)

    def find(self, kind: EffectKind, variables: Variables) -> tuple[str, ...]:
        """The host's ids of everything that carries exactly our reference.

        NotSent where the host cannot be searched just now, Declined where it refuses: never "not
        there" unless that is certain.
        """
        operation = self._operation(kind)
        if operation.find is None:
            raise Declined(f"The profile does not say how to look up {KEYS[kind]}.")
        ready = self._ready(kind, operation, variables)
        name = "reference_guid" if self._outbound.reference == "guid" else "reference"
        find = operation.find
        ids = harmless(lambda: found(self._base, find, ready, str(ready[name]), self._session.ask))
        if not ids:
            self.probe()
        return ids

    def cancel(self, kind: EffectKind, variables: Variables) -> None:
        """Cancel what was written; `variables` hold its `remote_id` and a `reason`."""
        self._change(kind, self._operation(kind).cancel, "cancel", variables)

    def reassign(self, kind: EffectKind, variables: Variables) -> None:
        """Put a task into another inbox; `variables` hold its `remote_id` and the new `inbox`."""
        self._change(kind, self._operation(kind).reassign, "reassign", variables)

    def update(self, kind: EffectKind, variables: Variables) -> None:
        """Give a task its new date and words; `variables` hold its `remote_id` and a `reason`."""
        self._change(kind, self._operation(kind).update, "update", variables)

    @property
    def reads_tasks(self) -> bool:
        """Whether `read_task` can say how a task stands."""
        return self._outbound.task is not None and self._outbound.task.read is not None

    @property
    def reads_people(self) -> bool:
        """Whether `read_person` can say what the record says."""
        return self._outbound.person is not None

    @property
    def lists_forms(self) -> bool:
        """Whether `listed_forms` can say what was completed."""
        return self._outbound.forms is not None

    @property
    def forms_every_minutes(self) -> int:
        """How often to ask for completed forms."""
        forms = self._outbound.forms
        return forms.every_minutes if forms else Forms.every_minutes

    def read_task(self, variables: Variables) -> HostTask | None:
        """A task as the host has it now, by its `remote_id`; None where it is gone.

        HostError where that is not certain.
        """
        operation = self._outbound.task
        if operation is None or operation.read is None:
            raise Declined("The profile does not say how to read a task.")
        ready = self._ready(EffectKind.TASK, operation, variables)
        remote_id = str(variables.get("remote_id") or "")
        values = self._read(operation.read, ready, remote_id)
        return None if values is None else task_of(remote_id, values)

    def read_person(self, person_id: str) -> HostPerson | None:
        """What the record says of a person now; None where the host knows no such person.

        HostError where that is not certain.
        """
        if self._outbound.person is None:
            raise Declined("The profile does not say how to read a person.")
        ready = {"person_id": person_id, "settings": self._outbound.settings}
        values = self._read(self._outbound.person, ready, person_id)
        return None if values is None else HostPerson(**values)

    def listed_forms(self, since: datetime) -> Iterator[Any]:
        """An entry for each form completed since an aware moment; `read_form` makes a form of it.

        HostError, perhaps after some, where the list cannot be read.
        """
        ready = {"since": since.isoformat(), "settings": self._outbound.settings}
        entries = listed_forms(self._base, self._forms(), ready, self._session.ask)
        nothing = object()
        first = entry = harmless(lambda: next(entries, nothing))
        while entry is not nothing:
            yield entry
            entry = harmless(lambda: next(entries, nothing))
        if first is nothing:
            self.probe()

    def read_form(self, entry: Any) -> Any:
        """The form of an entry, as its webhook would have brought it; None where it is gone.

        HostError where that is not certain.
        """
        ready = {"settings": self._outbound.settings}
        form = harmless(lambda: form_of(self._base, self._forms(), ready, entry, self._session.ask))
        if form is None:
            self.probe()
        return form

    def _forms(self) -> Forms:
        if self._outbound.forms is None:
            raise Declined("The profile does not say how to list completed forms.")
        return self._outbound.forms

    def _read(self, read: Read, variables: Variables, asked: str) -> dict[str, Any] | None:
        values = harmless(lambda: read_one(self._base, read, variables, asked, self._session.ask))
        if values is None:
            self.probe()
        return values

    def probe(self) -> None:
        """Ask the host whether it knows us, where the profile says how: some hide everything
        from a stranger and answer 200. HostError where it does not."""
        probe = self._outbound.probe
        if probe is not None:
            request = drafted(self._base, probe, {})
            harmless(lambda: self._session.ask(request, probe))

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def _operation(self, kind: EffectKind) -> Operation:
        operation = self._outbound.operation(kind)
        if operation is None:
            raise Declined(f"The profile does not say how to write {KEYS[kind]}.")
        return operation

    def _ready(
        self, kind: EffectKind, operation: Operation, variables: Variables
    ) -> dict[str, Any]:
        own = {**self._outbound.settings, **operation.settings}
        ready = fitted(variables, kind, operation.limits)
        return ready | {"settings": {**ready.get("settings", {}), **own}, "steps": {}}

    def _already(self, call: Call) -> frozenset[int]:
        if call.already is not None:
            return call.already
        return _HELD if self._outbound.idempotency == "A" else frozenset()

    def _id_of_held(
        self, kind: EffectKind, operation: Operation, answer: Answer, ready: Variables
    ) -> str:
        """The id of something the host has already: from its answer, else by a look-up."""
        try:
            return id_in(answer, operation.create, ready)
        except OutcomeUnknown as error:
            unclear = error
        if operation.find is None:
            return ""
        ids = self.find(kind, ready)
        if len(ids) != 1:
            raise unclear
        return ids[0]

    def _step(self, step: Call, variables: Variables) -> str:
        """A step leaves nothing on the record, so its failure is never ambiguous."""
        request = drafted(self._base, step, variables)
        if step.method == "GET":
            return harmless(lambda: id_in(self._session.ask(request, step), step, variables))
        return harmless(lambda: accepted(self._session.send(request), step, variables))

    def _change(self, kind: EffectKind, call: Call | None, word: str, variables: Variables) -> None:
        if call is None:
            raise Declined(f"The profile does not say how to {word} {KEYS[kind]}.")
        ready = self._ready(kind, self._operation(kind), variables)
        answer = self._session.send(drafted(self._base, call, ready))
        if answer.status not in (call.already or frozenset()):
            accepted(answer, call, ready)
