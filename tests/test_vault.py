"""What is sealed opens only in its own place, with its own key."""

import base64

import pytest

from connector.errors import KeyProblem
from connector.vault import KEY_BYTES, Vault, new_key_text

PLACE = "submission/sub_1/body"
OLD, NEW = bytes(KEY_BYTES), bytes(range(KEY_BYTES))


def _vault(**keys: bytes) -> Vault:
    return Vault(keys, next(iter(keys)))


def test_what_was_sealed_opens_again() -> None:
    vault = _vault(k1=NEW)
    for plain in (b"", "Siân".encode(), bytes(100_000)):
        assert vault.open(vault.seal(plain, PLACE), PLACE) == plain


def test_the_same_value_sealed_twice_differs() -> None:
    vault = _vault(k1=NEW)
    assert len({vault.seal(b"no change", PLACE) for _ in range(100)}) == 100


def test_a_sealed_value_shows_its_key_id_and_nothing_of_its_content() -> None:
    sealed = _vault(k1=NEW).seal(b"canary", PLACE)
    assert sealed[2:4] == b"k1"
    assert b"canary" not in sealed


def test_a_value_moved_to_another_place_does_not_open() -> None:
    vault = _vault(k1=NEW)
    sealed = vault.seal(b"one", PLACE)
    for other in ("submission/sub_2/body", "submission/sub_1/summary", ""):
        with pytest.raises(KeyProblem, match="row was altered"):
            vault.open(sealed, other)


def test_one_changed_bit_anywhere_is_noticed() -> None:
    vault = _vault(k1=NEW, k0=OLD)
    sealed = vault.seal(b"one", PLACE)
    for at in range(len(sealed)):
        altered = bytearray(sealed)
        altered[at] ^= 1
        with pytest.raises(KeyProblem):
            vault.open(bytes(altered), PLACE)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\xff", b"\x02\x02k1" + bytes(40), b"plain"])
def test_bytes_that_were_never_sealed_are_a_key_problem(sealed: bytes) -> None:
    with pytest.raises(KeyProblem, match="not in a sealed form"):
        _vault(k1=NEW).open(sealed, PLACE)


def test_two_keys_make_rotation_possible() -> None:
    before = _vault(k0=OLD).seal(b"kept", PLACE)
    both = _vault(k1=NEW, k0=OLD)
    assert both.open(before, PLACE) == b"kept"
    assert both.seal(b"kept", PLACE)[2:4] == b"k1"


def test_a_missing_key_is_named() -> None:
    sealed = _vault(k0=OLD).seal(b"kept", PLACE)
    with pytest.raises(KeyProblem, match=r"'k0', which CONNECTOR_KEYS does not hold"):
        _vault(k1=NEW).open(sealed, PLACE)


def test_a_wrong_key_of_the_same_name_is_named() -> None:
    sealed = _vault(k1=OLD).seal(b"kept", PLACE)
    with pytest.raises(KeyProblem, match="does not open with the key 'k1'"):
        _vault(k1=NEW).open(sealed, PLACE)


def test_keys_are_read_from_text_and_the_first_is_current() -> None:
    vault = Vault.from_text(f" {new_key_text('k2')} , {new_key_text('k1')},")
    assert (vault.current, vault.key_ids) == ("k2", ("k2", "k1"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "No encryption key"),
        (" , ", "No encryption key"),
        (base64.b64encode(NEW).decode(), "has no id"),
        ("k1:***", "not base64"),
        ("k1:ąć", "not base64"),
        ("k1:" + base64.b64encode(NEW[:31]).decode(), "31 bytes; it needs exactly 32"),
        ("k1:" + base64.b64encode(NEW + b"x").decode(), "33 bytes; it needs exactly 32"),
        ("k 1:" + base64.b64encode(NEW).decode(), "letters, digits"),
        (":" + base64.b64encode(NEW).decode(), "letters, digits"),
        (f"k1:{base64.b64encode(NEW).decode()},k1:{base64.b64encode(NEW).decode()}", "given twice"),
    ],
)
def test_a_malformed_key_is_refused_in_plain_words_without_the_key(text: str, message: str) -> None:
    with pytest.raises(KeyProblem, match=message) as caught:
        Vault.from_text(text)
    assert base64.b64encode(NEW).decode() not in str(caught.value)


def test_the_current_key_must_be_among_the_keys() -> None:
    with pytest.raises(KeyProblem, match="not among the keys"):
        Vault({"k1": NEW}, "k2")


def test_a_fresh_key_is_new_each_time_and_can_be_used() -> None:
    first, second = new_key_text(), new_key_text()
    assert first != second
    assert Vault.from_text(first).current == "k1"


def test_its_repr_shows_key_ids_only() -> None:
    text = new_key_text()
    assert repr(Vault.from_text(text)) == "Vault(keys=('k1',), current='k1')"
