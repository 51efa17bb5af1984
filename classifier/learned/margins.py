"""Linear classes learned one against the rest: a support vector machine by dual coordinate ascent.

The method of LIBLINEAR (Hsieh et al. 2008, squared hinge), done for all classes of a text at once. A text
is one row of dual weights, so a new one is learned by a few steps, and one taken back is subtracted: the
model is always the sum of the texts it stands on. AdaGrad on the same features stayed two points below.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from classifier.learned.features import SPACE, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

EPOCHS = 10
#: A step that moves no weight by more ends nothing.
_STILL = 1e-3
_FIRST_ROWS = 4096


class Margins:
    """Scores of texts by class: how far a text lies on each class's side. Not thread-safe while learning."""

    def __init__(self, classes: int, hardness: float = 1.0) -> None:
        self.classes = classes
        self._slack = np.float32(1 / (2 * hardness))
        self.place = np.full(SPACE, -1, np.int32)
        self.rows = np.zeros((_FIRST_ROWS, classes), np.float32)
        self.used = 1  # row 0 is the constant
        self._texts: list[tuple[NDArray[np.int32], Floats, float]] = []
        self._sides: list[Floats] = []
        self._dual: list[Floats] = []

    def fit(
        self, vectors: Sequence[Vector], labels: Sequence[int], epochs: int = EPOCHS, seed: int = 0
    ) -> None:
        start = len(self._texts)
        for vector, label in zip(vectors, labels, strict=True):
            self._add(vector, label)
        order = np.random.default_rng(seed)
        for _ in range(epochs):
            moved = 0.0
            for at in order.permutation(len(self._texts) - start) + start:
                moved = max(moved, self._step(int(at)))
            if moved < _STILL:
                return

    def learn(self, vector: Vector, label: int, again: Sequence[int] = ()) -> int:
        """One text more; `again` are texts learned before that are looked at once more. Gives its number."""
        self._add(vector, label)
        at = len(self._texts) - 1
        self._step(at)
        for other in again:
            self._step(other)
        self._step(at)
        return at

    def forget(self, at: int) -> None:
        """Take back what the text numbered `at` taught."""
        ids, values, _ = self._texts[at]
        self.rows[ids] -= values[:, None] * (self._dual[at] * self._sides[at])
        self._dual[at][:] = 0
        self._sides[at] = np.zeros_like(self._sides[at])

    def scores(self, vector: Vector) -> Floats:
        places = self.place[vector.ids]
        known = places >= 0
        result: Floats = vector.values[known] @ self.rows[places[known]] + self.rows[0]
        return result

    def parts(self, vector: Vector, at: int) -> list[tuple[int, float]]:
        """What each known thing of the text adds to the score of class `at`."""
        places = self.place[vector.ids]
        known = places >= 0
        added = vector.values[known] * self.rows[places[known], at]
        return list(zip(vector.ids[known].tolist(), added.tolist(), strict=True))

    def put(self, ids: NDArray[np.int32], rows: Floats, constant: Floats) -> None:
        """Rows learned elsewhere; the texts behind them are not known here any more."""
        self.place[ids] = np.arange(1, len(ids) + 1, dtype=np.int32)
        self.rows = np.vstack([constant[None, :], rows]).astype(np.float32)
        self.used = len(self.rows)

    def _add(self, vector: Vector, label: int) -> None:
        places = self._places(vector)
        values = np.append(vector.values, np.float32(1))
        sides = np.full(self.classes, -1, np.float32)
        sides[label] = 1
        self._texts.append((places, values, float(values @ values)))
        self._sides.append(sides)
        self._dual.append(np.zeros(self.classes, np.float32))

    def _places(self, vector: Vector) -> NDArray[np.int32]:
        new = vector.ids[self.place[vector.ids] < 0]
        if self.used + len(new) > len(self.rows):
            grown = np.zeros((2 * (self.used + len(new)), self.classes), np.float32)
            grown[: self.used] = self.rows[: self.used]
            self.rows = grown
        self.place[new] = np.arange(self.used, self.used + len(new), dtype=np.int32)
        self.used += len(new)
        return np.append(self.place[vector.ids], np.int32(0))

    def _step(self, at: int) -> float:
        """Move the dual weights of one text to their best, the others held; how far they moved."""
        places, values, square = self._texts[at]
        sides, dual = self._sides[at], self._dual[at]
        rows = self.rows[places]
        slope = sides * (values @ rows) - 1 + self._slack * dual
        best = np.maximum(dual - slope / (square + self._slack), 0) * (sides != 0)
        moved = (best - dual) * sides
        furthest = float(np.abs(moved).max())
        if furthest > _STILL / 10:
            self._dual[at] = best
            self.rows[places] = rows + values[:, None] * moved
        return furthest
