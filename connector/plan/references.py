"""What a write is known by in the host: references, and the periods of tasks. Pure."""

import hashlib
import uuid
from collections.abc import Iterable

from connector.model import CompletedForm, Task
from connector.policy.stops import ONCE_IN_A_LIFE


def reference(*parts: str) -> str:
    """The external reference of a write: `lcf-` and 20 hex digits over its parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"lcf-{digest[:20]}"


def reference_guid(text: str) -> str:
    """The same for a host that wants a GUID."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def form_id_of(form: CompletedForm, submission_id: str) -> str:
    """The host's id of the form; one that came without an id is known by its delivery."""
    return form.envelope.submission_id or submission_id


def period_key(form_id: str, task: Task, time_round: int = 1) -> str:
    """What tells two tasks of one id apart for one person, whatever the version of the form.

    The form that asks for it, for T20 the action too, and from the second time round the number.
    """
    if task.task in ONCE_IN_A_LIFE:
        return ""
    key = action_key(form_id, task.occurrence) if task.task == "T20" else _unmarked(form_id)
    return f"{key}#{time_round}" if time_round > 1 else key


def action_key(form_id: str, action: str) -> str:
    """The period of an agreed action: its words are not to stand in clear."""
    return f"{_unmarked(form_id)}/{hashlib.sha256(action.encode()).hexdigest()[:20]}"


def base_key(key: str) -> str:
    """The period of a key, however often it was asked for again."""
    return key.partition("~")[0]


def times_planned(keys: Iterable[str], key: str) -> int:
    """How often the period of `key` stands among these, taken back in between or not."""
    return sum(base_key(each) == base_key(key) for each in keys)


def _unmarked(form_id: str) -> str:
    """A host's id without the marks that tell rounds ("#2") and repeats ("~2") apart."""
    return form_id.replace("%", "%25").replace("#", "%23").replace("~", "%7E")
