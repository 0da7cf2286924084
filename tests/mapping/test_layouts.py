"""Every way answers lie in a payload (domain 3.2, 3.3): the same verbs read them all."""

import json

from small_profiles import answers, read

OUTCOME = 'outcome: {key: %s, map: {"1": close_case, "2": remain_open, "3": immediate_needs_met}}'


def test_questions_that_are_keys_of_one_flat_object() -> None:
    got = answers(
        """
        answers: {layout: flat}
        fields: {outcome: result, wants_access: records}
        """,
        {"id": "7", "result": "Case to remain open", "records": "N"},
    )
    assert got == {"submission_id": "7", "outcome": "remain_open", "wants_access": False}


def test_groups_in_groups_are_reached_with_dots() -> None:
    got = answers(
        """
        answers: {layout: nested, path: data.answers}
        fields: {area_health_summary: health.text, area_health_needs_support: health.needs support}
        """,
        {"data": {"answers": {"health": {"text": "Well.", "needs support": False}}}},
    )
    assert got == {"area_health_summary": "Well.", "area_health_needs_support": False}


def test_answers_that_are_objects_with_value_and_label() -> None:
    reading = read(
        """
        answers: {layout: object, path: fields, value: value, words: label, question: ask}
        fields:
          outcome: result
          wants_access: records
          actions: {rows_of: plan, columns: {what: todo, who: owner}}
        """,
        {
            "fields": {
                "result": {"value": "x9", "label": "Immediate needs met.", "ask": "Outcome?"},
                "records": {"value": None, "label": "", "ask": "Records?"},
                "plan": [{"todo": {"value": "Call"}, "owner": {"value": "pa"}}],
            }
        },
    )
    assert reading.values["outcome"] == "immediate_needs_met"
    assert reading.values["actions"] == [{"what": "Call", "who": "pa"}]
    assert "wants_access" not in reading.values
    assert reading.labels == {"outcome": "Outcome?", "wants_access": "Records?"}
    assert reading.also_recorded == ()


def test_key_and_value_pairs() -> None:
    got = answers(
        """
        answers: {layout: key_value, path: pairs, key: key, value: value}
        fields: {outcome: result, last_known_phone: phone}
        """,
        {"pairs": [{"key": "result", "value": "close_case"}, {"key": "phone", "value": "07700"}]},
    )
    assert got == {"outcome": "close_case", "last_known_phone": "07700"}


def test_a_list_of_questions_and_answers_by_label_text() -> None:
    got = answers(
        """
        answers: {layout: array, path: form, key: question, value: answer, question: question}
        fields: {outcome: Outcome of assessment, wants_access: Wants records}
        """,
        {"form": [{"question": "Outcome of assessment:", "answer": "2. Case to remain open."},
                  {"question": "WANTS  RECORDS?", "answer": "yes"}]},
    )  # fmt: skip
    assert got == {"outcome": "remain_open", "wants_access": True}


def test_rows_of_a_reporting_table_where_the_latest_answer_wins() -> None:
    rows = [
        {"ANSWER_NO": "outcome", "ANSWER": "1", "ANSWERED_DTTM": "01/02/2026 09:00"},
        {"ANSWER_NO": "outcome", "ANSWER": "2", "ANSWERED_DTTM": "12/02/2026 08:00"},
        {"ANSWER_NO": "outcome", "ANSWER": "3", "ANSWERED_DTTM": "11/02/2026 23:00"},
    ]
    got = answers(
        f"""
        answers:
          {{layout: array, path: rows, key: ANSWER_NO, value: ANSWER, order_by: ANSWERED_DTTM}}
        fields: {{{OUTCOME % "outcome"}}}
        """,
        {"rows": rows},
    )
    assert got == {"outcome": "remain_open"}


