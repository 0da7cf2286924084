"""Real processes, as they run in production: started, awaited, weighed and stopped."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
LONGEST_START = 60.0


def command(*arguments: str) -> list[str]:
    """`connector …` under this Python."""
    return [sys.executable, "-m", "connector", *arguments]


@contextmanager
def running(
    arguments: Sequence[str], env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process until the end of the block; what it says goes to `log`."""
    with log.open("wb") as said:
        process = subprocess.Popen(arguments, env=env, cwd=ROOT, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT if "sandbox" in arguments else signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def seconds_to_end(arguments: Sequence[str], env: Mapping[str, str]) -> float:
    """How long a command takes from start to end."""
    began = time.perf_counter()
    subprocess.run(arguments, env=env, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


@dataclass(frozen=True)
class Cost:
    """What a command took from start to end, and what it said."""

    seconds: float
    megabytes: float
    said: str


def cost_of(arguments: Sequence[str], env: Mapping[str, str], said: Path) -> Cost:
    """Time and peak memory of a command that ends well; what it says goes through the file."""
    began, peak = time.perf_counter(), 0
    with said.open("wb") as out:
        process = subprocess.Popen(arguments, env=env, cwd=ROOT, stdout=out)
        while process.poll() is None:
            peak = max(peak, _peak_kilobytes(process.pid))
            time.sleep(0.01)
    if process.returncode:
        raise RuntimeError(f"{arguments[2:4]} ended with {process.returncode}")
    return Cost(time.perf_counter() - began, peak / 1024, said.read_text())


def _peak_kilobytes(process_id: int) -> int:
    """Linux's own mark of the most it held; what `getrusage` says is the parent's at the fork."""
    status = Path(f"/proc/{process_id}/status")
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def await_answer(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the address answers; RuntimeError with the log where the process ends first."""
    address, deadline = urlsplit(url), time.monotonic() + LONGEST_START
    ask = f"GET {address.path or '/'} HTTP/1.0\r\n\r\n".encode()
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"a process ended at once:\n{log.read_text(errors='replace')}")
        try:
            with socket.create_connection((address.hostname, address.port), 2) as connection:
                connection.sendall(ask)
                if connection.recv(12):
                    return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError(f"{url} did not answer")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def resident_megabytes(process: subprocess.Popen[bytes]) -> float:
    """Memory a process holds now."""
    ps = ["ps", "-o", "rss=", "-p", str(process.pid)]
    said = subprocess.run(ps, check=True, capture_output=True, text=True).stdout
    return int(said) / 1024
