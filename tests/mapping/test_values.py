"""How one answer is read: yes and no, choices, numbers, blank words and the verbs on texts."""

from typing import Any

import pytest
from small_profiles import answers, read

from connector.model import FaultKind


def one(rule: str, payload: Any, field: str = "wants_access", form: str = "") -> Any:
    got = answers(f"fields: {{{field}: {rule}}}", payload, form or "post_21_assessment")
    return got.get(field)


@pytest.mark.parametrize("typed", [True, "Y", "y", "Yes", "YES.", "true", "1", 1, 1.0, " yes "])
def test_words_for_yes(typed: Any) -> None:
    assert one("q", {"q": typed}) is True


@pytest.mark.parametrize("typed", [False, "N", "no", "No.", "FALSE", "0", 0, "No (see notes)"])
def test_words_for_no(typed: Any) -> None:
    assert one("q", {"q": typed}) is False


@pytest.mark.parametrize("typed", [None, "", "  ", [], {}])
def test_nothing_typed_is_no_answer(typed: Any) -> None:
    assert one("q", {"q": typed}) is None


def test_a_word_that_is_neither_yes_nor_no_is_a_fault_with_the_words_that_would_do() -> None:
    fault = read("fields: {wants_access: q}", {"q": "Perhaps"}).faults[0]
    assert (fault.kind, fault.typed, fault.allowed) == (
        FaultKind.UNKNOWN_CHOICE, "Perhaps", ("Yes", "No"),
    )  # fmt: skip


def test_a_profile_may_have_its_own_words() -> None:
    rule = "{key: q, yes_words: [Ja], no_words: ['2', Nein], blank_words: [Weiss nicht]}"
    typed = ("ja", "2", "NEIN", "weiss nicht", "Y")
    assert [one(rule, {"q": each}) for each in typed] == [True, False, False, None, True]


def test_inverting_turns_yes_and_no_round_and_leaves_blank_alone() -> None:
    rule = "{key: q, invert: true}"
    assert [one(rule, {"q": each}) for each in (True, "N", "")] == [False, True, None]


def test_inverting_a_choice_leaves_its_other_codes_alone() -> None:
    rule = "{key: q, invert: true}"
    form = "tailored_support_agreement"
    field = "criterion_a_visits_detrimental"
    got = [one(rule, {"q": each}, field, form) for each in ("Y", "no", "Not sure")]
    assert got == ["no", "yes", "not_sure"]


def test_a_yes_or_no_also_answers_a_choice_that_has_them() -> None:
    assert one("q", {"q": True}, "young_adult_agrees") == "yes"
    assert one("q", {"q": "0"}, "young_adult_agrees") == "no"


def test_yes_and_no_in_a_map_stand_for_all_words_for_them() -> None:
    rule = "{key: q, map: {no: no_unable}}"
    assert [one(rule, {"q": each}, "took_part") for each in (False, "N", "no", True)] == [
        "no_unable", "no_unable", "no_unable", "yes",
    ]  # fmt: skip


def test_a_no_without_a_code_is_a_fault() -> None:
    assert read("fields: {took_part: q}", {"q": False}).faults[0].kind is FaultKind.UNKNOWN_CHOICE


@pytest.mark.parametrize(
    "typed",
    [
        "1", 1, 1.0, "close_case", "CLOSE_CASE",
        "1. Case to be closed to Leaving Care Service. (Can return any time until 25).",
        "Case to be closed to Leaving Care Service",
        "case to be closed (can return any time until 25)",
    ],
)  # fmt: skip
def test_an_outcome_by_number_code_or_label(typed: Any) -> None:
    assert one('{key: q, map: {"1": close_case}}', {"q": typed}, "outcome") == "close_case"


def test_the_words_beside_a_code_do_where_the_code_is_unknown() -> None:
    got = answers(
        """
        answers: {layout: array, path: a, key: k, value: code, words: text}
        fields: {outcome: o, level_of_support: l}
        """,
        {"a": [{"k": "o", "code": "ZZ", "text": "Immediate needs met. No further action required."},
               {"k": "l", "code": None, "text": "Light"}]},
    )  # fmt: skip
    assert got == {"outcome": "immediate_needs_met", "level_of_support": "light"}


def test_the_code_counts_before_the_words() -> None:
    got = answers(
        """
        answers: {layout: array, path: a, key: k, value: code, words: text}
        fields: {outcome: {key: o, map: {"9": remain_open}}}
        """,
        {"a": [{"k": "o", "code": 9, "text": "Case closed"}]},
    )
    assert got == {"outcome": "remain_open"}


def test_an_unknown_code_is_a_fault_that_lists_the_words() -> None:
    fault = read("fields: {outcome: q}", {"q": "7"}).faults[0]
    assert fault.kind is FaultKind.UNKNOWN_CHOICE
    assert "Case to remain open" in fault.allowed


