"""Templates of an outbound profile: sandboxed Jinja2, checked at load, compiled at first use.

A template that cannot be read, or that names something no form has, is a configuration problem at
load. What is left for run time is an answer that this form does not hold: `TemplateFault`.
"""

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

import jinja2
from jinja2 import StrictUndefined, TemplateError, Undefined, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

Variables = Mapping[str, Any]

# A YAML body with templates in the place of its texts.
Tree = "Template | Mapping[str, Tree] | tuple[Tree, ...]"

# `{title}` and `{due_on:%d/%m/%Y}`, the short way of writing `{{ title }}`.
_SHORTHAND = re.compile(r"(?<!\{)\{([A-Za-z_][\w.]*)(?::([^{}]*))?\}(?!\})")
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)

_OTHER_TEMPLATES: tuple[type[nodes.Node], ...] = (
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
)


class TemplateFault(Exception):
    """A template could not be filled for this form. The message holds no answer of it."""


@dataclass(frozen=True)
class Template:
    """One text of the profile; `names` are the variables it uses, `settings.x` in full."""

    source: str
    names: frozenset[str]
    _render: Callable[[Variables], Any] = field(repr=False, compare=False)

    def fill(self, variables: Variables) -> Any:
        """The text, or the value itself where the template is one `{{ … }}` and nothing else."""
        try:
            return self._render(variables)
        except (TemplateError, ArithmeticError, LookupError, SyntaxError, TypeError, ValueError):
            pass
        raise TemplateFault(
            f"The profile's “{self.source}” could not be filled for this form. "
            "If the form may lack it, write “| default(none)” behind it."
        )


def fill(tree: Any, variables: Variables, *, omit_blank: bool) -> Any:
    """A body with every template filled; with `omit_blank`, keys and items left blank go."""
    if isinstance(tree, Template):
        return tree.fill(variables)
    if isinstance(tree, Mapping):
        filled = {key: fill(each, variables, omit_blank=omit_blank) for key, each in tree.items()}
        return {key: each for key, each in filled.items() if not (omit_blank and _blank(each))}
    items = [fill(each, variables, omit_blank=omit_blank) for each in tree]
    return [each for each in items if not (omit_blank and _blank(each))]


def _blank(value: object) -> bool:
    return value is None or value == ""


def day(value: object, pattern: str = "%Y-%m-%d") -> str:
    """An ISO date or date-time in the host's own pattern; blank stays blank."""
    return "" if _blank(value) else _moment(value).strftime(pattern)


def utc(value: object, pattern: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """An ISO date-time with offset, turned to UTC, in the host's own pattern."""
    return "" if _blank(value) else _moment(value).astimezone(UTC).strftime(pattern)


def cut(value: object, length: int) -> str:
    """The text, at most `length` characters, ending in “…” where something was cut off."""
    text = "" if value is None else str(value)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value.isoformat() if isinstance(value, date) else str(value))


def _as_text(value: Any) -> Any:
    """Blank prints as nothing and yes/no as JSON writes it, never as “None” or “True”."""
    if isinstance(value, Undefined):
        return value  # StrictUndefined complains by itself when it is printed
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


def _as_address(value: Any) -> Any:
    """One value inside an address: quoted, and never able to change the address itself."""
    text = _as_text(value)
    if isinstance(text, Undefined):
        return text
    if str(text) in ("", ".", ".."):
        raise ValueError("a part of the address is blank")
    return quote(str(text), safe="")


def _environment(finalize: Callable[[Any], Any]) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=finalize, keep_trailing_newline=True
    )
    made.globals.clear()
    made.filters.update(day=day, utc=utc, cut=cut, json=_as_json)
    return made


_TEXTS = _environment(_as_text)
_ADDRESSES = _environment(_as_address)


@lru_cache(maxsize=1000)
def compile_text(source: str) -> Template:
    """A header, form field or part of a text: always gives text. ValueError if unreadable."""
    return _compile(_spelled_out(source), _TEXTS)


