"""No detail of a young person in clear, wherever one looks (invariant I5)."""

from base64 import b64encode
from collections.abc import Iterable, Iterator

from tests.live.live_forms import CANARIES

from .council import Council
from .ledger import Ledger


def told(council: Council, ledger: Ledger) -> list[str]:
    """Where a canary word stands in a log, in a file of the data folder or in the database."""
    return sorted(
        {f"{word} in {place}" for place, text in _places(council, ledger) for word in _in(text)}
    )


def _places(council: Council, ledger: Ledger) -> Iterator[tuple[str, bytes]]:
    for name in (*council.webs, *council.workers):
        yield f"the log of {name}", council.log(name).read_bytes()
    for path in (council.folder / "data").rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
    for value in ledger.every_value():
        yield "the database", value


def _in(text: bytes) -> Iterable[str]:
    folded = text.lower()
    for word in CANARIES:
        clear = word.lower().encode()
        if clear in folded or b64encode(word.encode()).rstrip(b"=") in text:
            yield word
