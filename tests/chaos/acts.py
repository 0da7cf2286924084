"""What the hostile host does with a write, by the name of the fault that strikes it."""

import json
import time
from collections.abc import Callable, Mapping
from threading import Timer
from types import MappingProxyType
from typing import TYPE_CHECKING

from .faults import HANG_SECONDS, LATE_SECONDS

if TYPE_CHECKING:
    from .hostile_host import Caller, Work

Act = Callable[["Caller", "Work"], None]
REFUSALS = (400, 401, 403, 404, 405, 409, 412, 413, 415, 422)


def _work(caller: "Caller", work: "Work") -> None:
    caller.say(*work())


def _then(status: int) -> Act:
    def act(caller: "Caller", work: "Work") -> None:
        work()
        caller.say(status, {"detail": "Something went wrong here."})

    return act


def _then_hang(caller: "Caller", work: "Work") -> None:
    done = work()
    time.sleep(HANG_SECONDS)
    caller.say(*done)


def _then_reset(caller: "Caller", work: "Work") -> None:
    work()
    caller.drop()


def _reset(caller: "Caller", _: "Work") -> None:
    caller.drop()


def _not_now(status: int) -> Act:
    def act(caller: "Caller", _: "Work") -> None:
        wish = caller.server.faults.retry_after()
        caller.say(status, {"detail": "Not now."}, **{"Retry-After": wish})

    return act


def _refuse(status: int) -> Act:
    def act(caller: "Caller", _: "Work") -> None:
        caller.say(status, {"detail": "No."})

    return act


def _redirect(status: int) -> Act:
    def act(caller: "Caller", _: "Work") -> None:
        caller.say(status, {}, Location=caller.server.elsewhere)

    return act


def _held_back(caller: "Caller", work: "Work") -> None:
    caller.server.late.append(work)
    caller.say(504, {"detail": "The gateway has given up."})


def _late(caller: "Caller", work: "Work") -> None:
    Timer(LATE_SECONDS, work).start()
    caller.say(504, {"detail": "The gateway has given up."})


def _empty(caller: "Caller", work: "Work") -> None:
    caller.say_bytes(work()[0], b"", "application/json")


def _page(caller: "Caller", work: "Work") -> None:
    caller.say_bytes(work()[0], b"<html><body>Please sign in.</body></html>", "text/html")


def _half(caller: "Caller", work: "Work") -> None:
    status, answer = work()
    text = json.dumps(answer).encode()
    caller.say_bytes(status, text[: len(text) // 2], "application/json")


def _breaks_off(caller: "Caller", work: "Work") -> None:
    status, answer = work()
    text = json.dumps(answer).encode()
    longer = {"Content-Length": str(len(text) + 100)}
    caller.say_bytes(status, text, "application/json", longer)
    caller.wfile.flush()
    caller.drop()


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "": _work,
        "work then 500": _then(500),
        "work then 502": _then(502),
        "work then 504": _then(504),
        "work then hang": _then_hang,
        "work then reset": _then_reset,
        "503 without work": _not_now(503),
        "late commit after 504": _late,
        "empty 2xx": _empty,
        "web page as 2xx": _page,
        "half of the JSON": _half,
        "answer breaks off": _breaks_off,
        "429": _not_now(429),
        "late commit when let go": _held_back,
        "reset without work": _reset,
        "500 without work": _refuse(500),
        "work then 408": _then(408),
        "work then 302": _then(302),
        **{str(status): _refuse(status) for status in REFUSALS},
        **{f"redirect {status}": _redirect(status) for status in (301, 302, 303, 307, 308)},
    }
)
