"""What the soak calls growth."""

import os

import pytest

from chaos.soak import growth, sample


def test_a_figure_that_stays_is_flat_and_one_that_creeps_up_is_not() -> None:
    assert growth([100.0] * 30).is_flat
    assert not growth([100.0 + step for step in range(60)]).is_flat


def test_what_is_loaded_while_it_warms_up_does_not_count() -> None:
    assert growth([10.0, 20.0, 30.0] + [100.0] * 27).is_flat


def test_too_few_samples_say_so() -> None:
    with pytest.raises(ValueError, match="let it run longer"):
        growth([1.0, 2.0])


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs Linux's /proc")
def test_one_more_open_file_is_seen(tmp_path: object) -> None:
    before = sample(os.getpid())
    with open(os.devnull, "rb"):
        assert sample(os.getpid()).handles == before.handles + 1
    assert before.megabytes > 1
