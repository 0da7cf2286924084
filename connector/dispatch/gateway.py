"""What dispatch needs of a host: to write, to look for what was written, and its habits."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from connector.model import EffectKind

Idempotency = Literal["A", "B", "C"]


class HostGateway(Protocol):
    """One host (reliability section 2). Called from several threads at once.

    `idempotency`: A takes our reference and refuses a second; B can be searched by it; C neither.
    `settle_seconds`: how long after an ambiguous answer a write may still appear.
    `longest_call_seconds`: what one write may take, with whatever has to be sent before it.
    """

    @property
    def idempotency(self) -> Idempotency: ...

    @property
    def settle_seconds(self) -> float: ...

    @property
    def longest_call_seconds(self) -> float: ...

    def write(self, kind: EffectKind, variables: Mapping[str, Any]) -> str:
        """Write once and give the host's id. Raises NotSent, Declined or OutcomeUnknown."""

    def find(self, kind: EffectKind, variables: Mapping[str, Any]) -> Sequence[str]:
        """The host's ids of everything that carries exactly our reference; HostError if unsure."""

    def cancel(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        """Cancel what has this `remote_id`, for this `reason`. Raises as `write` does."""

    def reassign(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        """Put what has this `remote_id` into this `inbox`. Raises as `write` does."""

    def update(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        """Give what has this `remote_id` these dates and words. Raises as `write` does."""