def test_two_ticked_outcomes_are_several_answers() -> None:
    reading = read(
        """
        answers: {layout: array, path: a, key: k, value: v}
        fields: {outcome: {key: o, map: {"1": close_case, "3": immediate_needs_met}}}
        """,
        {"a": [{"k": "o", "v": "1"}, {"k": "o", "v": "3"}]},
    )
    assert (reading.faults[0].kind, reading.faults[0].typed) == (FaultKind.SEVERAL, "1 and 3")
    assert "outcome" not in reading.values


def test_the_same_answer_twice_is_one_answer() -> None:
    assert one("q", {"q": ["Y", "yes", ""]}) is True


def test_a_tick_box_becomes_the_code_it_stands_for() -> None:
    rule = "{ticked: {close: close_case, open: remain_open}}"
    assert one(rule, {"close": "", "open": "1"}, "outcome") == "remain_open"
    both = read(f"fields: {{outcome: {rule}}}", {"close": True, "open": "Y"})
    assert both.faults[0].kind is FaultKind.SEVERAL


def test_every_ticked_box_of_several_choices_counts() -> None:
    rule = "{ticked: {t.health: health, t.money: financial, t.other: other}}"
    payload = {"t": {"health": True, "money": "1", "other": False}}
    assert one(rule, payload, "types_of_support") == ["health", "financial"]


def test_a_tick_that_cannot_be_read_is_a_fault() -> None:
    reading = read("fields: {outcome: {ticked: {close: close_case}}}", {"close": "maybe"})
    assert reading.faults[0].kind is FaultKind.UNKNOWN_CHOICE


@pytest.mark.parametrize(
    "typed",
    [["Health", "ETE"], "Health; ETE", "health, ete", "Health|Education, training and employment",
     "Health\nETE"],
)  # fmt: skip
def test_several_choices_in_a_list_or_in_one_text(typed: Any) -> None:
    assert one("q", {"q": typed}, "types_of_support") == ["health", "education_training_employment"]


def test_an_unknown_one_of_several_is_a_fault_and_the_others_stay() -> None:
    reading = read("fields: {types_of_support: q}", {"q": "Health; Cookery"})
    assert reading.values["types_of_support"] == ["health"]
    assert [fault.typed for fault in reading.faults] == ["Cookery"]


def test_a_list_split_by_a_mark_of_the_profiles_own() -> None:
    rule = "{key: q, split: /, map: {A: health, B: financial}}"
    assert one(rule, {"q": "A/B"}, "types_of_support") == ["health", "financial"]


def test_a_map_with_stars_and_a_choice_for_everything_else() -> None:
    rule = '{key: q, map: {"*worker*": professional, "*mother*": family}, otherwise: carer}'
    grid = f"fields: {{parties: {{rows_of: p, columns: {{party_type: {rule}}}}}}}"
    roles = ["Adult social WORKER", "Grandmother", "Neighbour", "advocate", ""]
    got = answers(grid, {"p": [{"q": role} for role in roles]}, "tailored_support_agreement")
    assert [row["party_type"] for row in got["parties"]] == [
        "professional", "family", "carer", "advocate",
    ]  # fmt: skip


def test_a_blank_word_is_no_answer_unless_it_is_one_of_the_choices() -> None:
    values = "values: {blank_words: [Not asked, None, N/A]}\n"
    fields = (
        "fields: {wants_access: a, young_adult_agrees: b, level_of_support: c, took_part_notes: d}"
    )
    got = answers(values + fields, {"a": "not asked", "b": "Not asked", "c": "None", "d": "n/a"})
    assert got == {"young_adult_agrees": "not_asked", "level_of_support": "none"}


def test_minus_one_as_a_blank_word_leaves_one_alone() -> None:
    rule = '{path: w, blank_words: ["-1"]}'
    ids = [answers(f"fields: {{assessor_id: {rule}}}", {"w": each}) for each in (-1, 1, "-1")]
    assert ids == [{}, {"assessor_id": "1"}, {}]


def test_ids_are_texts_however_they_come() -> None:
    assert one("q", {"q": 884213}, "assessor_id") == "884213"
    assert one("q", {"q": 7781.0}, "assessor_id") == "7781"
    assert one("q", {"q": "00017"}, "assessor_id") == "00017"
    assert one("q", {"q": True}, "assessor_id") == "Yes"


def test_whole_numbers() -> None:
    form, field = "tailored_support_agreement", "visit_interval_weeks"
    assert [one("q", {"q": each}, field, form) for each in ("0", 4, "8.0", " 12 ")] == [0, 4, 8, 12]
    for typed in ("every 4 weeks", 2.5, True, "1e3", "4_0"):
        reading = read(f"fields: {{{field}: q}}", {"q": typed}, form)
        assert reading.faults[0].kind is FaultKind.WRONG_KIND


