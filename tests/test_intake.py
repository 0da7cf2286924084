"""Strict JSON within limits: every fault a plain sentence, never a crash."""

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connector.errors import Refused
from connector.intake import MOST_BYTES, read_json
from connector.intake.payload import check_content_type

HOSTILE = {
    "empty": (b"", "empty"),
    "only spaces": (b" \n ", "empty"),
    "not JSON": (b'{"a": ', "not valid JSON (line 1, character 7)"),
    "two values": (b"{}{}", "not valid JSON"),
    "a single value": (b"7", "object or list"),
    "single quotes": (b"{'a': 1}", "not valid JSON"),
    "comment": (b"{} // done", "not valid JSON"),
    "trailing comma": (b"[1,]", "not valid JSON"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
    "Latin-1": ('{"a": "é"}'.encode("latin-1"), "not UTF-8"),
    "33 levels": (b"[" * 33 + b"]" * 33, "32 levels"),
    "3,000 levels": (b"[" * 3000 + b"]" * 3000, "32 levels"),
    "3,000 objects": (b'{"a":' * 3000 + b"1" + b"}" * 3000, "32 levels"),
    "a million brackets": (b"[" * MOST_BYTES, "32 levels"),
    "2,001 keys": (json.dumps({str(n): n for n in range(2001)}).encode(), "2,000 keys"),
    "keys over many objects": (b"[" + b'{"a":1},' * 2001 + b"0]", "2,000 keys"),
    "20,001 values": (b"[" + b"1," * 20_000 + b"1]", "20,000 values"),
    "300,000 empty objects": (b"[" + b"{}," * 300_000 + b"{}]", "20,000 values"),
    "a key twice": (b'{"a": 1, "a": 1}', "same key twice"),
    "a key twice, spelt otherwise": (b'{"a": 1, "\\u0061": 2}', "same key twice"),
    "NaN": (b'{"a": NaN}', "NaN"),
    "Infinity": (b"[Infinity]", "Infinity"),
    "minus Infinity": (b"[-Infinity]", "Infinity"),
    "1e999": (b"[1e999]", "too large"),
    "a long exponent": (b"[1e" + b"9" * 5000 + b"]", "too large"),
    "5,000 digits": (b"[" + b"7" * 5000 + b"]", "100 digits"),
    "lone surrogate": (b'["\\ud83d"]', "surrogate"),
    "lone surrogate in a key": (b'{"\\udc00": 1}', "surrogate"),
    "raw surrogate": ('["\ud800"]'.encode("utf-8", "surrogatepass"), "not UTF-8"),
    "NUL": (b'["a\\u0000b"]', "NUL"),
    "raw NUL": (b'["a\x00b"]', "not valid JSON"),
    "raw line end in a text": (b'["a\nb"]', "not valid JSON"),
    "text over 100 kB": (b'["' + b"a" * 100_001 + b'"]', "100,000 bytes"),
    "text over 100 kB in letters of two bytes": ('["' + "é" * 50_001 + '"]', "100,000 bytes"),
    "an unclosed text of escapes": (b'["' + b'\\"' * 400_000, "not valid JSON"),
    "quotes only": (b'"' * 900_001, "not valid JSON"),
}


@pytest.mark.parametrize(("body", "why"), HOSTILE.values(), ids=HOSTILE)
@pytest.mark.faults("M5")
def test_hostile_json_is_refused_in_plain_english_and_in_time(body: Any, why: str) -> None:
    began = time.process_time()
    with pytest.raises(Refused) as refusal:
        read_json(body.encode() if isinstance(body, str) else body)
    assert refusal.value.status == 400
    assert why in str(refusal.value)
    assert time.process_time() - began < 1


def test_a_body_over_the_limit_is_too_large() -> None:
    with pytest.raises(Refused, match="1,000,000 bytes") as refusal:
        read_json(b"[" + b" " * MOST_BYTES + b"]")
    assert refusal.value.status == 413


def test_a_refusal_never_repeats_the_body() -> None:
    for body in (b'{"name": "Canary", "name": 1}', b'{"Canary": }', b'["Canary\\ud800"]'):
        with pytest.raises(Refused) as refusal:
            read_json(body)
        assert "Canary" not in str(refusal.value)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"\xef\xbb\xbf{}",
        b"[" * 32 + b"]" * 32,
        json.dumps({str(n): n for n in range(2000)}).encode(),
        b"[" + b"1," * 19_999 + b"1]",
        b'["' + b"a" * 100_000 + b'"]',
        b'["[[[[{{{{::::", "\\"[[", "\\\\"]',
        b'["\\ud83d\\ude42", "\xf0\x9f\x99\x82", "\\u00e9"]',
        b"[0, -0, 1e5, -1.5E-3, 123456789012345678901234567890, true, false, null]",
    ],
)
def test_what_lies_within_the_limits_is_read_as_the_standard_library_reads_it(body: bytes) -> None:
    assert read_json(body) == json.loads(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab[{\"\\:é"), inner),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(json_values, max_size=3), st.booleans())
def test_any_ordinary_json_survives_unchanged(value: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=300) | st.text('{}[]":,\\u0dD8 1eE+-.naNI', max_size=80).map(str.encode))
@example(b'{"a":"\\')
@example(b'"\\u"')
@pytest.mark.faults("M5")
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        status = isinstance(read_json(body), dict | list) and 200
    except Refused as refusal:
        status = refusal.status
    assert status in (200, 400)


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("application/json", ""),
        ("Application/JSON; charset=UTF-8", "identity"),
        ('application/fhir+json; charset="utf-8"', ""),
        ("application/vnd.host.form-v1+json", ""),
    ],
)
def test_json_content_types_are_taken(content_type: str, encoding: str) -> None:
    check_content_type(content_type, encoding)


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("", ""),
        ("text/plain", ""),
        ("application/xml", ""),
        ("application/x-www-form-urlencoded", ""),
        ("multipart/form-data; boundary=x", ""),
        ("application/jsonp", ""),
        ("application/json; charset=iso-8859-1", ""),
        ("application/json", "gzip"),
    ],
)
def test_other_content_types_are_refused(content_type: str, encoding: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_content_type(content_type, encoding)
    assert refusal.value.status == 415
