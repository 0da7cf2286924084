"""The way in: a webhook proven, read within limits and kept, before anything is understood."""

from connector.intake.payload import MOST_BYTES, read_json, too_large
from connector.intake.receive import Receipt, Webhook, proven, readable, receive

__all__ = [
    "MOST_BYTES",
    "Receipt",
    "Webhook",
    "proven",
    "read_json",
    "readable",
    "receive",
    "too_large",
]
