"""The documents say what is so: tables, command lines, links, ids and defaults."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from connector.cli import COMMANDS, cli
from connector.policy.settings import DEFAULTS
from connector.policy.settings_schema import BLOCKS
from connector.policy.words import STATUS_WORDS, TASK_TITLES
from connector.settings import SETTINGS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GUIDES = [
    README,
    *sorted((ROOT / "deploy").glob("*.md")),
    ROOT / "mappings/README.md",
    ROOT / "mappings/OUTBOUND.md",
]
DOCUMENTS = sorted({*ROOT.glob("*.md"), *GUIDES})
CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)\s]+)\)")
# Defaults that the table tells in words, since the value itself would not help a reader.
IN_WORDS = {
    "post21.closure_questions": "both",
    "annual.window_dates": "none",
    "annual.channels": "phone, text, social media",
    "tasks.lead_days": "{default: 7, T01: 28, T02: 28}",
    "service.name": "blank",
    "service.phone": "blank",
    "service.email": "blank",
    "service.local_offer_url": "blank",
}


def test_the_readme_lists_every_setting() -> None:
    rows = [(f"`{each.name}`", each.meaning, each.without) for each in SETTINGS]
    assert_table("settings", ("variable", "meaning", "without it"), rows)


def test_the_readme_lists_every_command() -> None:
    rows = [(f"`connector {name}`", words) for name, (_, words) in COMMANDS.items()]
    assert_table("commands", ("command", "does"), rows)


def test_every_command_of_the_list_can_be_loaded_under_its_name() -> None:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name


def command_lines() -> Iterator[Any]:
    for document in GUIDES:
        for block, inline in CODE.findall(document.read_text("utf-8")):
            for line in (block or inline).splitlines():
                if re.match(r"(\S*/)?connector ", line):
                    words = shlex.split(line, comments=True)
                    yield pytest.param(words[1:], id=f"{document.parent.name}: {line.strip()}")


@pytest.mark.parametrize("words", list(command_lines()))
def test_a_command_line_in_a_guide_would_be_understood(words: list[str]) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, words[0])
    assert command is not None, f"there is no command {words[0]}"
    parser = command.make_parser(click.Context(command, info_name=words[0]))
    _, left, _ = parser.parse_args(words[1:])
    assert not left, f"{words[0]} does not take {left}"


def test_the_guides_hold_command_lines_to_look_at() -> None:
    assert len(list(command_lines())) > 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(CODE.sub("", document.read_text("utf-8"))):
        path, _, heading = link.partition("#")
        there = (document.parent / path) if path else document
        assert there.exists(), f"{link} leads nowhere"
        assert not heading or heading in headings(there), f"{link} leads to no heading"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_task_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(r"(?<![\w-])T\d\d(?![\w:])", document.read_text("utf-8")))
    assert named <= set(TASK_TITLES)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_status_a_document_names_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    assert set(re.findall(r"\bstatus(?:es)? `([a-z_0-9]+)`", text)) <= set(STATUS_WORDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_a_document_names_exists(document: Path) -> None:
    code = "\n".join(block or inline for block, inline in CODE.findall(document.read_text("utf-8")))
    assert set(re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)) <= make_targets()


def test_make_help_lists_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True)
    listed = re.findall(r"^  make ([a-z-]+) +\S", shown.stdout, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == make_targets()


def test_the_policy_table_has_every_setting_with_its_default() -> None:
    told = dict(policy_rows())
    settings = [f"{block}.{key}" for block, schema in BLOCKS.items() for key in schema().fields]
    assert sorted(told) == sorted(settings)
    for name in settings:
        block, key = name.split(".")
        default = getattr(getattr(DEFAULTS, block), key)
        assert told[name] == (IN_WORDS.get(name) or str(default).lower()), name


def assert_table(marker: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    lines = [f"| {' | '.join(row)} |" for row in (heads, *rows)]
    expected = "\n".join([lines[0], f"|{'---|' * len(heads)}", *lines[1:]])
    shown = README.read_text("utf-8").partition(f"<!-- {marker} -->\n")[2].partition("\n\n")[0]
    assert shown == expected, f"put this under <!-- {marker} --> in README.md:\n\n{expected}\n"


def headings(document: Path) -> set[str]:
    """The anchors of a Markdown file, as GitHub makes them."""
    titles = re.findall(r"^#+ +(.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def make_targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony is not None
    return set(phony[1].split())


def policy_rows() -> Iterator[tuple[str, str]]:
    """Each setting of the table in mappings/README.md, and its default without quotes."""
    guide = (ROOT / "mappings/README.md").read_text("utf-8")
    section = guide.partition("\n## Policy settings\n")[2].partition("\n## ")[0]
    for cell, default in re.findall(r"^\| (`[^|]+`) \| ([^|]*?) \|", section, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", cell):
            yield name, re.sub(r'[`"]', "", default)
