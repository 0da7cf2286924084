"""A delivery that was kept, read once more under the configuration of now."""

from connector.casework.desk import Desk
from connector.errors import Refused
from connector.intake import read_json
from connector.mapping import Translation, translate
from connector.store import Transaction


def read_again(tx: Transaction, desk: Desk, host: str, submission_id: str) -> Translation | None:
    """What it turns out to be now; None where its bytes are emptied or cannot be read.

    Raises KeyProblem.
    """
    body, profile = tx.submissions.body(submission_id), desk.configuration.hosts.get(host)
    if body is None or profile is None:
        return None
    try:
        return translate(profile, read_json(body))
    except Refused:
        return None
