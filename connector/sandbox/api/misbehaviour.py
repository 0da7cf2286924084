"""What each switch does to a call of the API."""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec

from flask import Response, request

from connector.sandbox.api.problems import problem_answer
from connector.sandbox.desk import desk
from connector.sandbox.server import reset_when_closed
from connector.sandbox.switches import Switch

Work = Callable[[], Response]
P = ParamSpec("P")


def may_misbehave(kind: str) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """A view that the switches of this kind can spoil."""

    def wrap(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def spoiled(*args: P.args, **kwargs: P.kwargs) -> Response:
            switch = desk().switches.strike(str(kwargs["register"]), kind)
            if switch is None:
                return view(*args, **kwargs)
            return ACTS[switch.mode](switch, lambda: view(*args, **kwargs))

        return spoiled

    return wrap


def _slow(switch: Switch, work: Work) -> Response:
    time.sleep(switch.seconds)
    return work()


def _work_then_500(_: Switch, work: Work) -> Response:
    work()
    return problem_answer(500, "Something went wrong here.")


def _unavailable(switch: Switch, _: Work) -> Response:
    return problem_answer(503, "Down for maintenance.", retry_after=round(switch.seconds))


def _too_many(switch: Switch, _: Work) -> Response:
    return problem_answer(429, "Too many calls.", retry_after=round(switch.seconds))


def _refuse(switch: Switch, _: Work) -> Response:
    return problem_answer(422, switch.message)


def _work_then_reset(_: Switch, work: Work) -> Response:
    work()
    return Response(_hang_up(request.environ))


def _hang_up(environ: Mapping[str, Any]) -> Iterator[bytes]:
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        reset_when_closed(connection)
    # Raised before the first byte, so that the server has sent neither status nor headers.
    raise ConnectionResetError("dropped on purpose")
    yield b""


ACTS: Mapping[str, Callable[[Switch, Work], Response]] = MappingProxyType(
    {
        "slow": _slow,
        "work-then-500": _work_then_500,
        "503": _unavailable,
        "work-then-reset": _work_then_reset,
        "refuse": _refuse,
        "429": _too_many,
    }
)
