"""Which words of the lexicon stand in a text, and for which classes they speak."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from classifier.segmenter import Token
from classifier.tables import Entry, Lexicon
from classifier.word import Word

#: So many characters may stand between the two halves of 不给…退.
WIDEST_GAP = 8


class Axis(StrEnum):
    """What is asked of a text; each is answered by one table."""

    KIND = "kind"
    OBJECT = "object"
    NATURE = "nature"
    SCOPE = "scope"
    URGENCY = "urgency"


#: A longer word hides the shorter ones within it: 手机壳 is no 手机. The name of a thing hides words of
#: other departments and of emergencies too: 宠物医院 is no 医院, 跳楼机 nobody's end.
_HIDDEN_BY: dict[Axis, frozenset[Axis]] = {
    Axis.KIND: frozenset({Axis.KIND}),
    Axis.OBJECT: frozenset({Axis.OBJECT}),
    Axis.NATURE: frozenset({Axis.NATURE}),
    Axis.SCOPE: frozenset({Axis.SCOPE, Axis.OBJECT}),
    Axis.URGENCY: frozenset({Axis.URGENCY, Axis.OBJECT}),
}


@dataclass(frozen=True)
class Voice:
    """One word speaking for one class."""

    axis: Axis
    code: str
    word: Word


@dataclass(frozen=True)
class Found:
    """The words found, by table and class."""

    words: Mapping[Axis, Mapping[str, tuple[Word, ...]]] = field(default_factory=dict)

    def of(self, axis: Axis) -> Mapping[str, tuple[Word, ...]]:
        return self.words.get(axis, {})

    def evidence(self, axis: Axis) -> dict[str, float]:
        """The weight that speaks for each class. A word counts once, however often it stands there."""
        return {code: sum(word.weight for word in words) for code, words in self.of(axis).items()}


class Vocabulary:
    """All words of the tables, ready for finding."""

    def __init__(self, tables: Mapping[Axis, Iterable[Entry]]) -> None:
        self._plain: dict[str, list[Voice]] = defaultdict(list)
        self._gapped: dict[str, list[Voice]] = defaultdict(list)  # by the first half
        for axis, entries in tables.items():
            for entry in entries:
                for word in entry.words:
                    voices = self._plain if len(word.parts) == 1 else self._gapped
                    voices[word.parts[0]].append(Voice(axis, entry.code, word))
        self._axes = {word: frozenset(v.axis for v in voices) for word, voices in self._plain.items()}
        self.words = frozenset(self._plain)

    @classmethod
    def of(cls, lexicon: Lexicon) -> Vocabulary:
        return cls(
            {
                Axis.KIND: lexicon.kinds,
                Axis.OBJECT: lexicon.objects,
                Axis.NATURE: lexicon.natures,
                Axis.SCOPE: lexicon.outside,
                Axis.URGENCY: lexicon.signs,
            }
        )

    def find(self, text: str, tokens: Iterable[Token]) -> Found:
        """The words of `text`, which is folded, by its `tokens`."""
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for token, start, end in tokens:
            if token in self.words and _stands_alone(text, start, end):
                places[token].append((start, end))
        heard = self._plain_voices(places)
        for first, voices in self._gapped.items():
            if first in text:
                heard += [voice for voice in voices if _follows(text, *voice.word.parts)]
        return _sorted_out(heard)

    def _plain_voices(self, places: _Places) -> list[Voice]:
        heard: list[Voice] = []
        for axis, hiders in _HIDDEN_BY.items():
            spans = sorted(
                (start, -end, token)
                for token, found in places.items()
                if self._axes.get(token, frozenset()) & hiders
                for start, end in found
            )
            reach, standing = 0, set()
            for _, minus_end, token in spans:
                if -minus_end > reach:
                    reach = -minus_end
                    standing.add(token)
            heard += [voice for token in standing for voice in self._plain[token] if voice.axis is axis]
        return heard


_Places = Mapping[str, list[tuple[int, int]]]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Latin letters and digits are found as whole words only: no app in apple, no 3C in 13C."""
    return not (_runs_on(text, start) or _runs_on(text, end))


def _runs_on(text: str, at: int) -> bool:
    around = text[at - 1 : at + 1] if 0 < at < len(text) else ""
    return around.isascii() and (around.isalpha() or around.isdigit())


def _follows(text: str, first: str, second: str) -> bool:
    at = text.find(first)
    while at >= 0:
        after = at + len(first)
        if second in text[after : after + WIDEST_GAP + len(second)]:
            return True
        at = text.find(first, after)
    return False


def _sorted_out(heard: Iterable[Voice]) -> Found:
    words: dict[Axis, dict[str, list[Word]]] = defaultdict(lambda: defaultdict(list))
    for voice in heard:
        words[voice.axis][voice.code].append(voice.word)
    return Found(
        {
            axis: {
                code: tuple(sorted(of_class, key=lambda word: (-word.weight, word.text)))
                for code, of_class in classes.items()
                if not any(word.excludes for word in of_class)
            }
            for axis, classes in words.items()
        }
    )
