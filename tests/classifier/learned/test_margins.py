"""Margins: what is learned of many texts at once, one by one, and taken back."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.learned.features import Cut, Vector, Weights
from classifier.learned.margins import Margins
from classifier.segmenter import Segmenter
from tests.classifier.learned.builders import matters


@pytest.fixture(scope="module")
def vectors(segmenter: Segmenter) -> tuple[list[Vector], list[int]]:
    samples = matters(90)
    weights, counts = Weights(), [Cut.of(sample.text, segmenter).counts() for sample in samples]
    weights.note_all(counts)
    labels = sorted({sample.label for sample in samples})
    return [weights.vector(one) for one in counts], [labels.index(sample.label) for sample in samples]


def test_the_order_of_texts_does_not_change_what_is_learned(vectors: tuple[list[Vector], list[int]]) -> None:
    texts, labels = vectors
    one, other = Margins(3), Margins(3)
    one.fit(texts, labels, epochs=60, seed=1)
    other.fit(texts[::-1], labels[::-1], epochs=60, seed=2)
    for text in texts[:20]:
        assert np.allclose(one.scores(text), other.scores(text), atol=0.01)


def test_learning_one_by_one_with_a_look_back_comes_close_to_learning_all_at_once(
    vectors: tuple[list[Vector], list[int]],
) -> None:
    texts, labels = vectors
    at_once, in_turn = Margins(3), Margins(3)
    at_once.fit(texts, labels)
    for at, (text, label) in enumerate(zip(texts, labels, strict=True)):
        in_turn.learn(text, label, again=range(at))
    agree = [at_once.scores(text).argmax() == in_turn.scores(text).argmax() for text in texts]
    assert np.mean(agree) >= 0.95


def test_a_correction_taken_back_leaves_no_trace(vectors: tuple[list[Vector], list[int]]) -> None:
    texts, labels = vectors
    learned = Margins(3)
    learned.fit(texts[:60], labels[:60])
    before = [learned.scores(text).copy() for text in texts]
    at = learned.learn(texts[60], (labels[60] + 1) % 3)
    changed = [learned.scores(text) for text in texts]
    learned.forget(at)
    after = [learned.scores(text) for text in texts]
    assert not np.allclose(before, changed, atol=1e-3)
    assert np.allclose(before, after, atol=1e-4)


def test_a_text_of_which_nothing_is_known_gets_the_same_score_as_an_empty_one(
    vectors: tuple[list[Vector], list[int]], segmenter: Segmenter
) -> None:
    texts, labels = vectors
    learned = Margins(3)
    learned.fit(texts, labels)
    weights = Weights(texts=90)
    unknown = weights.vector(Cut.of("魑魅魍魉", segmenter).counts())
    empty = weights.vector(Cut.of("", segmenter).counts())
    assert np.array_equal(learned.scores(unknown), learned.scores(empty))
