"""The figures of an evaluation, recounted by hand on a few texts."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.learned import scores

_SHARES = np.array([[0.9, 0.1, 0.0, 0.0], [0.6, 0.2, 0.1, 0.1], [0.1, 0.8, 0.1, 0.0], [0.3, 0.28, 0.22, 0.2]])
_LABELS = np.array([0, 1, 1, 3])


def test_the_first_guess_and_the_first_three_are_counted() -> None:
    found = scores.of(_SHARES, _LABELS)
    assert (found.texts, found.accuracy, found.top_3) == (4, 0.5, 0.75)


def test_every_class_counts_alike_in_macro_f1() -> None:
    # class 0: 1 right of 3 said, 1 there: 2/4; class 1: 2·1/(1+2); class 3: never said: 0
    assert scores.macro_f1(_SHARES.argmax(axis=1), _LABELS) == pytest.approx((0.5 + 2 / 3 + 0) / 3)


def test_the_calibration_error_is_what_was_said_less_what_was_right() -> None:
    # bins .3, .6, .8, .9 with one text each: |.3-0| + |.6-0| + |.8-1| + |.9-1| over four
    assert scores.of(_SHARES, _LABELS).calibration_error == pytest.approx((0.3 + 0.6 + 0.2 + 0.1) / 4)


def test_the_interval_holds_the_accuracy_and_narrows_with_more_texts() -> None:
    few = scores.of(_SHARES, _LABELS)
    many = scores.of(np.tile(_SHARES, (100, 1)), np.tile(_LABELS, 100))
    (low, high), (lower, higher) = many.interval(), few.interval()
    assert lower < low < 0.5 < high < higher
    assert (low, high) == pytest.approx((0.4512, 0.5488), abs=0.001)


def test_the_surest_eighty_of_a_hundred_are_judged_alone() -> None:
    shares = np.array([[0.99, 0.01]] * 4 + [[0.51, 0.49]])
    found = scores.of(shares, np.array([0, 0, 0, 0, 1]))
    assert (found.accuracy, found.covered_80) == (0.8, 1.0)


def test_the_weakest_class_comes_first() -> None:
    rows = scores.by_class(_SHARES, _LABELS, ["甲", "乙", "丙", "丁"])
    assert [(row.label, row.recall) for row in rows] == [("丁", 0.0), ("乙", 0.5), ("甲", 1.0)]
