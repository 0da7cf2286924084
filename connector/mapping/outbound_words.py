"""The names a template of the `outbound:` block may use (mappings/OUTBOUND.md lists them)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from connector.model import EffectKind, WriteBack


@dataclass(frozen=True)
class Vocabulary:
    """The names a template may use at this place; of the `closed` ones the insides too."""

    names: frozenset[str]
    closed: frozenset[str]

    def also(self, *names: str) -> "Vocabulary":
        return replace(self, names=self.names | set(names))


# The key of the `outbound:` block for each kind of write.
KEYS: dict[EffectKind, str] = {
    EffectKind.OUTCOME: "outcome",
    EffectKind.CASE_NOTE: "case_note",
    EffectKind.DOCUMENT: "attachment",
    EffectKind.TASK: "task",
    EffectKind.TASK_DOCUMENT: "task_attachment",
}

FILES = frozenset({EffectKind.DOCUMENT, EffectKind.TASK_DOCUMENT})
"""The writes that carry a file."""

_ALWAYS = frozenset(
    {"reference", "reference_guid", "person_id", "case_id", "settings", "today"}
    | {"form", "form.id", "form.version", "form.type", "form.title", "form.url"}
    | {"worker_id", "manager_id", "team_id", "author_id"}
)
_FILE = frozenset({"name", "title", "content_type", "base64", "size", "sha256"})
_OWN: dict[EffectKind, frozenset[str]] = {
    EffectKind.OUTCOME: frozenset({"status", "line", "write_back"})
    | {f"write_back.{each.name}" for each in fields(WriteBack)},
    EffectKind.CASE_NOTE: frozenset({"title", "text", "date"}),
    EffectKind.DOCUMENT: _FILE,
    EffectKind.TASK: frozenset(
        {"task", "rule", "title", "text", "because", "opens_on", "due_on", "due_at"}
        | {"inbox", "inbox.kind", "inbox.id"}
    ),
    EffectKind.TASK_DOCUMENT: _FILE | {"task_remote_id"},
}
_CLOSED = frozenset({"settings", "steps", "form", "inbox", "write_back"})


def words(kind: EffectKind, settings: Iterable[str], steps: Iterable[str]) -> Vocabulary:
    """What may be named for one kind of write, with the profile's own settings and steps."""
    own = {f"settings.{name}" for name in settings} | {f"steps.{name}" for name in steps}
    names = _ALWAYS | _OWN[kind] | own | ({"steps"} if steps else set())
    return Vocabulary(frozenset(names), _CLOSED)