def test_typed_columns_of_a_control_table() -> None:
    rows = [
        {"CONTROLNAME": "planDate", "ANSWERVALUE": None, "DATEANSWERVALUE": "2026-01-15T00:00:00"},
        {"CONTROLNAME": "phone", "ANSWERVALUE": "07700 900456", "DATEANSWERVALUE": None},
    ]
    got = answers(
        """
        answers:
          layout: array
          path: '@'
          key: CONTROLNAME
          value_first_of: [DATEANSWERVALUE, ANSWERVALUE]
        fields: {current_pathway_plan_date: planDate, last_known_phone: phone}
        """,
        rows,
    )
    assert got == {"current_pathway_plan_date": "2026-01-15", "last_known_phone": "07700 900456"}


def test_questions_inside_sections_keep_their_sections_name() -> None:
    payload = {
        "sections": [
            {"name": "health", "questions": [{"code": "support", "value": True}]},
            {"name": "money", "questions": [{"code": "support", "value": False}]},
        ]
    }
    got = answers(
        """
        answers:
          layout: array
          path: sections
          children: questions
          key: not_null(name, code)
          value: value
          full_keys: true
        fields:
          area_health_needs_support: health.support
          area_financial_needs_support: money.support
        """,
        payload,
    )
    assert got == {"area_health_needs_support": True, "area_financial_needs_support": False}


def test_answers_of_one_step_as_json_in_a_text() -> None:
    steps = {"one": json.dumps({"outcome": "2", "actions": [{"what": "Ring"}]}), "two": "{}"}
    got = answers(
        f"""
        open_json: [stepAnswers.*]
        answers: {{layout: object, path: stepAnswers.*}}
        fields:
          {OUTCOME % "outcome"}
          actions: {{rows_of: actions, columns: {{what: what}}}}
        """,
        {"stepAnswers": steps},
    )
    assert got == {"outcome": "remain_open", "actions": [{"what": "Ring"}]}


def test_elements_that_were_xml_come_as_lists_of_one() -> None:
    got = answers(
        """
        answers: {layout: array, path: Form.Field, key: '"@name"', value: '"#text"'}
        fields: {outcome: Outcome, wants_access: {path: Form.Records}}
        """,
        {"Form": {"Field": [{"@name": "Outcome", "#text": "4. Complex needs"}], "Records": ["Y"]}},
    )
    assert got == {"outcome": "refer_to_manager", "wants_access": True}


def test_keys_and_values_in_two_lists() -> None:
    got = answers(
        """
        answers: {layout: lists, key: columns, value: "rows[0]"}
        fields: {outcome: result, wants_access: records}
        """,
        {"columns": ["result", "records"], "rows": [["close_case", "No"]]},
    )
    assert got == {"outcome": "close_case", "wants_access": False}


def test_answers_in_several_places_lie_side_by_side() -> None:
    got = answers(
        """
        answers:
          - {layout: array, path: coded, key: k, value: v}
          - {layout: object, path: texts}
        fields: {outcome: result, took_part_notes: notes}
        """,
        {"coded": [{"k": "result", "v": "remain_open"}], "texts": {"notes": "By phone."}},
    )
    assert got == {"outcome": "remain_open", "took_part_notes": "By phone."}


def test_a_later_path_replaces_the_answers_of_an_earlier_one() -> None:
    got = answers(
        """
        answers: {layout: object, path: [before, changed]}
        fields: {outcome: result, last_known_phone: phone}
        """,
        {"before": {"result": "close_case", "phone": "1"}, "changed": {"result": "remain_open"}},
    )
    assert got == {"outcome": "remain_open", "last_known_phone": "1"}


def test_names_with_the_suffix_of_custom_fields_read_as_words_in_also_recorded() -> None:
    reading = read("fields: {outcome: Outcome__c}", {"Outcome__c": "2x", "Bus_Pass__c": True})
    assert [(each.question, each.answer) for each in reading.also_recorded] == [("Bus pass", "Yes")]


def test_answers_inside_the_young_persons_own_entry() -> None:
    got = answers(
        """
        subjects: {path: people}
        answers: {layout: object, path: answers, in_subject: true}
        fields: {outcome: result}
        """,
        {"people": [{"answers": {"result": "close_case"}}]},
    )
    assert got == {"outcome": "close_case"}
