"""Writes signature.json: webhooks with the verdict each must get. Imports nothing of the connector.

    python tests/vectors/make_corpus.py > tests/vectors/signature.json

`why` is the class of a refusal: missing, malformed, too_long, too_many, no_match, wrong_scheme,
not_set_up; of what is stale: window. `key` is the place of the secret that proved it.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from by_openssl import base64_of, ed25519, hmac, public_ed25519

Case = dict[str, Any]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, TIME, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", '{"test": 2432232314}'
NOW = int(TIME)
PUBLISHED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER_RAW = b"another secret of 32 bytes......"
OTHER = f"whsec_{base64_of(OTHER_RAW)}"
RAW = bytes.fromhex("31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0")
PRIVATE = bytes(range(32))
PUBLIC = public_ed25519(PRIVATE)
WHPK = f"whpk_{base64_of(PUBLIC)}"
WHSK = f"whsk_{base64_of(PRIVATE + PUBLIC)}"
PLAIN, TOKEN = "a plain secret of the host 123", "a-long-token-of-the-host"
ZEROS = f"v1,{base64_of(bytes(32))}"
HOW = {"kind": "standard_webhooks"}


def v1(key: bytes = RAW, message: str = ID, at: str = TIME, body: str = BODY) -> str:
    return f"v1,{base64_of(hmac(key, f'{message}.{at}.{body}'.encode()))}"


def v1a(message: str = ID, at: str = TIME, body: str = BODY) -> str:
    return f"v1a,{base64_of(ed25519(PRIVATE, f'{message}.{at}.{body}'.encode()))}"


def over(content: str, secret: str = PLAIN) -> str:
    return hmac(secret.encode(), content.encode()).hex()


def case(name: str, how: Case, secrets: list[str], headers: dict[str, str], **more: Any) -> Case:
    """One webhook of the specification's body and moment, accepted by the first secret."""
    made = {"name": name, "authentication": how, "secrets": secrets, "headers": headers}
    told = {"query": {}, "body": BODY, "now": NOW, "verdict": "accepted", "key": 0, "why": ""}
    refused = {"verdict": "refused", "key": None} if "why" in more else {}
    return made | told | refused | more


def standard(name: str, signature: str = PUBLISHED, **more: Any) -> Case:
    """By Standard Webhooks; a header that is None is left out."""
    sent = {"webhook-id": more.pop("id", ID), "webhook-timestamp": more.pop("at", TIME)}
    headers = sent | {"webhook-signature": more.pop("header", signature)}
    there = {header: text for header, text in headers.items() if text is not None}
    return case(name, HOW, more.pop("secrets", [SECRET]), there, **more)


def stale(now: int) -> dict[str, Any]:
    return {"now": now, "verdict": "stale", "why": "window", "key": 0}


def specification() -> Iterator[Case]:
    yield standard("the specification's own vector")
    names = {"Webhook-Id": ID, "Webhook-Timestamp": TIME, "Webhook-Signature": v1()}
    yield case("header names in another letter case", HOW, [SECRET], names)
    yield standard("an ed25519 signature", v1a(), secrets=[WHPK])
    own = "an ed25519 signature checked with the sender's own key pair"
    yield standard(own, v1a(), secrets=[WHSK])
    yield standard("the right signature after a wrong one", f"{ZEROS} {v1()}")
    yield standard("the right signature after one that cannot be read", f"v1,*** v1 {v1()}")
    yield standard("the right signature beside one of an unknown version", f"v9,abcd {v1()}")
    yield standard("the right signature as the fortieth", " ".join([ZEROS] * 39 + [v1()]))
    many = " ".join([ZEROS] * 40 + [v1()])
    yield standard("the right signature as the forty-first", many, why="too_many")
    yield standard("an empty body", v1(body=""), body="")
    welsh = '{"enw": "Siân Llŷr", "sign": "\U0001f642"}'
    yield standard("a body of letters beyond ASCII", v1(body=welsh), body=welsh)
    other = {
        "header": "svix-signature",
        "id_header": "svix-id",
        "timestamp_header": "svix-timestamp",
    }
    svix = {"svix-id": ID, "svix-timestamp": TIME, "svix-signature": v1()}
    yield case("other header names by profile", HOW | other, [SECRET], svix)


