"""What the database tells of the connector's work, as Prometheus shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from connector.casework.doubles import DOUBLES, GONE
from connector.casework.next_step_lists import NIGHTLY
from connector.casework.sweeping import SWEEP
from connector.dates import london_date
from connector.dispatch.waits import DOWN_AFTER
from connector.store import Transaction
from connector.store.heartbeats import LEADER, WORKER
from connector.web.health import WEB, WORKER_SILENCE
from connector.web.services import WebServices

RECENTLY = timedelta(minutes=15)
"""How far back the calls to the hosts are looked at."""

QUANTILES = {"0.5": 0.5, "0.95": 0.95, "1": 1.0}

_HOST, _HOST_AND_STATE = ("host",), ("host", "state")


@dataclass(frozen=True)
class Gauge:
    """One measure: its labels, and its number for each set of their values.

    One whose name ends with `_total` only ever grows.
    """

    name: str
    meaning: str
    labels: Sequence[str]
    numbers: Mapping[tuple[str, ...], float]

    def family(self) -> Metric:
        """It in the form the library wants."""
        kind = CounterMetricFamily if self.name.endswith("_total") else GaugeMetricFamily
        family = kind(f"connector_{self.name}", self.meaning, labels=self.labels)
        for values, number in sorted(self.numbers.items()):
            family.add_metric(values, number)
        return family


def one(name: str, meaning: str, number: float) -> Gauge:
    """A measure without labels; never below 0, since clocks differ a little."""
    return Gauge(name, meaning, (), {(): max(number, 0)})


def gauges(tx: Transaction, services: WebServices, now: datetime) -> Iterator[Gauge]:
    """Everything the database knows, at one moment."""
    yield from _submissions(tx, now)
    yield from _effects(tx, now)
    yield from _hosts(tx, services, now)
    yield from _follow_ups(tx, now)
    yield from _rounds(tx, services)
    yield from _signs_of_life(tx, now)
    if restored := tx.counts.restored_at():
        meaning = "When a backup was last put back, in seconds since 1970."
        yield one("restored_timestamp_seconds", meaning, restored.timestamp())


def _submissions(tx: Transaction, now: datetime) -> Iterator[Gauge]:
    counts = tx.counts
    yield Gauge("submissions", "Deliveries.", _HOST_AND_STATE, counts.submissions())
    meaning = "Bodies that came under a delivery id we hold another body for."
    yield Gauge("submissions_quarantined", meaning, _HOST, counts.quarantined())
    meaning = "Seconds since the oldest delivery came that still waits; 0 where none waits."
    yield one("oldest_waiting_seconds", meaning, _age(counts.oldest_waiting(), now))


def _effects(tx: Transaction, now: datetime) -> Iterator[Gauge]:
    counts = tx.counts
    yield Gauge("effects", "Writes to the hosts.", ("host", "kind", "state"), counts.effects())
    ages = {key: max(_age(at, now), 0) for key, at in counts.oldest_effects().items()}
    meaning = "Seconds since the oldest write was owed that is not settled."
    yield Gauge("effects_oldest_seconds", meaning, _HOST_AND_STATE, ages)
    meaning = "Seconds for which a write has been due that nobody sends; 0 where none is."
    yield one("effects_due_seconds", meaning, _age(counts.due_since(now), now))


def _hosts(tx: Transaction, services: WebServices, now: datetime) -> Iterator[Gauge]:
    failures = dict.fromkeys(services.hosts, 0) | tx.counts.failures_in_a_row()
    in_a_row: dict[tuple[str, ...], int] = {(host,): n for host, n in failures.items()}
    yield Gauge("host_failures", "Calls in a row that failed.", _HOST, in_a_row)
    meaning = "1 while a host counts as down and is only probed."
    is_open = {host: number >= DOWN_AFTER for host, number in in_a_row.items()}
    yield Gauge("host_circuit_open", meaning, _HOST, is_open)
    calls = tx.counts.calls(now - RECENTLY)
    meaning = "Writes and look-ups that ended within 15 minutes, by what they led to."
    yield Gauge("host_calls_recent", meaning, ("host", "kind", "result"), calls)
    yield Gauge(
        "host_call_seconds",
        "How long writes took that the host confirmed within 15 minutes.",
        ("host", "quantile"),
        {
            (host, name): lengths[int(share * (len(lengths) - 1))]
            for host, lengths in tx.counts.call_seconds(now - RECENTLY).items()
            for name, share in QUANTILES.items()
        },
    )


def _follow_ups(tx: Transaction, now: datetime) -> Iterator[Gauge]:
    counts, today = tx.counts, london_date(now)
    yield Gauge("follow_ups", "Follow-ups.", ("state",), counts.follow_ups())
    meaning = "Tasks in an inbox that are to be done by today."
    yield one("follow_ups_due_today", meaning, counts.due_today(today))
    meaning = "Tasks in an inbox whose due date has passed."
    yield one("follow_ups_overdue", meaning, counts.overdue(today))


def _rounds(tx: Transaction, services: WebServices) -> Iterator[Gauge]:
    findings = {
        "people_without_next_step": (NIGHTLY, "People without a next step, last night."),
        "missed_forms_found": (SWEEP, "Forms whose webhook was lost, by the last sweep."),
        "doubles_found_total": (DOUBLES, "Writes that were found in a host more than once."),
        "writes_gone_total": (GONE, "Writes that were not in a host any more after a day."),
    }
    none = dict.fromkeys(services.hosts, 0)
    for name, (round_name, meaning) in findings.items():
        found = none | tx.persons.rounds(round_name)
        yield Gauge(name, meaning, _HOST, {(host,): number for host, number in found.items()})


def _signs_of_life(tx: Transaction, now: datetime) -> Iterator[Gauge]:
    """Left out where nobody ever gave one."""
    signs = {sign.name: now - sign.at for sign in tx.heartbeats.listing()}
    meaning = "Seconds since it last gave a sign of life; of several the one that fares best."
    for name in (WEB, WORKER, LEADER):
        if name in signs:
            yield one(f"{name}_heartbeat_age_seconds", meaning, signs[name].total_seconds())
    several = [silence for name, silence in signs.items() if name.startswith(f"{WORKER} ")]
    shown = several or [signs[name] for name in signs if name == WORKER]
    silent = sum(silence > WORKER_SILENCE for silence in shown)
    yield one("workers_at_work", "Workers that give signs of life.", len(shown) - silent)
    yield one("workers_silent", "Workers that gave none for two minutes.", silent)


def _age(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0
