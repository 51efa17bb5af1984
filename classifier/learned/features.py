"""From a text to numbers: characters, pairs of characters, words and pairs of words, weighed by TF-IDF.

Characters carry short titles, where words cut by jieba lose ten points; words carry long texts. Three
characters in a row add nothing once words are there, so they are left out.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from classifier import reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classifier.segmenter import Segmenter, Token

    Ids = NDArray[np.int64]
    Values = NDArray[np.float32]

#: Changes whenever a text would get other numbers: a model of another version is refused.
VERSION = 1
#: Two halves of this size: characters and words. Collisions cost less than 0.1 points here.
_HALF = 1 << 19
SPACE = 2 * _HALF
_PAIR = 0x9E3779B1
#: Characters and their pairs seen in one text only are left out: they would drown the others.
_RARE = 2


@dataclass(frozen=True)
class Vector:
    """A text as `values` (of length 1 for each half) at the places `ids`, which are in order."""

    ids: Ids
    values: Values


@dataclass(frozen=True)
class Counts:
    """How often each thing stands in a text, before anything is known of other texts."""

    ids: Ids
    counts: Values


@dataclass(frozen=True)
class Cut:
    """A text folded and cut into words, once for everything that looks at it."""

    folded: str
    tokens: list[Token]

    @classmethod
    def of(cls, text: str, segmenter: Segmenter) -> Cut:
        folded = reading.folded(reading.plain(text))
        return cls(folded, list(segmenter.cut(folded)))

    def counts(self) -> Counts:
        ids = np.concatenate([_characters(self.folded), self._words()])
        places, counts = np.unique(ids, return_counts=True)
        return Counts(places, counts.astype(np.float32))

    def names(self) -> dict[int, str]:
        """The words and pairs of characters by their places, to tell a person what counted."""
        pairs = [self.folded[at : at + 2] for at in range(len(self.folded) - 1)]
        named = dict(zip(_characters(self.folded)[len(self.folded) :].tolist(), pairs, strict=True))
        words = [word for word, _, _ in self.tokens]
        return named | dict(zip(self._words()[: len(words)].tolist(), words, strict=True))

    def _words(self) -> Ids:
        hashed = np.fromiter((_hash(word) for word, _, _ in self.tokens), np.int64, len(self.tokens))
        return np.concatenate([hashed, _pairs(hashed)]) % _HALF + _HALF


class Weights:
    """In how many of the texts seen so far each thing stood; rare things weigh more (TF-IDF)."""

    def __init__(self, texts: int = 0, seen: NDArray[np.int32] | None = None) -> None:
        self.texts = texts
        self.seen = np.zeros(SPACE, np.int32) if seen is None else seen

    def note(self, counts: Counts) -> None:
        self.texts += 1
        self.seen[counts.ids] += 1

    def note_all(self, all_counts: Iterable[Counts]) -> None:
        for counts in all_counts:
            self.note(counts)

    def vector(self, counts: Counts) -> Vector:
        """What was in no text so far has no place yet."""
        seen = self.seen[counts.ids]
        known = seen >= np.where(counts.ids < _HALF, _RARE, 1)
        ids, seen = counts.ids[known], seen[known]
        rarity = np.log((1 + self.texts) / (1 + seen)) + 1
        values = (1 + np.log(counts.counts[known])) * rarity
        border = int(np.searchsorted(ids, _HALF))
        for half in (slice(0, border), slice(border, None)):
            values[half] /= np.sqrt(values[half] @ values[half]) or 1
        return Vector(ids, values.astype(np.float32))


def _characters(folded: str) -> Ids:
    points = np.frombuffer(folded.encode("utf-32-le"), np.uint32).astype(np.int64)
    return np.concatenate([points, _pairs(points)]) % _HALF


def _pairs(ids: Ids) -> Ids:
    return (ids[:-1] * _PAIR + ids[1:] * 31 + 7) & 0x7FFFFFFFFFFF


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode())
