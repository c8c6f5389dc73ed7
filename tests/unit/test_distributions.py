"""The grammar of what varies: what may be written, what is drawn of it, and one sentence for what may not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from render_scripts.distributions import (
    Between,
    Choice,
    OneOf,
    Within,
    always,
    color,
    read_colors,
    weighted,
    whole_number,
    written,
)

NUMBERS = Within(0.0, 10.0)
WORDS = OneOf("style", lambda: ("bun", "braid", "short"))
UNITS = (np.arange(2000) + 0.5) / 2000


@pytest.mark.parametrize(
    "text",
    [
        3,
        [1, 2.5],
        {"choice": [1, [2, 4], 9], "weights": [2, 1, 1]},
        {"normal": [5, 1], "within": [4, 8]},
    ],
)
def test_numbers_lie_within_their_limits_and_read_back(text: Any) -> None:
    read = NUMBERS.read(text)
    assert NUMBERS.read(written(read)) == read
    drawn = [read.at(float(unit)) for unit in UNITS]
    assert all(read.low <= value <= read.high for value in drawn)
    assert NUMBERS.read(read) is read


def test_a_choice_of_numbers_takes_its_shares_and_spreads_over_its_ranges() -> None:
    read = NUMBERS.read({"choice": [1, [2, 4], 9], "weights": [2, 1, 1]})
    drawn = np.array([read.at(float(unit)) for unit in UNITS])
    assert (drawn == 1.0).mean() == 0.5 and (drawn == 9.0).mean() == 0.25
    inner = drawn[(drawn != 1.0) & (drawn != 9.0)]
    assert abs(inner.mean() - 3.0) < 0.01 and inner.min() < 2.01 and inner.max() > 3.99


def test_a_bell_curve_has_its_mean_and_spread_and_is_cut_off() -> None:
    drawn = np.array([Within(-100, 100).read({"normal": [5, 2]}).at(float(unit)) for unit in UNITS])
    assert abs(drawn.mean() - 5.0) < 0.01 and abs(drawn.std() - 2.0) < 0.02
    # The half above the middle of a curve has its mean at sqrt(2/pi) standard deviations.
    half = np.array([NUMBERS.read({"normal": [5, 1], "within": [5, 10]}).at(float(unit)) for unit in UNITS])
    assert half.min() >= 5.0 and abs(half.mean() - 5.7979) < 0.005


def test_whole_numbers_of_a_range_are_all_as_likely() -> None:
    drawn = Counter(whole_number(Between(1.0, 4.0), float(unit)) for unit in UNITS)
    assert drawn == {1: 500, 2: 500, 3: 500, 4: 500}
    both = NUMBERS.read({"choice": [0, [5, 6]]})
    assert Counter(whole_number(both, float(unit)) for unit in UNITS) == {0: 1000, 5: 500, 6: 500}


def test_colours_and_words() -> None:
    assert read_colors("#ff0000").at(0.3) == (1.0, 0.0, 0.0)
    two = read_colors({"choice": ["#ff0000", [0.1, 0.2, 0.3]]})
    assert [two.at(unit) for unit in (0.2, 0.7)] == [(1.0, 0.0, 0.0), (0.1, 0.2, 0.3)]
    styles = WORDS.read({"choice": ["bun", "braid"], "weights": [3, 1]})
    assert Counter(styles.at(float(unit)) for unit in UNITS) == {"bun": 1500, "braid": 500}
    for value in (two, styles, WORDS.read("short")):
        again = written(value)
        assert (read_colors(again) if value is two else WORDS.read(again)) == value


def test_options_that_weigh_nothing_are_never_drawn() -> None:
    given = weighted({"a": 0.0, "b": 1.0, "c": 0.0})
    assert {given.at(unit) for unit in (0.0, 0.5, np.nextafter(1.0, 0.0))} == {"b"}


def test_one_value_is_always_drawn() -> None:
    assert always("bun") == Choice(("bun",), (1.0,)) and always("bun").at(0.99) == "bun"
    assert Between(2.0, 2.0).at(0.7) == 2.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ([2, 1], "the lower one first"),
        (11, "from 0 to 10"),
        ("much", "give a number, a range"),
        (True, "give a number, a range"),
        ({"normal": [5]}, "standard deviation"),
        ({"normal": [5, 0]}, "above 0"),
        ({"normal": [5, 1], "within": [3, 3]}, "nothing of that bell curve"),
        ({"normal": [500, 1]}, "nothing of that bell curve"),
        ({"normal": [5, 1], "weights": [1]}, "'weights' does not belong beside 'normal'"),
        ({"choice": []}, "a list of values"),
        ({"choice": [1, 2], "weights": [1]}, "as many numbers as there are choices"),
        ({"choice": [1, 2], "weights": [0, 0]}, "not all 0"),
        ({"choice": [1, 99]}, "from 0 to 10"),
        ({"weights": [1]}, "a list of values"),
    ],
)
def test_numbers_that_are_none_are_refused(text: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        NUMBERS.read(text)


def test_words_and_colours_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown style 'bum' \(did you mean 'bun'\?\)"):
        WORDS.read({"choice": ["bum", "braid"]})
    with pytest.raises(ValueError, match="only numbers have a bell curve"):
        read_colors({"normal": [1, 2]})
    with pytest.raises(ValueError, match="#rrggbb"):
        color("red")
