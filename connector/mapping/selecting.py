"""Which form a message is, and whether it is a completed form at all (`select:`)."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from connector.mapping.language import Condition, Rule
from connector.mapping.profile import HostProfile, Inbound
from connector.mapping.reader import Found, Reader
from connector.mapping.text import alike, as_text
from schemas import EnvelopeSchema, questions_of

ENVELOPE = questions_of(EnvelopeSchema)


class Outcome(StrEnum):
    """What became of a payload. An echo was caused by a write of ours."""

    READ = "read"
    IGNORED = "ignored"
    UNMAPPED = "unmapped"
    EVENT = "event"
    ECHO = "echo"


def form_type_of(front: Reader, profile: HostProfile) -> tuple[str | None, str]:
    """The form, or None with the reason it is none of ours."""
    rule = profile.inbound.select.form_type
    found = front.field("form_type", ENVELOPE["form_type"], rule)
    if found.value is None:
        typed = ", ".join(fault.typed for fault in found.faults)
        if not typed:
            return None, "The message does not say which form it is."
        return None, f"Form template {typed[:100]} is not in the profile."
    if found.value not in profile.forms:
        return None, f"The profile has no mapping for the form {found.value}."
    return found.value, ""


def one_value(front: Reader, rules: Mapping[str, Rule], name: str) -> str | None:
    """One envelope field as far as it can be read."""
    rule = rules.get(name)
    return front.field(name, ENVELOPE[name], rule).value if rule else None


def status_of(front: Reader, inbound: Inbound) -> Found:
    """The form's status; completed where the profile does not say."""
    rule = inbound.select.form_status
    if rule is None:
        return Found("completed")
    return front.field("form_status", ENVELOPE["form_status"], rule)


def refused(front: Reader, inbound: Inbound) -> tuple[Outcome, str] | None:
    """Why the message is not a completed form; None when it is one."""
    for condition in inbound.select.accept_if:
        texts = [each for each in _texts(front, condition) if each]
        where = _where(condition.rule)
        if not texts:
            reason = f"The message has no {where}, which accept_if asks for."
            return Outcome(condition.missing), reason
        if not holds(front, condition):
            seen = ", ".join(each[:60] for each in texts)
            return Outcome.IGNORED, f"Not a completed form: {where} is {seen}."
    return None


def holds(front: Reader, condition: Condition) -> bool:
    """Whether what a test finds is one of what it allows; not where nothing is there."""
    return any(alike(each, condition.allowed) for each in _texts(front, condition))


def is_echo(front: Reader, inbound: Inbound) -> bool:
    """Whether our own write caused the message, as far as the profile can tell."""
    tests = inbound.echo_if
    return bool(tests) and all(holds(front, each) for each in tests)


def _texts(front: Reader, condition: Condition) -> Iterator[str]:
    for answer in front.sources.prepared(condition.rule):
        yield as_text(answer.value)
        if answer.words:
            yield answer.words.strip()


def _where(rule: Rule) -> str:
    if rule.key:
        return rule.key
    if rule.path:
        return rule.path.text
    return "status"
