"""修改: which line of his answers a person wants to correct, and asking for it once more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from casestore.reading import Unreadable, numerals
from casestore.reading.text import fold
from dialogs import choosing, way
from dialogs.asking import Asking
from dialogs.progress import Mode, Progress
from dialogs.texts import Texts
from dialogs.tree import AnswerType, Question, Tree
from dialogs.turn import Context, Said, Turn

_EDIT_LINE = re.compile(r"(?:修改|改)第?([0-9]{1,6}|[一二三四五六七八九十]{1,3})(?:行|项|条|个|题)?")
_LINE = re.compile(r"第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:行|项|条|个|题)?")


def names_a_line(text: str) -> bool:
    """修改 3."""
    return _EDIT_LINE.fullmatch(fold(text)) is not None


class Correcting:
    """Stateless, like the engine whose part it is."""

    def __init__(self, trees: Mapping[str, Tree], texts: Texts, asking: Asking) -> None:
        self._trees, self._texts, self._asking = trees, texts, asking

    def named(self, progress: Progress, said: Said) -> int | None:
        """The line named by 修改 3, there or not yet; or at the summary by the bare number of one there."""
        folded = fold(said.text)
        if match := _EDIT_LINE.fullmatch(folded):
            return numerals.whole(match[1]) or 0
        question = self._trees[progress.tree].questions.get(progress.at)
        if question is None or question.answer is not AnswerType.SUMMARY or progress.mode is not Mode.ASKING:
            return None
        match = _LINE.fullmatch(folded)
        number = numerals.whole(match[1]) if match else None
        there = len(self._lines(progress))
        return number if number is not None and 1 <= number <= there else None

    def line(self, progress: Progress, number: int, context: Context) -> Turn:
        """Ask for this line once more."""
        lines = self._lines(progress)
        if 1 <= number <= len(lines):
            return self._edit(progress, lines[number - 1], context)
        code = "engine.line_unfilled" if lines else "engine.nothing_to_edit"
        return self._asking.turn(progress, context, self._texts.say(code, count=len(lines)))

    def pick(self, progress: Progress, context: Context) -> Turn:
        """Ask which line."""
        if not self._lines(progress):
            return self._asking.turn(progress, context, self._texts.say("engine.nothing_to_edit"))
        return self._asking.turn(replace(progress, mode=Mode.PICKING), context)

    def picked(self, progress: Progress, said: Said, context: Context) -> Turn:
        """Ask for the line he picked. Raises Unreadable where he named none."""
        options = self._asking.options(progress, context)
        option = choosing.one(options, said.text)
        value = said.pressed or (option.value if option else None)
        for question in self._lines(progress):
            if question.name == value:
                return self._edit(progress, question, context)
        raise Unreadable("choice", count=len(options))

    def _edit(self, progress: Progress, question: Question, context: Context) -> Turn:
        value = progress.answers[question.name].value
        picked = tuple(value) if question.answer is AnswerType.CHOICES and value else ()
        asked = replace(progress, at=question.name, mode=Mode.ASKING, picked=picked, misses=0)
        return self._asking.turn(asked, context)

    def _lines(self, progress: Progress) -> list[Question]:
        return way.lines(self._trees[progress.tree], progress)
