"""Whether a command line of ours would be understood: the command is there, and each option."""

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from connector.cli import cli

DEPLOY = Path(__file__).parents[2] / "deploy"
# `connector` as a program with words behind it, by whatever path, up to the end of its command.
_OURS = re.compile(r"(?:^|[\s/\\])connector(?:\.exe|\.ps1)? +([a-z][^`|>&;'\n]*)")
_CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
# There the word is the name of a service or of an account.
_OTHERS = re.compile(r"^(?:systemctl|journalctl|useradd|install|FROM|SELECT)\b")


def not_understood(words: Sequence[str]) -> str:
    """What is wrong with `connector` and these words; nothing where they are understood."""
    context = click.Context(cli)
    command = cli.get_command(context, words[0])
    if command is None:
        return f"there is no command {words[0]}"
    own = click.Context(command, info_name=words[0])
    try:
        given, left, _ = command.make_parser(own).parse_args(list(words[1:]))
    except click.UsageError as wrong:
        return f"{words[0]}: {wrong.format_message()}"
    missing = [
        each.name for each in command.params if each.required and given.get(each.name) is None
    ]
    return f"{words[0]}: left over {left}, missing {missing}" if left or missing else ""


def in_text(text: str) -> Iterator[list[str]]:
    """Every command line of ours in a unit or a script, as words."""
    for line in text.splitlines():
        if not line.lstrip().startswith("#") and not _OTHERS.match(line.lstrip()):
            for found in _OURS.findall(line):
                yield shlex.split(found, comments=True)


def in_guide(text: str) -> Iterator[list[str]]:
    """Every command line of ours in the code of a guide, as words."""
    for block, inline in _CODE.findall(text):
        yield from in_text(block or inline)
