"""`where` picks a row, `has` asks for one of several ticks, `join` makes one answer of several."""

import pytest
from small_profiles import read

from connector.errors import ConfigurationProblem
from connector.mapping import translate
from connector.mapping.host_schema import load_host
from connector.mapping.yaml_text import parse

AREAS = {
    "areas": [
        {"area": "Money", "notes": "Rent is paid.", "help": "Y"},
        {"area": "Health (and mental health)", "notes": "Well.", "help": "N"},
        {"area": "Pets", "notes": "One cat.", "help": "N"},
    ]
}
TWO_AREAS = """
fields:
  area_health_summary: {rows_of: areas, where: {area: Health}, key: notes}
  area_health_needs_support: {rows_of: areas, where: {area: Health}, key: help}
  area_financial_summary: {rows_of: areas, where: {area: [Finance, Money]}, in_row: notes}
  area_financial_needs_support: {rows_of: areas, where: {area: [Finance, Money]}, key: help}
"""


def test_one_cell_of_the_row_that_where_picks() -> None:
    values = read(TWO_AREAS, AREAS).values
    assert values["area_health_summary"] == "Well."
    assert values["area_health_needs_support"] is False
    assert values["area_financial_summary"] == "Rent is paid."
    assert values["area_financial_needs_support"] is True


def test_rows_that_nothing_picks_are_also_recorded() -> None:
    left = {each.question: each.answer for each in read(TWO_AREAS, AREAS).also_recorded}
    assert left == {
        "Areas, row 3: Area": "Pets", "Areas, row 3: Notes": "One cat.", "Areas, row 3: Help": "N",
    }  # fmt: skip


def test_where_picks_numbered_keys_too() -> None:
    yaml = "fields: {area_health_summary: {where: {'area{n}': Health}, key: 'notes{n}'}}"
    payload = {"area1": "Money", "notes1": "Paid.", "area2": "Health", "notes2": "Well."}
    assert read(yaml, payload).values["area_health_summary"] == "Well."


def test_where_parts_one_table_for_two_kinds_of_rows() -> None:
    yaml = """
fields:
  actions:
    all_of:
      - {rows_of: plan, where: {kind: ours}, columns: {what: task, who: {constant: pa}}}
      - {rows_of: plan, where: {kind: theirs}, columns: {what: task, who: {constant: young_adult}}}
"""
    plan = [{"kind": "theirs", "task": "Ring"}, {"kind": "ours", "task": "Write"}]
    reading = read(yaml, {"plan": plan})
    assert reading.values["actions"] == [
        {"what": "Write", "who": "pa"}, {"what": "Ring", "who": "young_adult"},
    ]  # fmt: skip
    assert reading.also_recorded == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["Other", "Money."], True),
        ("Other; MONEY", True),
        ("Other, Health", False),
        ("Money (benefits)", True),
        ([], None),
        ("N/A", None),
    ],
)
def test_has_is_yes_where_one_of_the_answers_is_the_one_asked_for(
    given: object, expected: bool | None
) -> None:
    yaml = "fields: {area_financial_needs_support: {key: areas, has: Money, blank_words: [N/A]}}"
    assert read(yaml, {"areas": given}).values.get("area_financial_needs_support") is expected


def test_has_can_ask_for_the_opposite() -> None:
    yaml = "fields: {advocate_present: {key: nobody, has: [Advocate, Helper], invert: true}}"
    assert read(yaml, {"nobody": ["Helper"]}).values["advocate_present"] is False


def test_several_answers_are_joined_before_they_are_translated() -> None:
    yaml = "fields: {took_part: {key: who, join: +, map: {A+B: partly, A: 'yes', B: no_refused}}}"
    assert read(yaml, {"who": ["A", "B"]}).values["took_part"] == "partly"
    assert read(yaml, {"who": ["B"]}).values["took_part"] == "no_refused"
    assert read(yaml, {"who": []}).values.get("took_part") is None


def test_a_list_of_one_group_is_that_group_and_a_table_with_one_row() -> None:
    yaml = "fields: {took_part_notes: who.notes, actions: {rows_of: plan, columns: {what: task}}}"
    reading = read(yaml, {"who": [{"notes": "By phone."}], "plan": [{"task": "Ring"}]})
    assert reading.values["took_part_notes"] == "By phone."
    assert reading.values["actions"] == [{"what": "Ring"}]
    assert reading.also_recorded == ()


def test_what_stands_beside_an_answer_in_its_object_is_an_answer_too() -> None:
    yaml = """
answers: {layout: object, value: '"@code"', words: text}
fields: {outcome: result, manager_discussion_on: result.on}
"""
    result = {"@code": "2", "text": "Case to remain open", "on": "2026-03-01", "by": "Mo"}
    reading = read(yaml, {"result": [result]})
    assert reading.values["outcome"] == "remain_open"
    assert reading.values["manager_discussion_on"] == "2026-03-01"
    assert [(each.question, each.answer) for each in reading.also_recorded] == [("Result by", "Mo")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("took_part_notes: {path: \"contains(a, 'it''s')\"}", "“contains” takes 2 values"),
        ("took_part_notes: {path: 'contain(a, b)'}", "Did you mean “contains”?"),
        ("took_part_notes: {key: a, has: b}", "has: makes a yes or no"),
        ("advocate_present: {key: a, has: b, map: {c: 'yes'}}", "has: or map:"),
        ("took_part_notes: {rows_of: a, key: b}", "One cell of a grid"),
        ("took_part_notes: {where: {a: b}, path: c}", "Say which cell"),
    ],
)
def test_what_cannot_work_is_named(line: str, message: str) -> None:
    with pytest.raises(ConfigurationProblem) as problem:
        read("fields: {" + line + "}", {})
    assert message in str(problem.value)


def test_the_worker_out_of_a_list_of_involvements_is_no_answer() -> None:
    text = """
inbound:
  auth: {type: bearer, secret_env: TOKEN}
  select: {form_type: {constant: post_21_assessment}}
  envelope:
    submission_id: id
    person_id: person
    allocated_worker_id: {rows_of: staff, where: {type: 16PLUS}, key: worker}
  fields: {took_part_notes: notes}
"""
    staff = [{"type": "CW", "worker": 5}, {"type": "16PLUS", "worker": 7}]
    payload = {"id": 1, "person": 2, "staff": staff, "notes": "By phone."}
    host = load_host("small", parse("small/host.yaml", text), {})
    (reading,) = translate(host, payload).readings
    assert reading.values["allocated_worker_id"] == "7"
    assert reading.also_recorded == ()
