"""Logs name events and ids; whatever else is handed to them does not come out."""

import gc
import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import structlog
from sqlalchemy import create_engine, text

from connector import logs
from connector.model import EffectKind

CANARY = "Zanzibar-Quillfeather"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def _started(level: str = "DEBUG", stream: io.StringIO | None = None) -> io.StringIO:
    stream = stream or io.StringIO()
    logs.start(level, stream=stream, env={})
    return stream


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_its_time_and_level() -> None:
    out = _started()
    structlog.get_logger().info("submission kept", submission="sub_1", host="flat", count=2)
    (line,) = _lines(out)
    stamp = datetime.fromisoformat(line.pop("timestamp"))
    assert stamp.tzinfo == UTC
    assert line == {
        "event": "submission kept",
        "level": "info",
        "submission": "sub_1",
        "host": "flat",
        "count": 2,
    }


def test_keys_outside_the_list_are_dropped() -> None:
    out = _started()
    structlog.get_logger().info("kept", person_name=CANARY, body=CANARY, url=CANARY, reason=CANARY)
    assert CANARY not in out.getvalue()


def test_an_event_with_something_worked_into_it_is_not_printed() -> None:
    out = _started()
    structlog.get_logger().info(f"could not read {CANARY}")
    structlog.get_logger().info("could not read %s", CANARY)
    assert CANARY not in out.getvalue()
    assert {line["event"] for line in _lines(out)} == {logs.UNNAMED}


def test_of_an_exception_the_class_and_the_place_are_printed() -> None:
    out = _started()
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        structlog.get_logger().exception("could not read")
        structlog.get_logger().error("could not read", exc_info=error)
        structlog.get_logger().error("could not read", error=error)
        structlog.get_logger().error("could not read", error=f"about {CANARY}")
    assert CANARY not in out.getvalue()
    first, second, third, fourth = _lines(out)
    assert first["error"] == second["error"] == third["error"] == "ValueError"
    assert first["place"].startswith("test_logs:") or ".test_logs:" in first["place"]
    assert fourth["error"] == "unnamed"


def test_a_value_that_is_not_a_plain_one_is_printed_as_its_class() -> None:
    out = _started()
    structlog.get_logger().info("kept", state={"name": CANARY}, kind=[CANARY], step=b"bytes")
    (line,) = _lines(out)
    assert (line["state"], line["kind"], line["step"]) == ("dict", "list", "bytes")


def test_choices_and_moments_are_printed_as_their_text() -> None:
    out = _started()
    at = datetime(2026, 3, 25, 10, 30, tzinfo=UTC)
    structlog.get_logger().info("kept", kind=EffectKind.TASK, not_before=at)
    (line,) = _lines(out)
    assert (line["kind"], line["not_before"]) == ("task", "2026-03-25T10:30:00+00:00")


def test_a_path_loses_its_query() -> None:
    out = _started()
    structlog.get_logger().info("asked", path=f"/hooks/flat?name={CANARY}#x")
    assert _lines(out)[0]["path"] == "/hooks/flat"


def test_line_breaks_and_terminal_codes_are_escaped() -> None:
    nasty = "a\r\nlevel=info \x1b[31mred\x9b1m\u202e\u2028"
    for stream in (io.StringIO(), Terminal()):
        _started(stream=stream)
        structlog.get_logger().info("kept", host=nasty)
        structlog.get_logger().info(nasty)
        assert len(stream.getvalue().splitlines()) == 2
        for code in ("\r", "\x1b[31mred", "\x9b", "\u202e", "\u2028"):
            assert code not in stream.getvalue()


def test_a_long_value_is_cut() -> None:
    out = _started()
    structlog.get_logger().info("kept", host="x" * 10_000)
    assert len(_lines(out)[0]["host"]) == logs.LONGEST


def test_a_terminal_gets_colours_unless_no_color_is_set() -> None:
    coloured, plain = Terminal(), Terminal()
    logs.start("INFO", stream=coloured, env={})
    structlog.get_logger().info("kept")
    logs.start("INFO", stream=plain, env={"NO_COLOR": "1"})
    structlog.get_logger().info("kept")
    assert "\x1b[" in coloured.getvalue()
    assert "\x1b[" not in plain.getvalue()
    assert "kept" in plain.getvalue()


