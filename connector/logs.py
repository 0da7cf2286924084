"""Logs that name events and ids, never people (reliability section 4, S9).

Only the keys of `KEYS` are printed; every other one is dropped. Of an exception the class and the
place are printed, never its text: `requests` puts the query of an address into it. Messages of
libraries are reduced to who spoke and where, since they hold addresses, bodies and parameters.
"""

import logging
import os
import re
import sys
import threading
from collections.abc import Mapping, MutableMapping
from datetime import date
from enum import Enum
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO

import structlog

# fmt: off
KEYS = frozenset({
    "event", "level", "timestamp", "logger", "place", "error", "host", "submission", "effect",
    "follow_up", "task", "rule", "kind", "step", "form_type", "state", "standing", "status",
    "http_status", "count", "seconds", "milliseconds", "bytes", "reason_code", "path", "method",
    "port", "address", "attempt", "attempts", "misses", "failures", "not_before", "duplicate",
    "conflict", "thread", "tick", "owner", "pid", "key_id", "version", "signal",
})
# fmt: on
LONGEST = 200
LIBRARY = "library message"
UNNAMED = "event without a plain name"
# An event is a few plain words; whatever looks otherwise may have details worked into it.
_EVENT = re.compile(r"[a-z][a-z_ '-]{0,79}")
_CLASS = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")

EventDict = MutableMapping[str, Any]


def start(level: str, *, stream: TextIO, env: Mapping[str, str]) -> None:
    """Send everything logged in this process to `stream`, from `level` (INFO, …) upwards.

    JSON lines; on a terminal, aligned words, coloured unless NO_COLOR is set. Libraries are heard
    from WARNING upwards, and at DEBUG with everything.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            class_of_error,
            allowed_only,
            _renderer(stream, env),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _route_libraries(level)
    sys.excepthook = _on_crash
    threading.excepthook = _on_thread_crash
    sys.unraisablehook = _on_ignored


def class_of_error(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` and an exception under `error` by its class, and say where it arose."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event.setdefault("place", _origin(error.__traceback__))
    return event


def allowed_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Keep the allowed keys, each with a short, harmless value."""
    kept = {key: _plain(value) for key, value in event.items() if key in KEYS}
    if not is_plain(str(event.get("event"))):
        kept["event"] = UNNAMED
    if "error" in kept and not _CLASS.fullmatch(str(kept["error"])):
        kept["error"] = "unnamed"
    if "path" in kept:
        kept["path"] = re.split(r"[?#]", str(kept["path"]))[0]
    return kept


def is_plain(event: str) -> bool:
    """Whether an event is a few plain words, as our own are."""
    return _EVENT.fullmatch(event) is not None


class _LibraryHandler(logging.Handler):
    """Passes on that a library spoke: its name, the place and the class of an exception."""

    def emit(self, record: logging.LogRecord) -> None:
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
        structlog.get_logger().log(
            level,
            LIBRARY,
            logger=record.name,
            place=f"{record.module}:{record.lineno}",
            exc_info=record.exc_info,
        )


def _route_libraries(level: str) -> None:
    wanted = logging.getLevelNamesMapping()[level]
    root = logging.getLogger()
    for logger in map(logging.getLogger, tuple(root.manager.loggerDict)):
        # A handler of a library's own (Flask, werkzeug) would print the message as it is.
        logger.handlers.clear()
        logger.propagate = True
    root.handlers[:] = [_LibraryHandler()]
    root.setLevel(wanted if wanted <= logging.DEBUG else max(wanted, logging.WARNING))
    logging.captureWarnings(True)
    # On a mistake in a logging call the standard library would print the message with its values.
    logging.raiseExceptions = False


def _renderer(stream: TextIO, env: Mapping[str, str]) -> structlog.typing.Processor:
    if not stream.isatty():
        return structlog.processors.JSONRenderer(sort_keys=False)
    colours = not env.get("NO_COLOR") and os.name != "nt"
    return structlog.dev.ConsoleRenderer(colors=colours, sort_keys=False)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | PurePath):
        return _escaped(str(value)[:LONGEST])
    return type(value).__name__


def _escaped(text: str) -> str:
    """Control characters as `\\x1b`: nobody can forge a line or repaint a terminal."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _origin(trace: TracebackType | None) -> str | None:
    if trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"


def _on_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("crashed", exc_info=(kind, error, trace))


def _on_thread_crash(crash: threading.ExceptHookArgs) -> None:
    if crash.exc_value is not None and not issubclass(crash.exc_type, SystemExit):
        name = crash.thread.name if crash.thread else None
        structlog.get_logger().critical("thread crashed", exc_info=crash.exc_value, thread=name)


def _on_ignored(ignored: Any) -> None:
    """Python itself would print the text, which a database may have put values into."""
    structlog.get_logger().error("error ignored", exc_info=ignored.exc_value)