def rotation() -> Iterator[Case]:
    yield standard("rotation: the second secret", secrets=[OTHER, SECRET], key=1)
    beside = "rotation: an HMAC secret beside a public key"
    yield standard(beside, v1a(), secrets=[SECRET, WHPK], key=1)
    both = f"{v1(OTHER_RAW)} {v1()}"
    yield standard("rotation: signed with old and new, both known", both, secrets=[OTHER, SECRET])
    yield standard("rotation: signed with old and new, one known", both)
    yield standard("rotation: HMAC and ed25519 together, one known", f"{v1a()} {v1()}")
    ten = [f"whsec_{base64_of(bytes([n]) * 32)}" for n in range(9)]
    yield standard("rotation: the tenth secret", secrets=[*ten, SECRET], key=9)
    yield standard("rotation: the old secret after its end", v1(), secrets=[OTHER], why="no_match")


def window() -> Iterator[Case]:
    yield standard("exactly at the edge of the window, past", now=NOW + 300)
    yield standard("exactly at the edge of the window, future", now=NOW - 300)
    yield standard("one second too old", **stale(NOW + 301))
    yield standard("one second too far ahead", **stale(NOW - 301))
    yield standard("our clock ten minutes fast", **stale(NOW + 600))
    yield standard("our clock ten minutes slow", **stale(NOW - 600))
    yield standard("a year old", **stale(1645801330))
    yield standard("the first second of 1970", v1(at="0"), at="0", **stale(NOW))
    last = "999999999999"
    yield standard("twelve digits of seconds", v1(at=last), at=last, **stale(NOW))
    yield standard("old and wrongly signed", ZEROS, now=NOW + 9000, why="no_match")


def altered() -> Iterator[Case]:
    flipped, anew = '{"test": 2432232315}', '{"test":2432232314}'
    yield standard("one bit of the body flipped", body=flipped, why="no_match")
    yield standard("the body written anew without its space", body=anew, why="no_match")
    yield standard("another id", id=f"{ID}x", why="no_match")
    yield standard("another time-stamp", at="1614265331", why="no_match")
    yield standard("a leading zero at the time-stamp", at=f"0{TIME}", why="no_match")
    moved = v1(message=f"{ID}.1", at="614265330")
    yield standard("the border of id and time-stamp moved", moved, why="no_match")
    yield standard("another secret", secrets=[OTHER], why="no_match")
    yield standard("no secret at all", secrets=[], why="not_set_up")
    yield standard("our own secret is unusable", secrets=["whsec_%%%"], why="not_set_up")
    downgrade = "an HMAC made with a public key as its secret (downgrade)"
    yield standard(downgrade, v1(PUBLIC), secrets=[WHPK], why="no_match")
    pair = "an HMAC made with a private key as its secret (downgrade)"
    yield standard(pair, v1(PRIVATE + PUBLIC), secrets=[WHSK], why="no_match")
    yield standard("an HMAC labelled as ed25519", v1().replace("v1", "v1a"), why="no_match")
    labelled = v1a().replace("v1a", "v1")
    yield standard(
        "an ed25519 signature labelled as HMAC", labelled, secrets=[WHPK], why="no_match"
    )
    short = f"v1a,{base64_of(bytes(63))}"
    yield standard(
        "an ed25519 signature of the wrong length", short, secrets=[WHPK], why="no_match"
    )
    unproven = f"v1a,{base64_of(bytes(64))}"
    yield standard("an ed25519 signature of zeros", unproven, secrets=[WHPK], why="no_match")
    yield standard("ed25519 offered where HMAC is agreed (downgrade)", v1a(), why="no_match")


def hostile_headers() -> Iterator[Case]:
    for name, sent, why in (
        ("empty", "", "missing"),
        ("no comma", v1().replace(",", ""), "no_match"),
        ("two commas", v1().replace(",", ",,"), "no_match"),
        ("bad base64", "v1,g0hM9SsE!!", "no_match"),
        ("non-ASCII", "v1,gé0hM9", "no_match"),
        ("beyond Latin-1", "v1,łń", "no_match"),
        ("only the version", "v1,", "no_match"),
        ("upper-case version", v1().replace("v1", "V1"), "no_match"),
        ("truncated", v1()[:-6], "no_match"),
        ("base64 for addresses", v1().replace("+", "-").replace("/", "_"), "no_match"),
        ("without its padding", v1().rstrip("="), "no_match"),
        ("comma-separated list", f"{v1()},{v1()}", "no_match"),
        ("a tab before it", f"\t{v1()}", "no_match"),
        ("10,000 signatures", " ".join([PUBLISHED] * 10_000), "too_long"),
        ("2,000 empty ones", " ".join(["v1,"] * 2_000), "too_many"),
        ("over 8 kB", f"v1,{'A' * 8_190}", "too_long"),
        ("spaces", " " * 8_000, "too_many"),
        ("commas", "," * 8_000, "no_match"),
    ):
        yield standard(f"hostile signature header: {name}", header=sent, why=why)
    for name in ("id", "at", "header"):
        header = {"id": "webhook-id", "at": "webhook-timestamp", "header": "webhook-signature"}[
            name
        ]
        yield standard(f"{header} is missing", **{name: None}, why="missing")
    long = "m" * 8_193
    yield standard("an id over 8 kB", v1(message=long), id=long, why="too_long")


