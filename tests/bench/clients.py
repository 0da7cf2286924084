"""Sixteen clients that each send the next request as soon as they have their answer."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

CLIENTS = 16


@dataclass(frozen=True)
class Load:
    """How it went: answers a second, and the seconds each answer took."""

    per_second: float
    seconds: Sequence[float]


def load(ports: Sequence[int], requests: Sequence[bytes], clients: int = CLIENTS) -> Load:
    """Send every request once over connections that stay open, as many to each of these ports.

    RuntimeError for an answer that is not 202.
    """
    return asyncio.run(_load(ports, requests, clients))


async def _load(ports: Sequence[int], requests: Sequence[bytes], clients: int) -> Load:
    seconds: list[float] = []
    waiting = iter(requests)
    began = time.perf_counter()
    chosen = islice(cycle(ports), clients)
    await asyncio.gather(*(_client(port, waiting, seconds) for port in chosen))
    return Load(len(seconds) / (time.perf_counter() - began), seconds)


async def _client(port: int, waiting: Iterator[bytes], seconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in waiting:
        began = time.perf_counter()
        writer.write(request)
        status, answer = await _answer(reader)
        seconds.append(time.perf_counter() - began)
        if status != 202:
            raise RuntimeError(f"the answer was {status}: {answer.decode(errors='replace')}")
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next(line for line in head.split("\r\n") if line.startswith("content-length:"))
    return int(head.split(" ", 2)[1]), await reader.readexactly(int(length.partition(":")[2]))