def test_a_group_where_one_answer_should_be_is_a_fault() -> None:
    for field in ("wants_access", "outcome", "took_part_notes", "requested_on"):
        fault = read(f"fields: {{{field}: {{path: q}}}}", {"q": {"a": {"b": 1}}}).faults[0]
        assert (fault.kind, fault.typed) == (FaultKind.WRONG_KIND, "a group of answers")


def test_an_id_with_more_characters_than_one_has_is_a_fault() -> None:
    assert one("q", {"q": "7" * 100}, "assessor_id") == "7" * 100
    fault = read("fields: {assessor_id: q}", {"q": "7" * 101}).faults[0]
    assert (fault.kind, fault.typed) == (FaultKind.TOO_LONG, "7" * 101)


def test_texts_are_cut_as_the_profile_says() -> None:
    assert (
        one("{key: q, strip_prefix: Practitioner/}", {"q": "Practitioner/7"}, "assessor_id") == "7"
    )
    assert one("{key: q, extract: '([^/]+)$'}", {"q": "a/b/7"}, "assessor_id") == "7"
    assert one("{key: q, extract: '^X(.)'}", {"q": "Y1"}, "assessor_id") is None


def test_one_answer_in_two_fields() -> None:
    got = answers(
        """
        fields:
          accommodation_code: home
          accommodation_suitable: {key: home, extract: '^[A-Z](\\d)', map: {"1": yes, "2": no}}
        """,
        {"home": "S2 No fixed abode"},
    )
    assert got == {"accommodation_code": "S2", "accommodation_suitable": False}


def test_a_label_that_only_looks_like_a_code_is_not_taken_for_one() -> None:
    assert one("q", {"q": "B&B"}, "accommodation_code") == "W"
    assert one("q", {"q": "U - Independent living"}, "accommodation_code") == "U"
    assert one("q", {"q": "F4: Apprenticeship"}, "activity_code") == "F4"


def test_the_first_place_with_an_answer_counts() -> None:
    rule = "{first_of: [mobile, home, {constant: none known}]}"
    assert one(rule, {"mobile": "", "home": "01332"}, "last_known_phone") == "01332"
    assert one(rule, {"mobile": None}, "last_known_phone") == "none known"


def test_a_place_that_did_not_come_to_count_is_also_recorded() -> None:
    reading = read(
        "fields: {last_known_phone: {first_of: [mobile, home]}}",
        {"mobile": "07700", "home": "01332"},
    )
    assert reading.values["last_known_phone"] == "07700"
    assert [(each.question, each.answer) for each in reading.also_recorded] == [("Home", "01332")]


def test_several_places_together() -> None:
    rule = "{all_of: [r1, r2, r3], map: {UNI: university}}"
    got = one(rule, {"r1": "UNI", "r2": "", "r3": "Other"}, "keep_open_reasons")
    assert got == ["university", "other"]
    text = "{all_of: [a, b], join: ' / '}"
    assert one(text, {"a": "One", "b": "Two"}, "took_part_notes") == "One / Two"


def test_several_texts_need_a_join() -> None:
    assert read("fields: {took_part_notes: q}", {"q": ["a", "b"]}).faults[0].typed == "a and b"
    assert one("{key: q, join: ', '}", {"q": ["a", "b"]}, "took_part_notes") == "a, b"


def test_defaults_and_constants() -> None:
    assert one('{key: q, default: "yes", invert: true}', {"q": ""}) is True
    assert one('{constant: "no"}', {}) is False


def test_a_councils_own_closure_questions_are_kept_by_name() -> None:
    reading = read("fields: {closure_told_local_offer: q}", {"q": "Y"})
    assert reading.values["closure_other"] == {"closure_told_local_offer": True}
    assert reading.labels == {"closure_told_local_offer": "Told local offer"}


def test_a_label_from_the_profile_comes_before_the_payloads() -> None:
    reading = read(
        """
        answers: {layout: array, path: a, key: k, value: v, question: q}
        fields: {outcome: {key: o, label: 'Which outcome?'}, wants_access: w}
        """,
        {"a": [{"k": "o", "v": "close_case", "q": "x"}, {"k": "w", "v": None, "q": "Records?"}]},
    )
    assert reading.labels == {"outcome": "Which outcome?", "wants_access": "Records?"}


def test_what_no_field_takes_is_recorded_in_words() -> None:
    reading = read(
        """
        answers: {layout: flat, ignore: [internal*]}
        fields: {outcome: result}
        """,
        {"id": 1, "result": "", "criterionAText": "Because.", "petAllowed": False,
         "movedOn": "/Date(1774620300000)/", "internalCode": "x", "blank": "", "tags": ["a", "b"]},
    )  # fmt: skip
    assert [(each.question, each.answer) for each in reading.also_recorded] == [
        ("Criterion A text", "Because."),
        ("Pet allowed", "No"),
        ("Moved on", "27 March 2026"),
        ("Tags", "a; b"),
    ]
