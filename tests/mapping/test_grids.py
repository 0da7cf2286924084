"""Every way hosts write a table, and rows that say nothing."""

import json
from typing import Any

import pytest
from small_profiles import answers, read

ROWS = [{"what": "Ring the GP", "who": "PA"}, {"what": "", "who": ""}, {"what": "Write", "who": ""}]
KEPT = [{"what": "Ring the GP", "who": "pa"}, {"what": "Write"}]
NAMED = "{rows_of: plan, columns: {what: what, who: who}}"


@pytest.mark.parametrize(
    "plan",
    [
        ROWS,
        json.dumps(ROWS),
        {"1": ROWS[0], "2": ROWS[1], "3": ROWS[2]},
        [{"what": row["what"], "who": [row["who"]]} for row in ROWS],
    ],
    ids=["list", "json text", "numbered", "cells in lists"],
)
def test_rows_as_objects(plan: Any) -> None:
    got = answers(f"fields: {{actions: {NAMED}}}", {"plan": plan})
    assert got == {"actions": KEPT}


def test_a_single_row_that_is_not_in_a_list() -> None:
    assert answers(f"fields: {{actions: {NAMED}}}", {"plan": ROWS[0]}) == {"actions": KEPT[:1]}


def test_numbered_keys_in_the_order_of_their_numbers() -> None:
    payload = {"a10_what": "Ten", "a2_what": "Two", "a2_who": "DUTY", "a3_what": " "}
    got = answers("fields: {actions: {columns: {what: 'a{n}_what', who: 'a{n}_who'}}}", payload)
    assert got == {"actions": [{"what": "Two", "who": "duty"}, {"what": "Ten"}]}


def test_numbered_groups() -> None:
    payload = {"plan": {"row1": {"what": "One"}, "row2": {"what": "Two"}}}
    got = answers("fields: {actions: {columns: {what: 'plan.row{n}.what'}}}", payload)
    assert got == {"actions": [{"what": "One"}, {"what": "Two"}]}


def test_cells_with_a_row_and_a_column() -> None:
    cells = [
        {"q": "plan", "r": 2, "c": "what", "v": "Second"},
        {"q": "plan", "r": 1, "c": "what", "v": "First"},
        {"q": "plan", "r": 1, "c": "who", "v": "PA"},
        {"q": "plan", "r": 3, "c": "what", "v": None},
    ]
    got = answers(
        """
        answers: {layout: typed_array, path: cells, key: q, value: v, rows: {row: r, column: c}}
        fields:
          actions:
            rows_of: plan
            columns: {what: what, who: who, row_id: {row_number: true}}
        """,
        {"cells": cells},
    )
    assert got == {
        "actions": [
            {"what": "First", "who": "pa", "row_id": "1"},
            {"what": "Second", "row_id": "2"},
        ]
    }


def test_columns_that_are_questions_of_their_own_with_a_row_number() -> None:
    cells = [
        {"q": "who", "r": "2", "v": "DUTY"},
        {"q": "what", "r": "2", "v": "Second"},
        {"q": "what", "r": "1", "v": "First"},
    ]
    got = answers(
        """
        answers: {layout: array, path: cells, key: q, value: v, rows: {row: r}}
        fields: {actions: {columns: {what: what, who: who}}}
        """,
        {"cells": cells},
    )
    assert got == {"actions": [{"what": "First"}, {"what": "Second", "who": "duty"}]}


def test_columns_that_are_lists_of_equal_length() -> None:
    payload = {"what": ["First", "", "Third"], "who": ["PA", "", "DUTY"]}
    got = answers("fields: {actions: {columns: {what: what, who: who}}}", payload)
    assert got == {"actions": [{"what": "First", "who": "pa"}, {"what": "Third", "who": "duty"}]}


def test_rows_that_are_plain_texts_or_lists() -> None:
    texts = answers(
        "fields: {actions: {rows_of: plan, columns: {what: {in_row: '@'}, who: {constant: pa}}}}",
        {"plan": ["Ring the GP", ""]},
    )
    lists = answers(
        """
        fields:
          actions: {rows_of: plan, columns: {what: {in_row: '[0]'}, who: {in_row: '[1]'}}}
        """,
        {"plan": [["Ring the GP", "PA"], ["", ""]]},
    )
    assert texts == lists == {"actions": KEPT[:1]}


