"""What a profile leaves out, and which rules are off because of it."""

import re
from dataclasses import replace

import pytest
from shipped import HOSTS
from shipped import profile as shipped_profile
from small_profiles import profile

from connector.mapping.coverage import FieldCoverage, How, coverage
from connector.mapping.rules_by_field import ENVELOPE_RULES, FORM_RULES
from connector.mapping.selecting import ENVELOPE
from schemas import FORMS


@pytest.mark.parametrize("host", HOSTS)
def test_a_shipped_profile_leaves_nothing_out(host: str) -> None:
    for form in coverage(shipped_profile(host)):
        missing = {each.field for each in form.fields if each.how is How.MISSING}
        assert {each for each in missing if "." not in each} == set()
        assert not {"actions.what", "actions.due_on", "parties.agreed"} & missing


@pytest.mark.parametrize("host", HOSTS)
def test_a_shipped_profile_maps_every_form(host: str) -> None:
    assert {each.form_type for each in coverage(shipped_profile(host))} == set(FORMS)


ONE_FIELD = "fields: {outcome: o}"


def test_a_small_profile_says_what_is_off() -> None:
    form = coverage(
        profile(
            """
            fields:
              outcome: o
              wants_access: {constant: 'no'}
              actions: {rows_of: a, columns: {what: w}}
            """
        )
    )[0]
    found = {each.field: each for each in form.fields}
    assert found["outcome"].how is How.MAPPED
    assert found["wants_access"].how is How.CONSTANT
    assert found["level_of_support"].how is How.MISSING
    assert found["level_of_support"].rules_off == ("DC-08",)
    assert found["actions.due_on"].rules_off == FORM_RULES["post_21_assessment"]["actions"]
    assert found["actions.owner_name"].rules_off == ()
    assert any("level_of_support is not mapped" in each for each in form.problems)


def test_a_team_comes_from_the_envelope_or_the_defaults() -> None:
    without = profile(ONE_FIELD)
    with_default = replace(without, defaults={"team_id": "42"})
    assert any("No team results" in each for each in coverage(without)[0].problems)
    form = coverage(with_default)[0]
    assert not any("No team results" in each for each in form.problems)
    assert FieldCoverage("team_id", How.DEFAULT) in form.fields


def test_nothing_to_write_with_is_a_problem() -> None:
    assert any("outbound:" in each for each in coverage(profile(ONE_FIELD))[0].problems)


@pytest.mark.parametrize(
    ("form", "field", "rules"),
    [
        ("annual_contact_outcome", "channel", ("DC-36", "DC-37")),
        ("annual_contact_outcome", "local_offer_given", ("DC-38",)),
        ("family_request", "manager_decision", ("DS-27",)),
        ("family_request", "requester_name", ()),
    ],
)
def test_a_field_the_smaller_forms_leave_out_turns_its_rules_off(
    form: str, field: str, rules: tuple[str, ...]
) -> None:
    found = {
        each.field: each for each in coverage(profile("fields: {requested_on: r}", form))[0].fields
    }
    assert found[field].rules_off == rules


def test_the_rules_are_named_by_canonical_field() -> None:
    assert set(FORM_RULES) == set(FORMS)
    assert set(ENVELOPE_RULES) <= set(ENVELOPE)
    for form_type, table in FORM_RULES.items():
        assert set(table) <= set(FORMS[form_type].questions)
    tables = (ENVELOPE_RULES, *FORM_RULES.values())
    rules = {rule for table in tables for each in table.values() for rule in each}
    assert all(re.fullmatch(r"(DS|DC|EN)-\d\d", rule) for rule in rules)
