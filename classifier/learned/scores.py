"""How good guesses were: right ones, the balance over classes, honesty of the shares, what asking saves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Table = NDArray[np.floating]
    Labels = NDArray[np.integer]

_BINS = 10
_Z95 = 1.96


@dataclass(frozen=True)
class Scores:
    """Parts of 1, except `texts`. `covered_80`: right ones among the surest 80 of 100."""

    texts: int
    accuracy: float
    macro_f1: float
    top_3: float
    calibration_error: float
    covered_80: float
    covered_90: float

    def interval(self) -> tuple[float, float]:
        """Where the accuracy lies 95 times of 100 (Wilson)."""
        n, p = self.texts, self.accuracy
        middle = (p + _Z95**2 / (2 * n)) / (1 + _Z95**2 / n)
        half = _Z95 * math.sqrt(p * (1 - p) / n + _Z95**2 / (4 * n * n)) / (1 + _Z95**2 / n)
        return middle - half, middle + half


@dataclass(frozen=True)
class OfClass:
    label: str
    texts: int
    precision: float
    recall: float


def of(shares: Table, labels: Labels) -> Scores:
    """`shares`: a row for each text, a column for each class."""
    order = np.argsort(-shares, axis=1, kind="stable")
    right = order[:, 0] == labels
    surest = np.argsort(-shares.max(axis=1), kind="stable")
    return Scores(
        texts=len(labels),
        accuracy=float(right.mean()),
        macro_f1=macro_f1(order[:, 0], labels),
        top_3=float((order[:, :3] == labels[:, None]).any(axis=1).mean()),
        calibration_error=sum(part * abs(said - was) for said, was, part in reliability(shares, labels)),
        covered_80=float(right[surest[: math.ceil(0.8 * len(labels))]].mean()),
        covered_90=float(right[surest[: math.ceil(0.9 * len(labels))]].mean()),
    )


def macro_f1(guesses: Labels, labels: Labels) -> float:
    """Every class that is there counts alike, however rare."""
    both = [
        2 * ((guesses == one) & (labels == one)).sum() / ((guesses == one).sum() + (labels == one).sum())
        for one in np.union1d(guesses, labels)
    ]
    return float(np.mean(both))


def reliability(shares: Table, labels: Labels) -> list[tuple[float, float, float]]:
    """For each tenth of the scale: the mean share said, the part that was right, the part of all texts."""
    said, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    bins = np.minimum((said * _BINS).astype(int), _BINS - 1)
    return [
        (float(said[bins == at].mean()), float(right[bins == at].mean()), float((bins == at).mean()))
        for at in range(_BINS)
        if (bins == at).any()
    ]


def by_class(shares: Table, labels: Labels, names: Sequence[str]) -> list[OfClass]:
    """The weakest first."""
    guesses = shares.argmax(axis=1)
    rows = [
        OfClass(
            name,
            int((labels == at).sum()),
            float((labels[guesses == at] == at).mean()) if (guesses == at).any() else 0.0,
            float((guesses[labels == at] == at).mean()),
        )
        for at, name in enumerate(names)
        if (labels == at).any()
    ]
    return sorted(rows, key=lambda row: (row.recall, row.label))
