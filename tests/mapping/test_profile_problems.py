"""A mistake in a profile is a sentence with file, line and path; all mistakes come at once."""

import pytest

from connector.errors import ConfigurationProblem
from connector.mapping.host_schema import load_host
from connector.mapping.yaml_text import parse

HOST = """
inbound:
  auth: {type: bearer, secret_env: TOKEN}
  select: {form_type: {path: type, map: {"1": post_21_assessment}}}
  envelope: {person_id: who}
"""


def problems(host: str = HOST, form: str | None = "fields: {}") -> list[str]:
    forms = {"post_21_assessment": parse("h/form.yaml", form)} if form is not None else {}
    try:
        load_host("h", parse("h/host.yaml", host), forms)
    except ConfigurationProblem as problem:
        return [str(place) for place in problem.places]
    return []


def fields(*lines: str) -> list[str]:
    return problems(form="fields:\n" + "\n".join(f"  {line}" for line in lines))


def test_a_small_profile_has_none() -> None:
    assert problems() == []


def test_every_mistake_of_both_files_is_reported_at_once() -> None:
    host = HOST.replace("type: bearer", "type: barer").replace("who}", "who, person_nam: x}")
    found = problems(
        host + "titel: x\n", "fields:\n  outcom: q\n  actions: q\n  wants_access: {kee: q}\n"
    )
    assert [each.split(": ", 1)[0] for each in found] == [
        "h/host.yaml:3 at inbound.auth",
        "h/host.yaml:5 at inbound.envelope.person_nam",
        "h/host.yaml:6 at titel",
        "h/form.yaml:2 at fields.outcom",
        "h/form.yaml:3 at fields.actions.columns",
        "h/form.yaml:4 at fields.wants_access.kee",
    ]


def test_near_misses_are_named() -> None:
    assert "Did you mean “outcome”?" in fields("outcom: q")[0]
    assert "Did you mean “key”?" in fields("outcome: {kee: q}")[0]
    assert "Did you mean “title”?" in problems(HOST + "titel: x\n")[0]
    assert "Did you mean “due_on”?" in fields("actions: {rows_of: a, columns: {dueon: d}}")[0]
    assert "Did you mean “close_case”?" in fields('outcome: {key: q, map: {"1": close_cas}}')[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("outcome: {map: {a: close_case}}", "exactly one way"),
        ("outcome: {key: a, path: b}", "Here are: key, path."),
        ("outcome: {key: a, map: {x: closed}}", "none of its codes"),
        ("outcome: {key: a, otherwise: none}", "none of its codes"),
        ("outcome: {ticked: {a: nothing}}", "none of its codes"),
        ("wants_access: {key: a, map: {x: maybe}}", "not a yes or no"),
        ("wants_access: {key: a, default: perhaps}", "not a yes or no"),
        ("requested_on: {constant: soon}", "not a date"),
        ("took_part_notes: {key: a, invert: true}", "yes or no"),
        ("wants_access: {key: a, invert: perhaps}", "true or false"),
        ("wants_access: {key: a, type: text}", "type yes_no"),
        ("wants_access: {path: 'a['}", "not a JMESPath"),
        ("wants_access: {path: Form type}", "double quotes"),
        ("assessor_id: {key: a, extract: '('}", "regular expression"),
        ("requested_on: {key: a, date_formats: [dd/mm/yyyy]}", "%d-%b-%Y"),
        ("requested_on: {key: a, zone: Europe/Derby}", "time zone"),
        ("wants_access: {first_of: []}", "list of places"),
        ("wants_access: {first_of: [a, {kee: b}]}", "no “kee”"),
        ("wants_access: [a, b]", "a key, or a group of verbs"),
        ("wants_access: ''", "leave the line out"),
        ("wants_access: {rows_of: a, columns: {b: c}}", "not a grid"),
        ("actions: {rows_of: a}", "exactly one way"),
        ("outcome: {key: a, take: label}", "value or words"),
        ("form_status: a", "under select:"),
        ("closure_other: a", "begins with closure_"),
        ("outcome: {key: [a]}", "one text"),
        ("outcome: {key: a, map: [x]}", "pairs"),
        ("outcome: {key: a, yes_words: {a: b}}", "list of texts"),
    ],
)
def test_mistakes_in_a_field(line: str, words: str) -> None:
    found = fields(line)
    assert found
    assert words in "\n".join(found)
    assert all(each.startswith("h/form.yaml:2 at fields.") for each in found)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  auth: {type: bearer, secret_env: TOKEN}\n", "", "Missing data"),
        ("type: bearer", "type: hmac_sha256", "header must name"),
        ("{path: type,", "{pth: type,", "no “pth”"),
        ("post_21_assessment}", "post_21}", "none of its codes"),
        ("  envelope:", "  answers: {path: x}\n  envelope:", "Say which layout"),
        ("  envelope:", "  answers: {layout: arry}\n  envelope:", "Write one of: object"),
        ("  envelope:", "  answers: {layout: array, value: v}\n  envelope:", "question's key"),
        ("  envelope:", "  answers: {layout: array, key: v}\n  envelope:", "Say where the answer"),
        ("  envelope:", "  subjects: {path: p, multiple: both}\n  envelope:", "each or one"),
        ("  envelope:", "  delivery_id: {header: a, path: b}\n  envelope:", "either a header"),
        ("form_type:", "accept_if: {path: a}, form_type:", "what it must be"),
        ("form_type:", "accept_if: {path: a, in: x, missing: no}, form_type:", "unmapped or"),
        ("{person_id: who}", "{person_id: who}\ndefaults: {temid: x}", "no such field"),
        ("{person_id: who}", "{person_id: who}\ndefaults: x", "pairs"),
    ],
)  # fmt: skip
def test_mistakes_in_the_host_file(old: str, new: str, words: str) -> None:
    assert words in "\n".join(problems(HOST.replace(old, new, 1)))


