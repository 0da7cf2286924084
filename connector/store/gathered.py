"""Several threads' small works in one commit: whoever comes next takes whatever waits."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Condition
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from connector.errors import OutOfOrder

MOST = 64
"""Works in one commit, so that the first of many does not wait for all of them."""

Result = TypeVar("Result")


@dataclass
class _Waiting:
    work: Callable[[Connection], Any]
    done: bool = False
    result: Any = None
    error: Exception | None = None


class Gathered:
    """A queue in front of the database. `begin` opens a transaction and commits it at its end."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._changed = Condition()
        self._committing = False
        self._waiting: deque[_Waiting] = deque()

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` gave, once it is on disk; raises what it raised, or what the commit did.

        One that raises is undone alone; a commit that fails fails for all that were in it.
        """
        mine = _Waiting(work)
        with self._changed:
            self._waiting.append(mine)
        while self._is_next(mine):
            self._commit_some()
        if mine.error is not None:
            raise mine.error
        result: Result = mine.result
        return result

    def _is_next(self, mine: _Waiting) -> bool:
        """Wait until it is done (False), or until nobody commits, so that it is ours to do."""
        with self._changed:
            self._changed.wait_for(lambda: mine.done or not self._committing)
            if mine.done:
                return False
            self._committing = True
            return True

    def _commit_some(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        try:
            with self._begin() as connection:
                for each in taken:
                    _try(each, connection)
        except Exception as error:  # noqa: BLE001 - raised again in every thread that asked
            _fail(taken, error)
        except BaseException:
            # Whoever is told to stop stops; the others only learn that nothing of theirs is kept.
            _fail(taken, OutOfOrder("The writing was broken off; nothing of it is kept."))
            raise
        finally:
            with self._changed:
                self._committing = False
                for each in taken:
                    each.done = True
                self._changed.notify_all()


def _fail(taken: Sequence[_Waiting], error: Exception) -> None:
    for each in taken:
        each.error = error


def _try(waiting: _Waiting, connection: Connection) -> None:
    try:
        with connection.begin_nested():
            waiting.result = waiting.work(connection)
    except (DataError, IntegrityError) as error:
        waiting.error = error  # one that cannot be stored is nobody else's trouble
    except DBAPIError:
        raise  # a full disk is everybody's
    except Exception as error:  # noqa: BLE001 - raised again in the thread that asked
        waiting.error = error
