"""解答库: the office's approved answers to what people ask again and again, and which fit a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casestore.codes import Channel
from casestore.reading.text import fold
from dialogs.platforms import PLATFORMS
from dialogs.texts import Texts

_MOST_SHOWN = 4
_MOST_AT_ONCE = 3
#: What is told with nobody in between must fit well: at least so many letters of the question and such a part
#: of it, and not much less than the best.
_LEAST_LETTERS, _LEAST_PART, _NEAR_THE_BEST = 4, 0.1, 0.7
_WECHAT = PLATFORMS[Channel.WECHAT]
#: On the smallest platform a question stands below the answers.
ROOM = _WECHAT.most - 400


@dataclass(frozen=True)
class ApprovedAnswer:
    """`words`: what a question holds that this answers. `law`: what the answer rests on."""

    code: str
    title: str
    words: tuple[str, ...]
    answer: str
    law: str

    def fits(self, question: str) -> int:
        """How many letters of the (folded) question its words cover: 0 where it does not fit."""
        covered = set[int]()
        for word in map(fold, self.words):
            place = question.find(word)
            covered.update(range(place, place + len(word)) if place >= 0 else ())
        return len(covered)

    @property
    def size(self) -> int:
        """How much room it takes where room is scarce."""
        return _WECHAT.size(self.title + self.answer + self.law)

    def text(self, texts: Texts) -> str:
        """The answer with its source, the office's own facts filled in."""
        return f"{texts.fill(self.answer)}\n{texts.say('approved.law', law=self.law)}"


class ApprovedAnswers:
    """All of them, by code."""

    def __init__(self, answers: Iterable[ApprovedAnswer] = ()) -> None:
        self._answers = {answer.code: answer for answer in answers}

    def __getitem__(self, code: str) -> ApprovedAnswer:
        return self._answers[code]

    def __contains__(self, code: str) -> bool:
        return code in self._answers

    def __iter__(self) -> Iterator[ApprovedAnswer]:
        return iter(self._answers.values())

    def fitting(self, question: str, most: int = _MOST_SHOWN) -> list[ApprovedAnswer]:
        """Those whose words stand in the question, the best first: for a person who picks."""
        asked = fold(question)
        fits = {answer.code: answer.fits(asked) for answer in self}
        found = [answer for answer in self if fits[answer.code]]
        return sorted(found, key=lambda answer: -fits[answer.code])[:most]

    def at_once(self, question: str) -> list[ApprovedAnswer]:
        """Those that may be told with nobody in between, the best first; none where none fits well."""
        asked = fold(question)
        shown = list[ApprovedAnswer]()
        for answer in self.fitting(question, _MOST_AT_ONCE):
            best = shown[0].fits(asked) if shown else 0
            least = max(_LEAST_LETTERS, _LEAST_PART * len(asked), _NEAR_THE_BEST * best)
            if answer.fits(asked) >= least and sum(one.size for one in (*shown, answer)) <= ROOM:
                shown.append(answer)
        return shown
