"""Every try with an effect, as it ended; only ever added to."""

from typing import Any

from sqlalchemy import Connection, func, select

from connector.store.effect_row import TryKind, Turn
from connector.store.rows import new_id
from connector.store.tables import attempt


def append(connection: Connection, effect_id: str, turn: Turn) -> None:
    """Write down one try under the next number of its effect."""
    so_far = select(func.coalesce(func.max(attempt.c.n), 0) + 1)
    connection.execute(
        attempt.insert().values(
            id=new_id("try"),
            effect_id=effect_id,
            n=so_far.where(attempt.c.effect_id == effect_id).scalar_subquery(),
            kind=turn.kind.value,
            started_at=turn.started_at,
            ended_at=turn.ended_at,
            result=turn.state.value,
            http_status=turn.http_status,
            message=turn.message,
        )
    )


def last_answer(connection: Connection, effect_id: str) -> int | None:
    """The HTTP status the last write of an effect was answered with, if it was."""
    sent = attempt.c.effect_id == effect_id, attempt.c.kind == TryKind.SEND.value
    last = select(attempt.c.http_status).where(*sent).order_by(attempt.c.n.desc()).limit(1)
    found: int | None = connection.scalar(last)
    return found


def listing(connection: Connection, effect_id: str) -> list[dict[str, Any]]:
    """Every try with one effect, first to last: kind, times, result, status and message."""
    mine = select(attempt).where(attempt.c.effect_id == effect_id).order_by(attempt.c.n)
    return [dict(each) for each in connection.execute(mine).mappings()]