def hostile_times() -> Iterator[Case]:
    words = ["1e9", f" {TIME}", f"{TIME} ", "1_614_265_330", f"{TIME}.9", ".9", "NaN", f"-{TIME}"]
    words += [f"+{TIME}", "0x60379eb2", "1" * 13, "1" * 309, "١٦١٤", f"{TIME}\n", "²", "inf"]
    for at in words:
        signed = v1(at=at)
        yield standard(f"hostile time-stamp: {at[:20]!r}", signed, at=at, why="malformed")
    yield standard("hostile time-stamp: ''", v1(at=""), at="", why="missing")


def hmac_of_the_body() -> Iterator[Case]:
    how: Case = {"kind": "hmac_sha256", "header": "X-Signature"}
    right, raw = over(BODY), hmac(PLAIN.encode(), BODY.encode())

    def sent(name: str, signature: str, **more: Any) -> Case:
        kind = how | more.pop("how", {})
        return case(name, kind, more.pop("secrets", [PLAIN]), {kind["header"]: signature}, **more)

    github = {"header": "x-hub-signature-256", "prefix": "sha256="}
    yield sent("HMAC of the body, hex", right)
    yield sent("HMAC of the body, upper-case hex", right.upper())
    yield sent("HMAC of the body with a prefix, as GitHub sends it", f"sha256={right}", how=github)
    yield sent("HMAC of the body, base64", base64_of(raw), how={"encoding": "base64"})
    yield sent("HMAC, second secret", right, secrets=["some other secret of theirs", PLAIN], key=1)
    yield sent("HMAC never goes stale without a time-stamp", right, now=NOW + 10**8)
    yield sent("HMAC, prefix missing", right, how={"prefix": "sha256="}, why="malformed")
    yield sent("HMAC, another digest's prefix", f"sha1={right}", how=github, why="malformed")
    yield sent("HMAC, odd number of hex digits", right[:-1], why="malformed")
    spaced = f"{right[:32]} {right[32:]}"
    yield sent("HMAC, spaces between hex digits", spaced, why="malformed")
    yield sent("HMAC, base64 where hex is agreed", base64_of(raw), why="malformed")
    yield sent("HMAC, half of it", right[:32], why="no_match")
    yield sent("HMAC, empty", "", why="missing")
    yield sent("HMAC, non-ASCII", "é" * 64, why="malformed")
    yield sent("HMAC, over 8 kB", "a" * 8_194, why="too_long")
    yield sent("HMAC, body changed", right, body=f"{BODY} ", why="no_match")


def hmac_with_a_time() -> Iterator[Case]:
    how: Case = {"kind": "hmac_sha256", "header": "X-Signature", "timestamp_header": "X-Timestamp"}
    sent = {"X-Signature": over(f"{TIME}.{BODY}"), "X-Timestamp": TIME}
    late = NOW + 400
    yield case("HMAC with time-stamp", how, [PLAIN], sent)
    yield case("HMAC with time-stamp, too old", how, [PLAIN], sent, **stale(late))
    wider = how | {"tolerance_seconds": 600}
    yield case("HMAC with time-stamp, a wider window by profile", wider, [PLAIN], sent, now=late)
    changed, bare = sent | {"X-Timestamp": "1614265331"}, {"X-Signature": sent["X-Signature"]}
    yield case("HMAC with time-stamp, time-stamp changed", how, [PLAIN], changed, why="no_match")
    yield case("HMAC with time-stamp, time-stamp missing", how, [PLAIN], bare, why="missing")
    word = {"X-Signature": over(f"1e9.{BODY}"), "X-Timestamp": "1e9"}
    yield case("HMAC with time-stamp, no digits", how, [PLAIN], word, why="malformed")
    slack = how | {"signed_content": "v0:{timestamp}:{body}", "prefix": "v0="}
    own = sent | {"X-Signature": f"v0={over(f'v0:{TIME}:{BODY}')}"}
    yield case("HMAC over content of the host's own pattern", slack, [PLAIN], own)
    with_id = how | {"signed_content": "{id}|{timestamp}|{body}", "id_header": "X-Id"}
    named = sent | {"X-Signature": over(f"d-1|{TIME}|{BODY}"), "X-Id": "d-1"}
    yield case("HMAC over an id too", with_id, [PLAIN], named)
    other = named | {"X-Id": "d-2"}
    yield case("HMAC over an id too, id changed", with_id, [PLAIN], other, why="no_match")


