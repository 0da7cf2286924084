"""What was measured, beside its floor, and the arithmetic on it."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measurement of ours and of its floor, in the same unit. `more`: more is better."""

    name: str
    unit: str
    ours: float
    floor: float
    floor_is: str
    more: bool = False

    @property
    def ratio(self) -> float:
        """How many times the floor's cost is ours: 1 is as good as it gets."""
        cost, least = (self.floor, self.ours) if self.more else (self.ours, self.floor)
        return cost / least if least else math.inf

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self) | {"ratio": None if math.isinf(self.ratio) else round(self.ratio, 3)}


def share_below(values: Sequence[float], share: float) -> float:
    """The value that this share of all values do not exceed: 0.99 gives the p99 (nearest rank)."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle value; the lower one of two."""
    return share_below(values, 0.5)
