"""The clock of the worker. APScheduler only rings; what is due stands in our tables.

What is done how often is in `ticks`, what a new day asks for in `rounds`, the ringing in `ringing`.
"""

from connector.clock.duties import Duties
from connector.clock.ringing import FREQUENT, Clock, Tick
from connector.clock.rounds import make_round, open_follow_ups
from connector.clock.ticks import (
    TICKS,
    beat,
    perform_effects,
    process_submissions,
    reap_leases,
    retain,
)

__all__ = [
    "FREQUENT",
    "TICKS",
    "Clock",
    "Duties",
    "Tick",
    "beat",
    "make_round",
    "open_follow_ups",
    "perform_effects",
    "process_submissions",
    "reap_leases",
    "retain",
]
