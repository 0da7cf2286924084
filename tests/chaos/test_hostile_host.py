"""Each fault of the hostile host is the one it says it is, over real sockets."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import requests

from chaos.faults import LATE_SECONDS, WRITES, Faults
from chaos.held import Held
from chaos.hostile_host import ROOT, HostileHost

LATE = "late commit after 504"
WITHOUT_WORK = ("503 without work", "429")
NOTE = {"reference": "lcf-12345", "title": "Case summary", "text": "…"}


class Only(Faults):
    """Every write meets this one fault, none where it is blank."""

    def __init__(self, name: str) -> None:
        super().__init__(seed=1)
        self._name = name

    def of_write(self) -> str | None:
        return self._name if self._name in WRITES else None

    def of_read(self, name: str) -> bool:
        return name == self._name


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    running: list[HostileHost] = []

    def serve(fault: str) -> str:
        host = HostileHost(0, Held(tmp_path / "held.jsonl"), Only(fault))
        running.append(host)
        Thread(target=host.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{host.server_address[1]}"

    yield serve
    for host in running:
        host.shutdown()
        host.server_close()
        host.held.close()


def write(host: str) -> requests.Response | None:
    try:
        return requests.post(f"{host}{ROOT}/people/7/notes", json=NOTE, timeout=(1, 1))
    except requests.RequestException:
        return None


def held(host: str) -> int:
    return len(requests.get(f"{host}/tally", timeout=5).json()["held"])


def readable(answer: requests.Response | None) -> bool:
    try:
        return answer is not None and bool(answer.ok and answer.json()["id"])
    except ValueError:
        return False


def test_without_a_fault_each_write_is_there_and_none_is_merged(
    serving: Callable[[str], str],
) -> None:
    host = serving("")
    assert readable(write(host))
    assert readable(write(host))
    assert held(host) == 2


@pytest.mark.parametrize("fault", sorted({*WRITES} - {LATE}))
def test_no_fault_gives_an_answer_that_can_be_believed(
    fault: str, serving: Callable[[str], str]
) -> None:
    host = serving(fault)
    assert not readable(write(host))
    assert held(host) == (0 if fault in WITHOUT_WORK else 1)


def test_a_late_commit_comes_after_its_504(serving: Callable[[str], str]) -> None:
    host = serving(LATE)
    answer = write(host)
    assert (answer is not None and answer.status_code, held(host)) == (504, 0)
    time.sleep(LATE_SECONDS + 0.5)
    assert held(host) == 1


def test_a_careless_search_finds_in_pages_whatever_begins_alike(
    serving: Callable[[str], str],
) -> None:
    host = serving("")
    for number in range(12):
        note = NOTE | {"reference": f"lcf-1{number}"}
        requests.post(f"{host}{ROOT}/people/7/notes", json=note, timeout=5)
    first = requests.get(f"{host}{ROOT}/notes?reference=lcf-19", timeout=5).json()
    second = requests.get(f"{host}{first['next']}", timeout=5).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (10, 2, None)


def test_a_stale_replica_does_not_know_what_was_just_written(
    serving: Callable[[str], str],
) -> None:
    host = serving("stale replica")
    requests.post(f"{host}{ROOT}/people/7/notes", json=NOTE, timeout=5)
    assert requests.get(f"{host}{ROOT}/notes?reference=lcf-12345", timeout=5).json()["items"] == []
