"""Who sent this webhook. The corpus in vectors/ is made by the openssl program alone."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import SetupProblem
from connector.signature import (
    Authentication,
    Kind,
    Outcome,
    faults_of,
    prove,
    secrets_of,
    sign_standard_webhook,
    verify,
)

FOLDER = Path(__file__).parent / "vectors"
CORPUS = (FOLDER / "signature.json").read_text("utf-8")
VECTORS = json.loads(CORPUS)
# The classes of the corpus, and the words by which a caller tells them.
WHY = {
    "": "^$",
    "missing": "^The header .+ is missing",
    "malformed": "digits only|is not (hex|base64) text|not valid base64|does not start with",
    "too_long": "is too long",
    "too_many": "too many signatures",
    "no_match": "does not match|is not the right one|missing or not the right one",
    "wrong_scheme": "must use the scheme",
    "not_set_up": "no way of proving itself set up|own secret for this host cannot be used",
    "window": "outside the accepted window",
}
SPEC_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SPEC_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SPEC_TIME = 1614265330
SPEC_BODY = b'{"test": 2432232314}'
SPEC_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
SIGNING_KEY = "whsk_" + base64.b64encode(bytes(range(32))).decode()
NOW = datetime.fromtimestamp(SPEC_TIME, UTC)
STANDARD = Authentication(Kind.STANDARD_WEBHOOKS, ("INBOUND",))
HOWS = {
    Kind.STANDARD_WEBHOOKS: STANDARD,
    Kind.HMAC_SHA256: Authentication(
        Kind.HMAC_SHA256, ("INBOUND",), header="X-Signature", timestamp_header="X-Time"
    ),
    Kind.STATIC_HEADER: Authentication(Kind.STATIC_HEADER, ("INBOUND",), header="X-Key"),
    Kind.BEARER: Authentication(Kind.BEARER, ("INBOUND",)),
    Kind.BASIC: Authentication(Kind.BASIC, ("INBOUND",), username="host"),
    Kind.QUERY_KEY: Authentication(Kind.QUERY_KEY, ("INBOUND",)),
}


def described(case: dict[str, Any]) -> Authentication:
    listed = {name: tuple(v) if isinstance(v, list) else v for name, v in case.items()}
    return Authentication(secret_env=("INBOUND",), **listed)


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
@pytest.mark.faults("M3")
def test_the_corpus_gets_its_verdicts(case: dict[str, Any]) -> None:
    began = time.process_time()
    verdict = verify(
        described(case["authentication"]),
        case["secrets"],
        case["headers"],
        case["query"],
        case["body"].encode(),
        datetime.fromtimestamp(case["now"], UTC),
    )
    assert (verdict.outcome, verdict.key) == (case["verdict"], case["key"])
    assert re.search(WHY[case["why"]], verdict.reason)
    assert time.process_time() - began < 0.05


@pytest.mark.skipif(
    not shutil.which("openssl") and not os.environ.get("CI"), reason="apt-get install -y openssl"
)
@pytest.mark.faults("M3")
def test_the_corpus_is_what_openssl_makes_of_it() -> None:
    script = [sys.executable, str(FOLDER / "make_corpus.py")]
    made = subprocess.run(script, capture_output=True, check=True, timeout=60)
    assert made.stdout.decode() == CORPUS


def test_the_corpus_covers_every_kind_each_verdict_and_all_classes() -> None:
    kinds = {(case["authentication"]["kind"], case["verdict"]) for case in VECTORS}
    assert kinds >= {(kind, verdict) for kind in Kind for verdict in ("accepted", "refused")}
    assert {kind for kind, verdict in kinds if verdict == "stale"} == {
        Kind.STANDARD_WEBHOOKS,
        Kind.HMAC_SHA256,
    }
    assert {case["why"] for case in VECTORS} == WHY.keys()


def test_a_clock_that_steps_back_between_two_copies_changes_no_proof() -> None:
    headers = {
        "webhook-id": SPEC_ID,
        "webhook-timestamp": str(SPEC_TIME),
        "webhook-signature": SPEC_SIGNATURE,
    }
    outcomes = [
        verify(
            STANDARD, [SPEC_SECRET], headers, {}, SPEC_BODY, NOW + timedelta(minutes=step)
        ).outcome
        for step in (0, 10, -10, 3, -3, 0)
    ]
    fresh, stale = Outcome.ACCEPTED, Outcome.STALE
    assert outcomes == [fresh, stale, stale, fresh, fresh, fresh]


def test_our_own_signature_of_the_specifications_message_is_the_published_one() -> None:
    signed = sign_standard_webhook(SPEC_SECRET, SPEC_ID, SPEC_TIME, SPEC_BODY)
    assert signed == SPEC_SIGNATURE


def test_a_public_key_cannot_sign() -> None:
    public = "whpk_" + base64.b64encode(bytes(32)).decode()
    with pytest.raises(ValueError, match="cannot sign"):
        sign_standard_webhook(public, SPEC_ID, SPEC_TIME, SPEC_BODY)


@pytest.mark.parametrize("kind", list(Kind))
@given(body=st.binary(max_size=200), message_id=st.text("abc0-_.", min_size=1, max_size=20))
def test_what_a_sender_proves_is_accepted_and_any_change_is_not(
    kind: Kind, body: bytes, message_id: str
) -> None:
    how, secrets = HOWS[kind], (SPEC_SECRET,)
    proof = prove(how, secrets, message_id=message_id, timestamp=SPEC_TIME, body=body)
    assert verify(how, secrets, proof.headers, proof.query, body, NOW).outcome is Outcome.ACCEPTED
    other = ("whsec_" + base64.b64encode(bytes(24)).decode(),)
    assert verify(how, other, proof.headers, proof.query, body, NOW).outcome is Outcome.REFUSED
    if kind in (Kind.STANDARD_WEBHOOKS, Kind.HMAC_SHA256):
        changed = verify(how, secrets, proof.headers, proof.query, body + b" ", NOW)
        assert changed.outcome is Outcome.REFUSED


def test_an_ed25519_sender_is_accepted_and_a_flipped_bit_is_not() -> None:
    proof = prove(STANDARD, (SIGNING_KEY,), message_id="m", timestamp=SPEC_TIME, body=b"{}")
    verdict = verify(STANDARD, (SIGNING_KEY,), proof.headers, {}, b"{}", NOW)
    assert verdict.outcome is Outcome.ACCEPTED
    flipped = verify(STANDARD, (SIGNING_KEY,), proof.headers, {}, b"{]", NOW)
    assert flipped.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "signatures",
    [
        " ".join([SPEC_SIGNATURE] * 10_000),
        " ".join(["v1,"] * 2_000),
        "v1," + "A" * 9_000,
        " " * 8_000,
        "," * 8_000,
        " ".join(["v1a," + base64.b64encode(bytes(64)).decode()] * 40),
    ],
    ids=["10,000 signatures", "2,000 empty ones", "over 8 kB", "spaces", "commas", "costly ones"],
)
@pytest.mark.parametrize("secret", [SPEC_SECRET, SIGNING_KEY])
def test_a_swollen_signature_header_is_refused_quickly(signatures: str, secret: str) -> None:
    headers = {
        "webhook-id": SPEC_ID,
        "webhook-timestamp": str(SPEC_TIME),
        "webhook-signature": signatures,
    }
    began = time.process_time()
    verdict = verify(STANDARD, [secret] * 2, headers, {}, SPEC_BODY, NOW)
    assert verdict.outcome is Outcome.REFUSED
    assert time.process_time() - began < 0.05


header_text = st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))


@pytest.mark.parametrize("kind", list(Kind))
@given(
    values=st.lists(header_text, min_size=5, max_size=5),
    scheme=st.sampled_from(["", "Basic ", "Bearer ", "v1,", "v1a,"]),
    body=st.binary(max_size=50),
)
def test_no_header_whatever_makes_the_verifier_fail(
    kind: Kind, values: list[str], scheme: str, body: bytes
) -> None:
    names = ("webhook-id", "webhook-timestamp", "X-Time", "X-Key", "ignored")
    signed = ("webhook-signature", "X-Signature", "Authorization")
    headers = dict(zip(names, values, strict=True)) | dict.fromkeys(signed, scheme + values[0])
    verdict = verify(HOWS[kind], (SPEC_SECRET,), headers, {"code": values[4]}, body, NOW)
    assert verdict.outcome is Outcome.REFUSED


def test_a_refusal_never_repeats_what_was_sent() -> None:
    headers = {"X-Key": "canary-7781"}
    how = HOWS[Kind.STATIC_HEADER]
    assert "7781" not in verify(how, (SPEC_SECRET,), headers, {}, b"", NOW).reason


@pytest.mark.parametrize(
    ("kind", "secret", "why"),
    [
        (Kind.STANDARD_WEBHOOKS, "", "not set"),
        (Kind.STANDARD_WEBHOOKS, "whsec_", "24 to 64"),
        (Kind.STANDARD_WEBHOOKS, "whsec_" + base64.b64encode(bytes(23)).decode(), "24 to 64"),
        (Kind.STANDARD_WEBHOOKS, "whsec_" + base64.b64encode(bytes(65)).decode(), "24 to 64"),
        (Kind.STANDARD_WEBHOOKS, "whsec_not base64", "base64"),
        (Kind.STANDARD_WEBHOOKS, "sk_" + base64.b64encode(bytes(24)).decode(), "whsec_"),
        (Kind.STANDARD_WEBHOOKS, "whpk_" + base64.b64encode(bytes(31)).decode(), "32 bytes"),
        (Kind.HMAC_SHA256, "x" * 23, "24 random"),
        (Kind.STATIC_HEADER, "x" * 15, "16 random"),
        (Kind.BEARER, "   ", "not set"),
        (Kind.BASIC, "letmein", "16 random"),
        (Kind.QUERY_KEY, "x", "16 random"),
    ],
)
def test_a_missing_or_weak_secret_stops_the_start_and_is_named_not_shown(
    kind: Kind, secret: str, why: str
) -> None:
    with pytest.raises(SetupProblem, match=why) as problem:
        secrets_of(HOWS[kind], {"INBOUND": secret})
    assert "INBOUND" in str(problem.value)
    assert secret.strip() == "" or len(secret) < 7 or secret not in str(problem.value)


def test_every_missing_secret_is_reported_at_once() -> None:
    how = Authentication(Kind.BEARER, ("NEW_TOKEN", "OLD_TOKEN"))
    with pytest.raises(SetupProblem, match=r"NEW_TOKEN.*\n.*OLD_TOKEN"):
        secrets_of(how, {})


def test_naming_no_secret_at_all_stops_the_start() -> None:
    with pytest.raises(SetupProblem, match="secret_env"):
        secrets_of(Authentication(Kind.BEARER, ()), {"INBOUND": SPEC_SECRET})


def test_good_secrets_come_in_the_order_of_the_profile_without_a_trailing_line_end() -> None:
    how = Authentication(Kind.STANDARD_WEBHOOKS, ("NEW", "OLD"))
    env = {"OLD": SPEC_SECRET + "\n", "NEW": SIGNING_KEY}
    assert secrets_of(how, env) == (SIGNING_KEY, SPEC_SECRET)


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        (Authentication("none", ("A",)), "kind must be one of"),
        (Authentication(Kind.BEARER, ()), "secret_env"),
        (Authentication(Kind.STANDARD_WEBHOOKS, ("A",), tolerance_seconds=0), "tolerance"),
        (Authentication(Kind.STANDARD_WEBHOOKS, ("A",), tolerance_seconds=-1), "tolerance"),
        (Authentication(Kind.HMAC_SHA256, ("A",)), "header must name"),
        (Authentication(Kind.HMAC_SHA256, ("A",), header="X", encoding="rot13"), "encoding"),
        (Authentication(Kind.HMAC_SHA256, ("A",), header="X", signed_content="x"), "{body}"),
        (
            Authentication(
                Kind.HMAC_SHA256, ("A",), header="X", signed_content="{timestamp}{body}"
            ),
            "timestamp_header",
        ),
        (
            Authentication(Kind.HMAC_SHA256, ("A",), header="X", signed_content="{id}{body}"),
            "id_header",
        ),
        (
            Authentication(
                Kind.HMAC_SHA256, ("A",), header="X", timestamp_header="T", signed_content="{body}"
            ),
            "proves nothing",
        ),
        (Authentication(Kind.STATIC_HEADER, ("A",)), "header must name"),
        (Authentication(Kind.STATIC_HEADER, ("A",), headers=("X", "Y")), "same order"),
        (Authentication(Kind.BASIC, ("A",)), "username"),
        (Authentication(Kind.QUERY_KEY, ("A",), query_name=""), "query_name"),
    ],
)
def test_a_description_that_proves_nothing_is_found_out(how: Authentication, fault: str) -> None:
    assert fault in " ".join(faults_of(how))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sound_description_has_no_faults(kind: Kind) -> None:
    assert faults_of(HOWS[kind]) == ()
