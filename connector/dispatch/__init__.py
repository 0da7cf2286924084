"""Performing the effects of the ledger against the hosts.

`Dispatcher.perform` takes one step with one effect, `drain` every step that is due. What an
answer means is decided in `verdicts`, how long to wait in `waits`, in which words in `advice`: all
three are pure.
"""

from connector.dispatch.dispatcher import Dispatcher
from connector.dispatch.draining import drain
from connector.dispatch.gateway import HostGateway, Idempotency
from connector.dispatch.leases import LEASE, check_lease

__all__ = ["LEASE", "Dispatcher", "HostGateway", "Idempotency", "check_lease", "drain"]
