"""The number a host gives a delivery, so that the same one sent again is known (design 5)."""

from collections.abc import Mapping

from connector.mapping.language import DeliveryId
from connector.mapping.text import as_text

LONGEST = 200


def delivery_id(
    described: DeliveryId | None, headers: Mapping[str, str], payload: object
) -> str | None:
    """The id in the named header or at the named path.

    None where there is none, or it is too long to be one: the body's SHA-256 then takes its place.
    """
    if described is None:
        return None
    if described.header:
        wanted = described.header.casefold()
        found = next((v for name, v in headers.items() if name.casefold() == wanted), "")
    else:
        found = as_text(described.path.find(payload)) if described.path else ""
    found = found.strip()
    return found if 0 < len(found) <= LONGEST else None
