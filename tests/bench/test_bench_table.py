"""The benchmark's arithmetic and its table, on made-up figures; nothing here is timed."""

import io
import json
import math

import pytest
from rich.console import Console

from bench.figures import Figure, median, share_below
from bench.table import number, table

PDF = Figure("A case summary", "ms", 30.0, 1.5, "an empty page")
KEPT = Figure("Webhooks kept", "a second", 500.0, 2000.0, "a route that does nothing", more=True)


def test_a_time_is_compared_with_the_time_of_its_floor() -> None:
    assert PDF.ratio == 20


def test_where_more_is_better_the_ratio_still_counts_the_cost() -> None:
    assert KEPT.ratio == 4


def test_a_floor_of_nothing_gives_no_ratio_rather_than_an_error() -> None:
    nothing = Figure("Starting", "ms", 5.0, 0.0, "nothing")
    assert math.isinf(nothing.ratio)
    assert nothing.as_dict()["ratio"] is None


def test_the_p99_of_a_hundred_values_is_the_second_largest() -> None:
    assert share_below(range(100, 0, -1), 0.99) == 99


def test_the_p99_of_a_few_values_is_the_largest() -> None:
    assert share_below([3, 1, 2], 0.99) == 3


def test_the_median_of_an_even_number_of_values_is_one_of_them() -> None:
    assert median([4, 1, 3, 2]) == 2


def test_no_values_have_no_median() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        median([])


@pytest.mark.parametrize(("value", "shown"), [(1234.5, "1,234"), (45.67, "45.7"), (1.234, "1.23")])
def test_numbers_show_three_figures_that_count(value: float, shown: str) -> None:
    assert number(value) == shown


def test_the_table_shows_each_figure_beside_its_floor() -> None:
    shown = io.StringIO()
    Console(file=shown, width=120).print(table([PDF, KEPT]))
    lines = shown.getvalue().splitlines()
    pdf = next(line for line in lines if "A case summary" in line)
    assert [cell.strip() for cell in pdf.strip("│ ").split("│")][1:] == [
        "30.0 ms",
        "1.50 ms",
        "20.0",
        "an empty page",
    ]


def test_the_figures_as_json_carry_their_ratio() -> None:
    assert json.loads(json.dumps(KEPT.as_dict()))["ratio"] == 4
