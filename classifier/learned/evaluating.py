"""Trying a way of learning on labelled texts: in parts held back, with few labels, and in a stream."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from classifier.learned import scores, training
from classifier.learned.model import Model, table
from classifier.learned.scores import Scores
from classifier.learned.training import Read

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Table = NDArray[np.floating]
    Labels = NDArray[np.integer]

FOLDS = 5
CURVE = (50, 100, 200, 500, 1000, 2000, 5000)
_TESTED_AT_MOST = 1500

Fresh = Callable[[], Model]


@dataclass(frozen=True)
class Tried:
    """Shares given to texts that had not been learned, and the labels they have."""

    shares: Table
    labels: Labels

    @property
    def scores(self) -> Scores:
        return scores.of(self.shares, self.labels)


def folds(ids: Sequence[str]) -> Labels:
    """The part of each text by the hash of its id: the same on every machine."""
    return np.array([int(hashlib.sha256(one.encode()).hexdigest(), 16) % FOLDS for one in ids])


def in_turn(fresh: Fresh, read: Read, fold: Labels) -> Iterator[Tried]:
    """Each part is judged by what the others taught."""
    for held in range(FOLDS):
        rest, test = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        if len(test) and len(rest):
            yield judged(learned(fresh(), read.part(rest)), read.part(test))


def learned(model: Model, read: Read) -> Model:
    training.fit(model, read)
    return model


def judged(model: Model, read: Read) -> Tried:
    return Tried(model.blend.shares(table(model, read.counts), read.rules), read.labels)


def together(tried: Sequence[Tried]) -> Tried:
    return Tried(np.vstack([one.shares for one in tried]), np.concatenate([one.labels for one in tried]))


def curve(fresh: Fresh, read: Read, fold: Labels) -> Iterator[tuple[int, Scores]]:
    """What so many labels give, judged on one part held back; 0 labels are the rules alone."""
    test = np.flatnonzero(fold == 0)[:_TESTED_AT_MOST]
    rest = np.random.default_rng(0).permutation(np.flatnonzero(fold != 0))
    yield 0, scores.of(np.exp(read.part(test).rules), read.labels[test])
    for size in (*(size for size in CURVE if size < len(rest)), len(rest)):
        yield size, judged(learned(fresh(), read.part(rest[:size])), read.part(test)).scores
