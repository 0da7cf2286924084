"""Three short tries for what changes nothing: a look-up, a token. Writes never come here."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from connector.errors import NotSent, OutcomeUnknown

_T = TypeVar("_T")


def thrice(once: Callable[[], _T]) -> _T:
    """The result of the first good try; else the error of the third, or one that will not pass."""
    tries = Retrying(
        stop=stop_after_attempt(3),
        wait=wait_random_exponential(multiplier=0.2, max=2),
        retry=retry_if_exception(_is_passing),
        reraise=True,
    )
    return tries(once)


def harmless(work: Callable[[], _T]) -> _T:
    """The result of something that leaves nothing on the record: its failure is certain."""
    try:
        return work()
    except OutcomeUnknown as error:
        message = str(error).replace("; it may have been done.", ".")
        failure = NotSent(message, status=error.status, retry_after=error.retry_after)
    raise failure


def _is_passing(error: BaseException) -> bool:
    """Whether a short wait may help: no answer, or a fault of the host without a wish."""
    if not isinstance(error, NotSent | OutcomeUnknown) or error.retry_after is not None:
        return False
    return error.status is None or error.status >= 500