def static_headers() -> Iterator[Case]:
    how: Case = {"kind": "static_header", "header": "X-Api-Key"}
    yield case("static header", how, [TOKEN], {"x-api-key": TOKEN})
    old = ["old-token-of-the-host", TOKEN]
    yield case("static header, second secret", how, old, {"x-api-key": TOKEN}, key=1)
    yield case("static header, wrong", how, [TOKEN], {"x-api-key": f"{TOKEN}x"}, why="no_match")
    yield case("static header, its beginning", how, [TOKEN], {"x-api-key": "a-"}, why="no_match")
    yield case("static header, missing", how, [TOKEN], {}, why="missing")
    swollen = {"x-api-key": "x" * 8_193}
    yield case("static header, over 8 kB", how, [TOKEN], swollen, why="too_long")
    two, pair = (
        {"kind": "static_header", "headers": ["X-Id", "X-Secret"]},
        ["the-council-id-1", TOKEN],
    )
    sent = {"X-Id": pair[0], "X-Secret": TOKEN}
    rotated = ["the-council-id-1", f"new-{TOKEN}", *pair]
    yield case("two static headers", two, pair, sent)
    yield case("two static headers, rotated", two, rotated, sent, key=1)
    half = sent | {"X-Id": "the-council-id-2"}
    yield case("two static headers, one right", two, pair, half, why="no_match")
    yield case("two static headers, one there", two, pair, {"X-Id": pair[0]}, why="missing")


def authorization() -> Iterator[Case]:
    def sent(
        name: str, how: Case, text: str, secrets: list[str] | None = None, **more: Any
    ) -> Case:
        return case(name, how, secrets or [TOKEN], {"Authorization": text}, **more)

    bearer, basic = {"kind": "bearer"}, {"kind": "basic", "username": "host"}
    yield sent("bearer", bearer, f"Bearer {TOKEN}")
    yield sent("bearer, scheme in lower case", bearer, f"bearer {TOKEN}")
    yield sent(
        "bearer, second token", bearer, f"Bearer {TOKEN}", ["old-token-of-theirs", TOKEN], key=1
    )
    yield sent("bearer, other scheme", bearer, f"Basic {TOKEN}", why="wrong_scheme")
    yield sent("bearer, empty", bearer, "Bearer ", why="no_match")
    yield sent("bearer, wrong", bearer, f"Bearer {TOKEN[:-1]}", why="no_match")
    yield sent("bearer, twice", bearer, f"Bearer {TOKEN}, Bearer {TOKEN}", why="no_match")
    yield case("bearer, missing", bearer, [TOKEN], {}, why="missing")
    password = "a pass:wörd, long enough"
    yield sent("basic", basic, f"Basic {base64_of(f'host:{password}'.encode())}", [password])
    other = f"Basic {base64_of(f'toast:{TOKEN}'.encode())}"
    yield sent("basic, other user", basic, other, why="no_match")
    alone = f"Basic {base64_of(b'host')}"
    yield sent("basic, without a password", basic, alone, why="no_match")
    yield sent("basic, not base64", basic, "Basic ???", why="malformed")
    yield sent("basic, bearer instead", basic, f"Bearer {TOKEN}", why="wrong_scheme")


def the_rest() -> Iterator[Case]:
    how: Case = {"kind": "query_key", "query_name": "code"}
    yield case("query key", how, [TOKEN], {}, query={"code": TOKEN})
    old = ["old-token-of-the-host", TOKEN]
    yield case("query key, second secret", how, old, {}, query={"code": TOKEN}, key=1)
    yield case("query key, missing", how, [TOKEN], {}, why="no_match")
    yield case("query key, wrong", how, [TOKEN], {}, query={"code": "\ufffd"}, why="no_match")
    swollen = {"code": "x" * 8_193}
    yield case("query key, over 8 kB", how, [TOKEN], {}, query=swollen, why="too_long")
    in_a_header = {"code": TOKEN}
    yield case("query key, in a header instead", how, [TOKEN], in_a_header, why="no_match")
    yield case("an unknown kind", {"kind": "none"}, [TOKEN], {}, why="not_set_up")


SECTIONS = (
    specification, rotation, window, altered, hostile_headers, hostile_times, hmac_of_the_body,
    hmac_with_a_time, static_headers, authorization, the_rest,
)  # fmt: skip


def corpus() -> list[Case]:
    """Every case in order."""
    return [each for section in SECTIONS for each in section()]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(corpus(), ensure_ascii=False, indent=1) + "\n")
