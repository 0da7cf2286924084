"""What a parked effect says: what happened, and who puts it right how. Nothing about the person."""

from collections.abc import Sequence

from connector.errors import ConnectorError, Declined
from connector.model import EffectKind

SEND_AGAIN = 'then settle it with "send again".'

_BY_HAND = {
    EffectKind.CANCELLATION: "Close the task",
    EffectKind.REASSIGNMENT: "Put the task into the inbox of whoever has it now,",
    EffectKind.UPDATE: "Change the date of the task",
}

_FIXES = {
    400: f"IT compares the profile's template with what the host asks for, {SEND_AGAIN}",
    401: f"IT renews the connector's credentials for this host, {SEND_AGAIN}",
    403: f"IT gives the connector's account the right to write this, {SEND_AGAIN}",
    404: "Check that the person, or the place the profile names, still exists in the host "
    f"under this number (people are sometimes merged), {SEND_AGAIN}",
    405: f"IT checks the address and method in the profile, {SEND_AGAIN}",
    409: "The record was changed meanwhile or holds this already: look in the host, then settle "
    'it with "it is there" or "send again".',
    412: "The record was changed meanwhile: look in the host, then settle it with "
    '"it is there" or "send again".',
    413: f"The host takes no file of this size: IT raises its limit, {SEND_AGAIN}",
    415: f"IT checks the content type in the profile, {SEND_AGAIN}",
    422: "The host's own log says which field: IT compares the profile's template with what the "
    f"host asks for, {SEND_AGAIN}",
}
_ANY_REFUSAL = f"IT looks into what the host refuses, {SEND_AGAIN}"

HANDED_BACK = "Handed back unsent: too little of the lease was left to send it safely."

ASK_A_PERSON = (
    "This host cannot be searched for our reference, so the connector never sends twice on its "
    'own. Look in the host, then settle it with "it is there" or "send again".'
)

SENDING_AGAIN_IS_SAFE = "This host takes our reference, so sending again is safe."

CHANGING_TWICE_IS_HARMLESS = "Changing a task twice is harmless, so it is simply tried again."

HARDLY_THERE = (
    "This host cannot be searched, and that this was sent before the backup was put back is "
    "unlikely, so it is sent."
)

TASK_NOT_WANTED = "The task it was for is no longer wanted."

NOTHING_TO_CHANGE_YET = (
    "The task is not in the host; it will be looked for once more when the settle window is over."
)

ABSENT_TWICE = "Not in the host after two looks and the settle window: it will be sent again."

CONFLICT = (
    "The host refuses this as a conflict, and does not hold it: somebody changed the record "
    "meanwhile, and what they wrote stays. Look in the host, then settle it with "
    '"send again" or "it is there".'
)

ABSENT_ONCE = "Not in the host yet: it will be looked for again when the settle window is over."


def declined(error: Declined) -> str:
    """The host's refusal and its fix."""
    fix = _FIXES.get(error.status or 0, _ANY_REFUSAL)
    return f"{plain(error)} {fix}"


def gave_up(error: Exception) -> str:
    """The last failure, when retries are used up."""
    return f"{plain(error)} Tried many times without success: IT finds the cause, {SEND_AGAIN}"


def never_arrived(sends: int) -> str:
    """Sent again and again, always an unclear answer, never in the host."""
    return (
        f"Sent {sends} times: the host answers unclearly each time and does not hold it. IT finds "
        f"the cause, {SEND_AGAIN}"
    )


def unsearched(error: Exception) -> str:
    """Nobody can say whether it was done, since the host cannot be searched."""
    return (
        f"It is not known whether this was done, and the host could not be searched: "
        f'{plain(error)} Look in the host, then settle it with "it is there" or "send again".'
    )


def copies(reference: str, count: int) -> str:
    """More than one object carries one reference (reliability E4)."""
    return (
        f"ALARM: the host holds {count} copies with the reference {reference}. Remove all but one "
        'there, then settle it with "it is there".'
    )


def closing_copies(reference: str, ids: Sequence[str]) -> str:
    """A second copy of a task was found later, and is closed through the ledger."""
    return (
        f"ALARM: the host held {len(ids) + 1} copies with the reference {reference}. The connector "
        f"cancels number {' and '.join(ids)} there and keeps the other one."
    )


def change_it_yourself(
    kind: EffectKind, error: Exception, reference: str, ids: Sequence[str]
) -> str:
    """The connector cannot change a task: a person does. Named by our reference and its number."""
    wanted = _BY_HAND[kind]
    number = f", number {' and '.join(ids)} there" if ids else ", if it is there"
    return (
        f"{wanted} in the case system yourself: our reference {reference}{number}. "
        f'Then settle this with "it is there". {plain(error)}'
    )


def unknown_host(host: str) -> str:
    """An effect for a host without a profile."""
    return f"No profile for the host “{host}”: IT puts its folder back, {SEND_AGAIN}"


def not_rendered(error: Exception) -> str:
    """The document could not be made. Only the class is told: the text may quote answers."""
    return (
        f"The case summary could not be made ({type(error).__name__}). The other writes of this "
        f"form are not affected. IT looks at the log, {SEND_AGAIN}"
    )


def unreadable() -> str:
    """The content was encrypted with a key that is not there (reliability G10)."""
    return (
        "What is to be sent cannot be read: the encryption key it was kept with is missing or "
        f"another one. IT puts the key back, {SEND_AGAIN}"
    )


def setup(error: Exception) -> str:
    """The profile or a secret is not right: nothing was sent."""
    return f"{plain(error)} Nothing was sent. IT mends the set-up, {SEND_AGAIN}"


def plain(error: Exception) -> str:
    """Our own errors speak for themselves; of any other only the class is told."""
    if not isinstance(error, ConnectorError):
        return f"Something unexpected went wrong here ({type(error).__name__})."
    text = str(error).strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
