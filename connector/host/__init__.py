"""The one place that talks to a case record system: one write, one look-up, one verdict.

What an answer means is decided once, in `answers`: certain (NotSent, Declined) or ambiguous
(OutcomeUnknown), as reliability section 2 has it. Nothing here sends a write twice.
"""

from connector.host.client import HostClient

__all__ = ["HostClient"]
