"""YAML is text until a schema converts it; everything doubtful is refused with its line."""

import pytest

from connector.errors import ConfigurationProblem
from connector.mapping.yaml_text import Document, parse


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigurationProblem) as caught:
        parse("host.yaml", text)
    return [str(place) for place in caught.value.places]


def test_every_scalar_stays_as_typed() -> None:
    tree = parse("host.yaml", "a: yes\nb: NO\nc: 017\nd: 2026-01-01\ne: null\nf:\ng: 'x'").tree
    assert tree == {
        "a": "yes", "b": "NO", "c": "017", "d": "2026-01-01", "e": "null", "f": "", "g": "x",
    }  # fmt: skip


def test_an_empty_file_is_an_empty_group() -> None:
    assert parse("host.yaml", "# nothing\n").tree == {}


def test_every_path_knows_its_line() -> None:
    document = parse("host.yaml", "a:\n  - x\n  - b: {c: d}\n")
    assert document.place(("a", 1, "b", "c"), "Wrong.").line == 3
    assert (
        str(document.place(("a", 1, "nowhere"), "Wrong.")) == "host.yaml:3 at a[2].nowhere: Wrong."
    )


def test_all_doubtful_places_are_reported_together() -> None:
    found = problems("a: 1\na: 2\nb: !!python/object:os.system {}\nc: {<<: x}\n? [k]\n: v\n")
    assert [each.split(":")[1].split()[0] for each in found] == ["2", "3", "4", "5"]
    assert "twice" in found[0]
    assert "tag" in found[1]
    assert "<<" in found[2]


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\ta: b", "a: b\n--- \nc: d", "a: \x00", "*x"])
def test_what_is_no_yaml_is_a_problem_and_not_a_crash(text: str) -> None:
    assert len(problems(text)) == 1


def test_a_reference_may_be_used_again() -> None:
    tree = parse("host.yaml", "a: &areas {x: y}\nb: *areas\n").tree
    assert tree["b"] == {"x": "y"}


def test_references_that_grow_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert "repeated" in problems("\n".join(lines))[0]
    assert "repeated" in problems("&a [*a]")[0]


def test_a_huge_file_is_refused() -> None:
    assert "too large" in problems("a: " + "x" * 600_000)[0]


def test_marshmallows_messages_become_places_in_the_order_of_the_lines() -> None:
    document = Document("p.yaml", {}, {("a",): 1, ("b",): 2, ("b", 0): 3})
    found = document.places({"b": {0: {"c": ["Two."]}}, "a": ["One."], "_schema": ["Whole."]})
    assert [(place.line, place.path, place.message) for place in found] == [
        (None, "", "Whole."), (1, "a", "One."), (3, "b[1].c", "Two."),
    ]  # fmt: skip
