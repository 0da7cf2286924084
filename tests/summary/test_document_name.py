"""The name of the document (domain 4.6, DC-34): no person's name, at most 80 characters."""

import re
from dataclasses import replace

import pytest
from completed_forms import AGREEMENT, ASSESSMENT
from hypothesis import given
from hypothesis import strategies as st

from connector.model import CompletedForm
from connector.summary import file_name


def about(person_id: str | None, form: CompletedForm = AGREEMENT) -> CompletedForm:
    return replace(form, envelope=replace(form.envelope, person_id=person_id))


def test_it_is_form_day_record_and_version() -> None:
    assert file_name(ASSESSMENT, 1) == "Post-21 assessment 2026-02-12 900456 v1.pdf"
    assert file_name(AGREEMENT, 2) == "Tailored-support agreement 2026-03-27 400123 v2.pdf"


def test_a_guid_is_cut_to_fit_and_still_tells_two_people_apart() -> None:
    one = file_name(about("11111111-2222-4333-8444-000000000001"), 1)
    other = file_name(about("11111111-2222-4333-8444-000000000002"), 1)
    assert len(one) == len(other) == 80
    assert one != other
    assert one.startswith("Tailored-support agreement 2026-03-27 11111111-2222-4333-8444-")


@pytest.mark.parametrize("person_id", ["../../etc/passwd", "a b/c\\d:e", "Łódź", "", None, "."])
def test_signs_that_a_file_system_reads_are_dropped(person_id: str | None) -> None:
    name = file_name(about(person_id), 1)
    record = name.removeprefix("Tailored-support agreement 2026-03-27 ").removesuffix(" v1.pdf")
    assert re.fullmatch(r"[A-Za-z0-9_-]+", record)


def test_it_never_holds_a_name() -> None:
    for form in (AGREEMENT, ASSESSMENT):
        name = file_name(form, 1)
        assert str(form.envelope.person_first_name) not in name
        assert str(form.envelope.person_last_name) not in name


@given(person_id=st.text(max_size=60), ordinal=st.integers(1, 9_999))
def test_it_is_never_longer_than_80_characters(person_id: str, ordinal: int) -> None:
    for form in (AGREEMENT, ASSESSMENT):
        name = file_name(about(person_id, form), ordinal)
        assert len(name) <= 80
        assert name.endswith(f" v{ordinal}.pdf")
