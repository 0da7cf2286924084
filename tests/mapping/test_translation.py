"""One reading for each young person; defaults; and what is no form of ours."""

from dataclasses import replace

from small_profiles import profile

from connector.mapping import Outcome, translate
from connector.model import Severity

PEOPLE = [{"kind": "PER", "no": 1}, {"kind": "GRP", "no": 2}, {"kind": "PER", "no": 3}]
SUBJECTS = """
subjects: {path: people, where: {kind: [PER, CHILD]}, multiple: %s}
fields: {assessor_id: {subject: no}}
"""


def test_each_person_has_a_reading() -> None:
    got = translate(profile(SUBJECTS % "each"), {"people": PEOPLE})
    assert [each.values["assessor_id"] for each in got.readings] == ["1", "3"]
    assert all(each.notes == () for each in got.readings)


def test_one_person_only_holds_a_form_about_two() -> None:
    got = translate(profile(SUBJECTS % "one"), {"people": PEOPLE})
    (reading,) = got.readings
    (note,) = reading.notes
    assert reading.values["assessor_id"] == "1"
    assert (note.rule, note.severity) == ("EN-08", Severity.HOLD)
    assert "more than one young person" in note.message


def test_a_form_that_names_nobody_is_read_without_a_person() -> None:
    got = translate(profile(SUBJECTS % "each"), {"people": [], "id": 5})
    assert [each.values.get("assessor_id") for each in got.readings] == [None]
    assert (got.outcome, got.form_id) == (Outcome.READ, "5")


def test_a_default_name_belongs_to_the_default_number() -> None:
    defaults = {"manager_id": "9", "manager_name": "Mo", "team_id": "42"}
    host = replace(profile("fields: {outcome: o}"), defaults=defaults)
    blank = translate(host, {}).readings[0].values
    assert {name: blank[name] for name in defaults} == defaults
    manager = profile("fields: {outcome: o}").forms["post_21_assessment"].envelope["person_id"]
    form = host.forms["post_21_assessment"]
    named = replace(form, envelope={**form.envelope, "manager_id": manager})
    host = replace(host, forms={form.form_type: named})
    values = translate(host, {"person": "7"}).readings[0].values
    assert values["manager_id"] == "7"
    assert "manager_name" not in values


def test_a_form_type_without_a_mapping_is_unmapped() -> None:
    host = profile("fields: {outcome: o}")
    got = translate(replace(host, forms={}), {"id": 5})
    assert (got.outcome, got.form_id) == (Outcome.UNMAPPED, "5")
    assert "no mapping for the form post_21_assessment" in got.reason
