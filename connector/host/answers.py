"""What the host's answer means (reliability section 2), and what can be read from it."""

import json
import re
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from connector.errors import Declined, HostError, NotSent, OutcomeUnknown
from connector.host.wire import Answer
from connector.mapping.outbound_calls import Call, IdRule, SuccessTest
from connector.mapping.outbound_templates import TemplateFault, Variables
from connector.mapping.outbound_values import picked

_LATER = frozenset({425, 429})
_UNCLEAR = frozenset({408, 409})
_MEANINGS = {
    400: "it could not read what was sent",
    401: "it does not accept who we are",
    403: "we may not do this there",
    404: "there is no such place or record",
    405: "this address does not take such a request",
    412: "it was changed meanwhile, or is there already",
    413: "it is too large",
    415: "it does not take this kind of content",
    422: "something in it is not allowed",
}
_SECONDS = re.compile(r"[0-9]{1,9}")


def refusal(answer: Answer) -> HostError:
    """The error for an answer that is not a success: its class says whether it was done."""
    start = f"The host at {answer.host} answered {answer.status}"
    wish = retry_after(answer)
    if answer.status in _LATER:
        return NotSent(
            f"{start}: not now. It will be tried again.", status=answer.status, retry_after=wish
        )
    if 400 <= answer.status < 500 and answer.status not in _UNCLEAR:
        why = _MEANINGS.get(answer.status, "it refuses this")
        return Declined(f"{start}: {why}.", status=answer.status)
    if 300 <= answer.status < 400:
        return OutcomeUnknown(
            f"{start} and names another address, which is never followed. Check the base address "
            "in the profile.",
            status=answer.status,
        )
    return OutcomeUnknown(
        f"{start}; it may have been done.", status=answer.status, retry_after=wish
    )


def retry_after(answer: Answer) -> float | None:
    """The host's wish in seconds from now; None where there is none that can be read."""
    typed = answer.headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(typed):
        return float(typed)
    try:
        moment = parsedate_to_datetime(typed).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, moment - answer.now)


def read_json(answer: Answer) -> Any:
    """The answer as JSON. OutcomeUnknown where it is anything else."""
    try:
        return json.loads(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        pass
    raise OutcomeUnknown(
        f"The host at {answer.host} answered {answer.status} with something that is not JSON; "
        "it may have been done.",
        status=answer.status,
    )


def check_success(answer: Answer, test: SuccessTest | None, *, page_is_fine: bool) -> None:
    """Raise unless a 2xx really is a success: by the profile's own test, and never a web page."""
    if test is None:
        if not page_is_fine and _is_web_page(answer):
            read_json(answer)
        return
    value = test.body.find(read_json(answer))
    start = f"The host at {answer.host} answered {answer.status}"
    if value is None:
        raise OutcomeUnknown(
            f"{start}, but “{test.body.text}” is not in its answer; it may have been done.",
            status=answer.status,
        )
    if not (value if test.equals is None else as_text(value) == test.equals):
        raise Declined(
            f"{start}, but says in “{test.body.text}” that it was not done.",
            status=answer.status,
        )


def check(answer: Answer, call: Call) -> None:
    """Raise unless the answer is a success as the profile counts it."""
    if answer.status not in call.success:
        raise refusal(answer)
    in_headers = call.id is not None and call.id.body is None
    check_success(answer, call.success_if, page_is_fine=in_headers)


def accepted(answer: Answer, call: Call, variables: Variables) -> str:
    """The id of what a request made; raises where the answer is no success."""
    check(answer, call)
    return id_in(answer, call, variables)


def id_in(answer: Answer, call: Call, variables: Variables) -> str:
    """The id where the profile says, "" where it names no place.

    OutcomeUnknown where it should be and is not.
    """
    if call.id is None:
        return ""
    found = _given_by_us(call.id, variables) if call.id.value else read_id(answer, call.id)
    if found:
        return found
    raise OutcomeUnknown(
        f"The host at {answer.host} answered {answer.status}, but without the id of what it "
        "made; it may have been done.",
        status=answer.status,
    )


def _given_by_us(rule: IdRule, variables: Variables) -> str:
    try:
        return str(rule.value.fill(variables)) if rule.value else ""
    except TemplateFault:
        return ""


def _is_web_page(answer: Answer) -> bool:
    """A sign-in page or a proxy's excuse, which come with 200 as well."""
    kind = answer.headers.get("Content-Type", "").lower()
    return bool(answer.body.strip()) and ("html" in kind or answer.body.lstrip()[:1] == b"<")


def read_id(answer: Answer, rule: IdRule) -> str | None:
    """The host's id of the thing, None where the answer does not hold it."""
    if rule.body is not None:
        found = as_text(rule.body.find(read_json(answer)))
    elif rule.header is not None:
        found = answer.headers.get(rule.header, "").strip()
    else:
        path = urlsplit(answer.headers.get("Location", "")).path
        found = unquote(path.rstrip("/").rpartition("/")[2])
    return picked(found, rule.pattern) or None


def as_text(value: object) -> str:
    """A value of an answer as the profile writes it: true, 12, text; "" for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else ""
