"""From the weight of words to shares of belief."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.scoring import logits, shares

WEIGHTS = st.dictionaries(st.sampled_from("ABCDE"), st.floats(0.01, 500), max_size=5)


@given(WEIGHTS)
def test_shares_are_parts_of_one_and_leave_a_part_for_unknown(evidence: dict[str, float]) -> None:
    found = shares(logits(evidence))
    assert found.keys() == evidence.keys()
    assert all(share > 0 for share in found.values())
    assert sum(found.values()) < 1


@given(WEIGHTS)
def test_more_weight_is_never_believed_less(evidence: dict[str, float]) -> None:
    found = shares(logits(evidence))
    by_weight = sorted(evidence, key=lambda code: evidence[code])
    assert [found[code] for code in by_weight] == sorted(found.values())


def test_a_class_nothing_speaks_for_has_no_share() -> None:
    assert shares(logits({"A": 0.0})) == {}


def test_logits_of_two_scorers_can_be_added() -> None:
    """Log-linear mixing: half the rules and half of a second opinion that says the same."""
    rules = logits({"A": 2.0, "B": 1.0})
    mixed = {code: 0.5 * score + 0.5 * score for code, score in rules.items()}
    assert shares(mixed) == pytest.approx(shares(rules))
