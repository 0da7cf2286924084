"""YAML read as text: every scalar stays as typed, and every key remembers its line.

`yes`, `NO` and `017` mean what the person typed; a schema converts later. Refused: keys written
twice, `<<`, tags such as `!!python/object`, references to references that grow without end, and
files over `LARGEST` characters.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.resolver import BaseResolver

from connector.errors import ConfigurationProblem, Place

LARGEST = 500_000
MOST_NODES = 50_000
DEEPEST = 30
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One YAML file: its name, its content as dicts, lists and texts, and where each path is."""

    file: str
    tree: Any
    lines: Mapping[Path, int] = field(default_factory=dict)

    def place(self, path: Path, message: str) -> Place:
        """The place of a problem at `path`; the line is that of the nearest key that exists."""
        line = next((self.lines[p] for p in _upwards(path) if p in self.lines), None)
        return Place(self.file, line, _shown(path), message)

    def places(self, messages: Any, under: Path = ()) -> tuple[Place, ...]:
        """marshmallow's error dictionary as places, in the order of the lines."""
        found = [self.place(path, message) for path, message in _walk(messages, under)]
        return tuple(sorted(found, key=lambda place: (place.line or 0, place.path)))


def parse(file: str, text: str) -> Document:
    """Read one YAML file. Raises ConfigurationProblem with every place at once."""
    if len(text) > LARGEST:
        raise ConfigurationProblem([Place(file, None, "", "This file is too large.")])
    reader = _Reader(file)
    try:
        node = _composed(text)
        tree = {} if node is None else reader.read(node, ())
    except yaml.MarkedYAMLError as error:
        raise ConfigurationProblem([_syntax(file, error)]) from None
    except yaml.YAMLError:
        raise ConfigurationProblem(
            [Place(file, None, "", "A character here cannot be used in YAML.")]
        ) from None
    except RecursionError:
        raise ConfigurationProblem([Place(file, None, "", "Nested too deep.")]) from None
    if reader.wrong:
        raise ConfigurationProblem(reader.wrong)
    return Document(file, tree, reader.lines)


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _Quick(Composer, CParser, BaseResolver):
        """libyaml reads, Python composes: libyaml's own composer crashes on deep nesting."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            BaseResolver.__init__(self)


def _composed(text: str) -> yaml.Node | None:
    """The nodes, read by libyaml where there is one; its errors name no character, so a file with
    a mistake is read again without."""
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):
            return _Quick(text).get_single_node()
    return yaml.BaseLoader(text).get_single_node()


def _syntax(file: str, error: yaml.MarkedYAMLError) -> Place:
    mark = error.problem_mark or error.context_mark
    what = error.problem or error.context or "it cannot be read"
    return Place(
        file,
        mark.line + 1 if mark else None,
        "",
        f"This is not YAML: {what}. Look at the indentation, the colons and the quotes here.",
    )


class _Reader:
    """Turns YAML nodes into plain values, noting lines and everything that is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.wrong: list[Place] = []
        self._nodes = 0

    def read(self, node: yaml.Node, path: Path) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or len(path) > DEEPEST:
            raise ConfigurationProblem(
                [Place(self.file, None, _shown(path[:3]), "Too much is repeated or nested here.")]
            )
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag not in _PLAIN_TAGS:
            self._report(node, path, "A tag that begins with ! is not allowed here; leave it out.")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(each, (*path, index)) for index, each in enumerate(node.value)]
        return str(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else None
            if name is None or name == "<<":
                self._report(key, path, "A key must be one word or text; << is not allowed.")
            elif name in out:
                self._report(key, (*path, name), f"“{name}” stands here twice. Keep one of them.")
            else:
                self.lines[(*path, name)] = key.start_mark.line + 1
                out[name] = self.read(value, (*path, name))
        return out

    def _report(self, node: yaml.Node, path: Path, message: str) -> None:
        self.wrong.append(Place(self.file, node.start_mark.line + 1, _shown(path), message))


def _upwards(path: Path) -> list[Path]:
    return [path[:length] for length in range(len(path), -1, -1)]


def _shown(path: Path) -> str:
    shown = "".join(f"[{each + 1}]" if isinstance(each, int) else f".{each}" for each in path)
    return shown.removeprefix(".")


def _walk(messages: Any, path: Path) -> list[tuple[Path, str]]:
    if isinstance(messages, Mapping):
        return [
            found
            for key, each in messages.items()
            for found in _walk(each, path if key == "_schema" else (*path, key))
        ]
    if isinstance(messages, list):
        return [found for each in messages for found in _walk(each, path)]
    return [(path, str(messages))]