@lru_cache(maxsize=1000)
def compile_address(source: str) -> Template:
    """A path with query: every value filled in is quoted. ValueError if unreadable."""
    return _compile(_spelled_out(source), _ADDRESSES)


@lru_cache(maxsize=1000)
def compile_value(source: str) -> Template:
    """A value of a JSON body: one `{{ … }}` alone keeps its kind (list, object, number, none)."""
    source = _spelled_out(source)
    inner = _only_expression(source)
    if inner is None:
        return _compile(source, _TEXTS)
    names = _names(source, _TEXTS)

    @cache
    def expression() -> Callable[..., Any]:
        return _TEXTS.compile_expression(inner, undefined_to_none=False)

    def render(variables: Variables) -> Any:
        value = expression()(**variables)
        if isinstance(value, Undefined):
            str(value)  # StrictUndefined raises here
        return value

    return Template(source, names, render)


def _compile(source: str, environment: ImmutableSandboxedEnvironment) -> Template:
    names = _names(source, environment)

    @cache
    def template() -> jinja2.Template:
        return environment.from_string(source)

    return Template(source, names, lambda variables: template().render(**variables))


def _names(source: str, environment: ImmutableSandboxedEnvironment) -> frozenset[str]:
    try:
        tree = environment.parse(source)
        environment.compile(tree, raw=True)
    except TemplateError as error:
        raise ValueError(f"This template cannot be read: {_reason(error)}.") from None
    tree = environment.parse(source)
    if any(tree.find(kind) for kind in _OTHER_TEMPLATES):
        raise ValueError("A template stands for itself: it cannot take in another one.")
    names = set(meta.find_undeclared_variables(tree))
    for attribute in tree.find_all(nodes.Getattr):
        if isinstance(attribute.node, nodes.Name) and attribute.node.name in names:
            names.add(f"{attribute.node.name}.{attribute.attr}")
    return frozenset(names)


def _reason(error: TemplateError) -> str:
    return (error.message or "").rstrip(".")


def _only_expression(source: str) -> str | None:
    """The inside of a template that is exactly one `{{ … }}`; None for anything else."""
    try:
        tokens = list(_TEXTS.lex(source.strip()))
    except TemplateError as error:
        raise ValueError(f"This template cannot be read: {_reason(error)}.") from None
    kinds = [kind for _, kind, _ in tokens]
    alone = kinds.count("variable_begin") == 1 and "block_begin" not in kinds
    if not (alone and kinds[0] == "variable_begin" and kinds[-1] == "variable_end"):
        return None
    return "".join(text for _, _, text in tokens[1:-1])


def _spelled_out(source: str) -> str:
    """`{title}` as `{{ title }}`; the two ways are not mixed in one text."""
    if "{{" not in source and "{%" not in source:
        return _SHORTHAND.sub(_spell, source)
    left = _SHORTHAND.search(_JINJA.sub("", source))
    if left:
        raise ValueError(
            f"Single and double braces are mixed. Write {{{{ {left[1]} }}}} instead of {left[0]}."
        )
    return source


def _spell(found: re.Match[str]) -> str:
    name, pattern = found[1], found[2]
    return f"{{{{ {name} | day({json.dumps(pattern)}) }}}}" if pattern else f"{{{{ {name} }}}}"


def unknown_names(template: Template, known: frozenset[str], closed: frozenset[str]) -> list[str]:
    """A sentence for each name in the template that nothing will ever fill.

    `known` lists plain names (`title`) and, for the `closed` ones, their insides (`form.id`).
    """
    asked = {
        name
        for name in template.names - known
        if "." not in name or name.partition(".")[0] in closed
    }
    return [_unknown(name, known) for name in sorted(asked)]


def _unknown(name: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f" Did you mean “{near[0]}”?" if near else f" There are: {', '.join(sorted(known))}."
    return f"Nothing is called “{name}” here.{hint}"
