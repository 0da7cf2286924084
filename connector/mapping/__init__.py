"""From a host's payload to canonical answers, as the YAML in mappings/ says."""

from connector.mapping.profile import FormMapping, HostProfile, Inbound
from connector.mapping.selecting import Outcome
from connector.mapping.translate import Translation, translate

__all__ = [
    "FormMapping",
    "HostProfile",
    "Inbound",
    "Outcome",
    "Translation",
    "translate",
]