def test_nothing_below_the_level_is_printed() -> None:
    out = _started("WARNING")
    structlog.get_logger().info("kept")
    logging.getLogger("waitress").info("serving")
    assert out.getvalue() == ""


def test_libraries_are_quiet_below_a_warning_unless_everything_is_wanted() -> None:
    out = _started("INFO")
    logging.getLogger("werkzeug").info("GET /")
    assert out.getvalue() == ""
    out = _started("DEBUG")
    logging.getLogger("werkzeug").info("GET /")
    assert _lines(out)[0]["logger"] == "werkzeug"


@pytest.mark.parametrize(
    "name", ["werkzeug", "waitress", "apscheduler.scheduler", "urllib3", "alembic", "sqlalchemy"]
)
def test_a_library_is_reduced_to_who_spoke_and_where(name: str) -> None:
    out = _started()
    with _everything_from(name) as logger:
        logger.debug(f"GET /people?name={CANARY}")
        logger.warning("GET %s", f"/people?name={CANARY}")
        logger.log(35, CANARY, extra={"body": CANARY})
        logger.error("bad call %d %d", CANARY)
        try:
            raise ValueError(CANARY)
        except ValueError:
            logger.exception(CANARY)
    lines = _lines(out)
    assert CANARY not in out.getvalue()
    assert [line["level"] for line in lines] == ["debug", "warning", "warning", "error", "error"]
    assert {(line["event"], line["logger"]) for line in lines} == {(logs.LIBRARY, name)}
    assert lines[-1]["error"] == "ValueError"


@contextmanager
def _everything_from(name: str) -> Iterator[logging.Logger]:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.DEBUG)
    yield logger
    logger.setLevel(before)


def test_a_handler_of_a_librarys_own_is_taken_away() -> None:
    own = io.StringIO()
    logger = logging.getLogger("a.library")
    logger.addHandler(logging.StreamHandler(own))
    out = _started()
    logger.warning(CANARY)
    assert own.getvalue() == ""
    assert _lines(out)[0]["logger"] == "a.library"


def _sql() -> None:
    engine = create_engine("sqlite://")
    with _everything_from("sqlalchemy.engine"), engine.connect() as connection:
        connection.execute(text("select :word"), {"word": CANARY})
    engine.dispose()


def _http() -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:9/people?name={CANARY}", timeout=1)


@pytest.mark.parametrize("speak", [_sql, _http])
def test_real_libraries_at_debug_print_no_parameter_and_no_query(
    speak: Callable[[], None], capfd: pytest.CaptureFixture[str]
) -> None:
    out = _started()
    speak()
    assert out.getvalue()
    assert CANARY not in out.getvalue() + "".join(capfd.readouterr())


def test_an_uncaught_error_is_printed_as_its_class(capfd: pytest.CaptureFixture[str]) -> None:
    out = _started()
    sys.excepthook(ValueError, ValueError(CANARY), None)
    thread = threading.Thread(target=_fail, name="worker")
    thread.start()
    thread.join()
    crashed, in_thread = _lines(out)
    assert (crashed["event"], crashed["error"]) == ("crashed", "ValueError")
    assert (in_thread["event"], in_thread["error"]) == ("thread crashed", "ValueError")
    assert CANARY not in out.getvalue() + "".join(capfd.readouterr())


class Careless:
    """Fails where nobody can catch it."""

    def __del__(self) -> None:
        raise ValueError(CANARY)


def test_an_error_that_nobody_can_catch_is_printed_as_its_class(
    capfd: pytest.CaptureFixture[str],
) -> None:
    out = _started()
    Careless()
    gc.collect()
    (line,) = _lines(out)
    assert (line["event"], line["error"]) == ("error ignored", "ValueError")
    assert CANARY not in out.getvalue() + "".join(capfd.readouterr())


def test_an_interruption_from_the_keyboard_is_no_crash() -> None:
    out = _started()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert out.getvalue() == ""


def _fail() -> None:
    raise ValueError(CANARY)