def test_rows_whose_cells_are_a_list_themselves() -> None:
    row = {"cells": [{"c": "what", "v": "Ring the GP"}, {"c": "who", "v": "PA"}]}
    got = answers(
        """
        fields:
          actions:
            rows_of: {path: 'form.plan.rows'}
            columns:
              what: {in_row: "cells[?c=='what'].v | [0]"}
              who: {in_row: "cells[?c=='who'].v | [0]"}
        """,
        {"form": {"plan": {"rows": [row]}}},
    )
    assert got == {"actions": KEPT[:1]}


def test_repeated_groups_are_rows() -> None:
    def group(what: str) -> dict[str, Any]:
        return {"linkId": "4", "item": [{"linkId": "4.1", "answer": [{"valueString": what}]}]}

    got = answers(
        """
        answers: {layout: fhir}
        fields: {actions: {rows_of: "4", columns: {what: "4.1"}}}
        """,
        {"item": [{"linkId": "0", "item": [group("First"), group("Second")]}]},
    )
    assert got == {"actions": [{"what": "First"}, {"what": "Second"}]}


def test_a_constant_and_a_default_do_not_make_a_row() -> None:
    got = answers(
        """
        fields:
          actions:
            rows_of: plan
            columns: {what: what, who: {constant: pa}, done: {key: done, default: "no"}}
        """,
        {"plan": [{"what": "Ring"}, {"what": ""}]},
    )
    assert got == {"actions": [{"what": "Ring", "who": "pa", "done": False}]}


def test_a_number_and_an_unticked_box_do_not_make_a_row() -> None:
    got = answers(
        "fields: {actions: {rows_of: plan, columns: {row_id: no, what: what, done: done}}}",
        {"plan": [{"no": 1, "what": "Ring", "done": False}, {"no": 2, "what": "", "done": False}]},
    )
    assert got == {"actions": [{"row_id": "1", "what": "Ring", "done": False}]}


def test_a_fault_in_a_cell_names_the_kept_row_counted_from_one() -> None:
    reading = read(
        "fields: {actions: {rows_of: plan, columns: {what: what, due_on: by}}}",
        {"plan": [{"what": "", "by": ""}, {"what": "A", "by": "1/4/2026"}, {"by": "31/02/2026"}]},
    )
    assert [fault.field for fault in reading.faults] == ["actions[2].due_on"]
    assert reading.values["actions"] == [{"what": "A", "due_on": "2026-04-01"}, {}]


def test_a_table_out_of_several_places() -> None:
    got = answers(
        """
        fields:
          parties:
            all_of:
              - rows_of: staff
                columns: {name: who, agreed: ok, party_type: {constant: professional}}
              - {columns: {name: parentName, agreed: parentOk, party_type: {constant: family}}}
        """,
        {"staff": [{"who": "Sam", "ok": "Y"}], "parentName": "Pat", "parentOk": "N"},
        "tailored_support_agreement",
    )
    assert [(row["name"], row["agreed"], row["party_type"]) for row in got["parties"]] == [
        ("Sam", "yes", "professional"),
        ("Pat", "no", "family"),
    ]


def test_words_where_a_table_should_be_are_a_fault() -> None:
    reading = read(f"fields: {{actions: {NAMED}}}", {"plan": "see letter"})
    assert [(fault.field, fault.typed) for fault in reading.faults] == [("actions", "see letter")]


def test_a_column_nobody_maps_is_also_recorded() -> None:
    reading = read(
        f"fields: {{actions: {NAMED}}}", {"plan": [{"what": "Ring", "priority": "High"}]}
    )
    assert [(each.question, each.answer) for each in reading.also_recorded] == [
        ("Actions, row 1: Priority", "High")
    ]


def test_a_table_nobody_maps_is_also_recorded_in_words() -> None:
    reading = read("fields: {outcome: x}", {"pets": [{"petName": "Rex", "kind": "dog"}]})
    assert [(each.question, each.answer) for each in reading.also_recorded] == [
        ("Pets", "Pet name: Rex, Kind: dog")
    ]
