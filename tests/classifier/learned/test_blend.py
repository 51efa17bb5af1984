"""The mix of rules and margins: who is right more often gets more weight, and shares are honest."""

from __future__ import annotations

import numpy as np

from classifier.learned import blend
from classifier.learned.blend import Blend

_CHANCE = np.random.default_rng(5)


def _views(right: float, many: int, labels: np.ndarray) -> np.ndarray:
    """Scores that name the right class so often."""
    named = np.where(_CHANCE.random(many) < right, labels, _CHANCE.integers(0, 4, many))
    return np.eye(4)[named] * 2 - 1


def test_the_better_of_two_views_weighs_more() -> None:
    labels = _CHANCE.integers(0, 4, 400)
    good, poor = _views(0.9, 400, labels), _views(0.3, 400, labels)
    learned_leads = blend.fit(good, poor, labels)
    rules_lead = blend.fit(poor, good, labels)
    assert learned_leads.learned > 2 * learned_leads.rules
    assert rules_lead.rules > 2 * rules_lead.learned


def test_a_share_is_as_often_right_as_it_says() -> None:
    labels = _CHANCE.integers(0, 4, 2000)
    margins, rules = _views(0.8, 2000, labels), _views(0.5, 2000, labels)
    mix = blend.fit(margins[:1000], rules[:1000], labels[:1000])
    shares = mix.shares(margins[1000:], rules[1000:])
    right = shares.argmax(axis=1) == labels[1000:]
    assert abs(shares.max(axis=1).mean() - right.mean()) < 0.04


def test_without_any_text_the_mix_stays_as_it_was() -> None:
    start = Blend(1.5, 0.7)
    none = np.zeros((0, 4))
    assert blend.fit(none, none, np.zeros(0, int), start) == start


def test_what_the_rules_leave_open_is_spread_over_all_classes() -> None:
    logs = blend.logs(np.array([[0.6, 0.0, 0.0, 0.0]]))
    assert np.allclose(np.exp(logs), [[0.7, 0.1, 0.1, 0.1]])
