"""Mistakes of the first hour: each ends with a sentence that says what to change."""

import socket
from pathlib import Path

from cli_council import Run


def test_a_data_folder_that_cannot_be_made_is_named(connector: Run, tmp_path: Path) -> None:
    occupied = tmp_path / "a-file"
    occupied.write_text("not a folder", encoding="utf-8")
    said = connector("submissions", CONNECTOR_DATA=str(occupied / "data"))
    assert said.code == 2
    assert f"CONNECTOR_DATA: The folder {occupied / 'data'} cannot be made" in said.err


def test_the_sandbox_says_when_its_port_is_taken(connector: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = connector(
            "sandbox",
            f"--port={port}",
            SANDBOX_TOKEN="a-token-of-the-sandbox",
            SANDBOX_WEBHOOK_SECRET="whsec_" + "A" * 44,
        )
    assert said.code == 2
    assert f"Nothing can listen at 127.0.0.1:{port}" in said.err
    assert "another --port" in said.err
    assert "The sandbox is at" not in said.err
