"""Several threads' small works in one commit: whoever comes next takes whatever waits."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event, Lock
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
    done: Event = field(default_factory=Event)
    result: Any = None
    error: Exception | None = None


class Gathered:
    """A queue in front of the database. `begin` opens a transaction and commits it at its end."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._leading = Lock()
        self._waiting: deque[_Waiting] = deque()

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` gave, once it is on disk; raises what it raised, or what the commit did.

        One that raises is undone alone; a commit that fails fails for all that were in it.
        """
        mine = _Waiting(work)
        self._waiting.append(mine)
        while not mine.done.is_set():
            with self._leading:
                if not mine.done.is_set():
                    self._commit_some()
        if mine.error is not None:
            raise mine.error
        result: Result = mine.result
        return result

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
            for each in taken:
                each.done.set()


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
