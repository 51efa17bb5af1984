"""The rules of a taxonomy: which of its classes the words of a text speak for, before anything is learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from classifier import scoring
from classifier.learned.features import Cut
from classifier.tables import ObjectClass
from classifier.vocabulary import Axis, Found, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classifier.segmenter import Segmenter


class Rules:
    """Shares of the classes named `codes`, in their order; a class has the words of those below it too."""

    def __init__(self, classes: Sequence[ObjectClass], codes: Sequence[str], segmenter: Segmenter) -> None:
        self._vocabulary = Vocabulary({Axis.OBJECT: classes})
        self._at = {code: at for at, code in enumerate(codes)}
        self._nearest = _nearest(classes, self._at)
        segmenter.teach(self._vocabulary.words)

    def found(self, cut: Cut) -> Found:
        return self._vocabulary.find(cut.folded, cut.tokens)

    def shares(self, found: Found) -> NDArray[np.floating]:
        evidence: dict[str, float] = {}
        for code, weight in found.evidence(Axis.OBJECT).items():
            if (label := self._nearest.get(code)) is not None:
                evidence[label] = evidence.get(label, 0) + weight
        shares = np.zeros(len(self._at))
        for label, share in scoring.shares(scoring.logits(evidence)).items():
            shares[self._at[label]] = share
        return shares

    def words(self, found: Found, label: str) -> list[tuple[str, float]]:
        """What speaks for the class, as an officer reads it; the heaviest first."""
        words = [
            (word.text, word.weight)
            for code, of_class in found.of(Axis.OBJECT).items()
            if self._nearest.get(code) == label
            for word in of_class
        ]
        return sorted(words, key=lambda pair: (-pair[1], pair[0]))


def _nearest(classes: Sequence[ObjectClass], labels: Mapping[str, int]) -> dict[str, str]:
    """For each class itself or the first above it that is a label."""
    nearest: dict[str, str] = {}
    for one in classes:  # parents stand above their children
        if one.code in labels:
            nearest[one.code] = one.code
        elif one.parent in nearest:
            nearest[one.code] = nearest[one.parent]
    return nearest
