"""A case system that takes its time and nothing else: `python -m tests.bench.slow_host PORT`.

It answers every request after the same moment, however many are under way, so that what is sent
side by side shows. It keeps nothing; what it makes has an id of its own.
"""

import asyncio
import json
import signal
import sys
from itertools import count

SECONDS = 0.05
"""What a write takes here, as it does in a case system of a council on a good day."""

_ids = count(1)


async def serve(port: int, seconds: float = SECONDS) -> asyncio.Server:
    """Listen; whoever calls has the answer after so many seconds."""

    async def caller(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while method := await _request(reader):
                await asyncio.sleep(seconds)
                writer.write(_answer(method))
                await writer.drain()
        except ConnectionError:
            pass  # whoever asked has left
        finally:
            writer.close()

    return await asyncio.start_server(caller, "127.0.0.1", port)


async def _request(reader: asyncio.StreamReader) -> str:
    """The method of the next request, its body read; "" where none comes any more."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lengths = [line for line in head.lower().split("\r\n") if line.startswith("content-len")]
        await reader.readexactly(int(lengths[0].partition(":")[2]) if lengths else 0)
    except asyncio.IncompleteReadError:
        return ""
    return head.split(" ", 1)[0]


def _answer(method: str) -> bytes:
    body = json.dumps({"id": str(next(_ids)), "items": [], "next": None}).encode()
    status = "201 Created" if method == "POST" else "200 OK"
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


async def main(port: int) -> None:
    """Serve until the process is stopped."""
    async with await serve(port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    asyncio.run(main(int(sys.argv[1])))