EVENTS = """  events:
    - kind: {path: e, map: {done: task_completed}}
      envelope: {occurred_at: at, task_id: t}
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("kind: {path: e, map: {done: task_completed}}", "with: x", "[1].kind", "what happened"),
        ("task_completed", "task_complete", "[1].kind.map.done", "none of its codes. Did you mean"),
        ("  envelope: {occurred_at: at, task_id: t}", "  with: x", "[1].envelope", "occurred_at"),
        ("task_id: t", "taskid: t", "[1].envelope.taskid", "Did you mean “task_id”?"),
        ("task_id: t", "result: {path: r, map: {a: b}}", "[1].envelope.result.map.a", "no_change"),
        ("task_id: t", "done_on: {path: r, zone: Derby}", "[1].envelope.done_on.zone", "time zone"),
        ("  envelope:", "  unless: answers\n      envelope:", "[1].unless", "no “unless” here"),
        ("  envelope:", "  with: 'a['\n      envelope:", "[1].with", "not a JMESPath"),
        ("  envelope:", "  accept_if: {path: a}\n      envelope:", "[1].accept_if", "what it must"),
        ("  envelope:", "  accept_if: {path: a, in: x, missing: ignored}\n      envelope:",
         "[1].accept_if.missing", "no “missing” here"),
        ("- kind", "- none\n    - kind", "[1]", "“key: value” lines"),
    ],
)  # fmt: skip
def test_mistakes_in_an_event(old: str, new: str, place: str, words: str) -> None:
    assert problems(HOST + EVENTS) == []
    found = problems(HOST + EVENTS.replace(old, new, 1))
    assert len(found) == 1
    assert f"at inbound.events{place}: " in found[0]
    assert words in found[0]


def test_one_shape_of_event_needs_no_list() -> None:
    one = "  events: {kind: {constant: task_done}, envelope: {occurred_at: at}}\n"
    assert "at inbound.events.kind.constant" in problems(HOST + one)[0]
    assert problems(HOST + one.replace("task_done", "task_completed")) == []


def test_mistakes_in_what_an_echo_is() -> None:
    assert problems(HOST + "  echo_if: {path: by, equals: svc}\n") == []
    assert "what it must be" in problems(HOST + "  echo_if: [{path: by}]\n")[0]
    assert "no “missing”" in problems(HOST + "  echo_if: {path: by, in: x, missing: ignored}\n")[0]


def test_how_a_host_tells_of_completion_is_one_of_three() -> None:
    assert problems(HOST + "completion: poll\n") == []
    assert "Write one of: assume, event, poll." in problems(HOST + "completion: polling\n")[0]


def test_a_form_that_is_selected_and_not_mapped_is_named() -> None:
    place = "h/host.yaml:4 at inbound.select.form_type"
    words = "There is no file post_21_assessment.yaml beside this one."
    assert problems(form=None) == [f"{place}: {words}"]


def test_a_file_of_words_alone_is_a_problem() -> None:
    assert "key: value" in problems(form="just words")[0]


def test_the_example_profile_of_the_domain_can_be_loaded_as_printed() -> None:
    """Reading side of domain 3.3."""
    host = """
profile: mosaic-via-middleware
inbound:
  auth: {type: hmac_sha256, header: X-Signature, timestamp_header: X-Timestamp, tolerance_seconds: 300, secret_env: INBOUND_SECRET}
  select: {form_type: {path: workflowStep.stepType.id, map: {1611: post_21_assessment, 1587: tailored_support_agreement}},
           accept_if: {path: workflowStep.status, in: [COMPLETED]}}
  subjects: {path: subjects, where: {subjectTypeCode: PER}, multiple: each}
  envelope:
    submission_id: form.formId
    submission_version: {path: workflowStep.completedOn}
    completed_at: {path: workflowStep.completedOn, zone: Europe/London}
    person_id: {subject: personId}
    date_of_birth: {subject: dateOfBirth}
    allocated_worker_id: workflowStep.assignedWorker.workerId
    team_id: workflowStep.assignedTeam.organisationId
  answers:
    layout: typed_array
    path: form.answers
    key: questionUserCode
    value_first_of: [lookup.code, date, boolean, shortText, number]
    rows: {row: row, column: column}
  fields:
    outcome: {key: p21.outcome, map: {"1": close_case, "2": remain_open, "3": immediate_needs_met, "4": refer_to_manager}}
    actions: {rows_of: p21.action, columns: {what: what, due_on: by, who: {column: who, map: {PA: pa, DUTY: duty, MGR: manager}}}}
    criterion_c_no_unmet_independence_needs: {key: tsa.unmetNeeds, type: yes_no, invert: true}
"""  # noqa: E501 — as printed in the specification
    loaded = load_host("m", parse("m/host.yaml", host), {})
    assert loaded.title == "mosaic-via-middleware"
    assert loaded.inbound.authentication.tolerance_seconds == 300
    assert set(loaded.forms) == {"post_21_assessment", "tailored_support_agreement"}
    assert set(loaded.forms["post_21_assessment"].fields) == {"outcome", "actions"}
