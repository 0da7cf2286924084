"""The writes to a host that a worker would take up now, as rows of the ledger."""

from datetime import datetime

from connector.store import Transaction
from connector.store.effect_row import EffectRow


def due(tx: Transaction, host: str, now: datetime, limit: int = 200) -> list[EffectRow]:
    """Person by person, each one's in the order of writing."""
    persons = tx.work_due.writes(host, now, limit)
    rows = (tx.effects.get(each) for effects in persons for each in effects)
    return [row for row in rows if row is not None]
