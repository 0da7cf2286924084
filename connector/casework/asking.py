"""Asking the host whose record a form is about, before anything is written to it (EN-07)."""

from datetime import timedelta

from connector.casework.desk import Desk
from connector.casework.record_changes import take_in
from connector.mapping import Outcome, Translation
from connector.store import Transaction
from connector.store.submission_row import Submission

FRESH = timedelta(hours=12)
"""How long what the host said of a person may be used for a task that opens."""


def people_to_ask_about(
    tx: Transaction, desk: Desk, submission: Submission, translation: Translation
) -> list[str]:
    """The people of a form whose record was not looked at since it came."""
    register = desk.registers.get(submission.host)
    if register is None or not register.reads_people or translation.outcome is not Outcome.READ:
        return []
    people = [str(each.values.get("person_id") or "") for each in translation.readings]
    now = [tx.persons.current_id(submission.host, each) for each in people if each]
    return [each for each in now if not _looked_since(tx, submission, each)]


def _looked_since(tx: Transaction, submission: Submission, person_id: str) -> bool:
    looked = tx.persons.looked_at(submission.host, person_id)
    return looked is not None and looked >= submission.received_at


def ask_about(desk: Desk, host: str, person_id: str) -> None:
    """Ask now and keep the answer, with whatever follows from it (`record_changes`).

    That there is no such record is an answer too. No transaction is open meanwhile.

    Raises HostError.
    """
    found = desk.registers[host].read_person(person_id)
    with desk.store.transaction() as tx:
        take_in(tx, desk, host, person_id, found)
