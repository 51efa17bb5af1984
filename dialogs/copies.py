"""What is sent of evidence while a tree is filled in: kept up to a number, counted, sent anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialogs.asking import Asking, joined
from dialogs.progress import Answer, Progress
from dialogs.texts import Texts
from dialogs.tree import AnswerType, Tree
from dialogs.turn import Context, Left, Said, Turn

_MOST = 9


class Copies:
    """Stateless, like the engine whose part it is."""

    def __init__(self, trees: Mapping[str, Tree], texts: Texts, asking: Asking) -> None:
        self._trees, self._texts, self._asking = trees, texts, asking

    def take(self, progress: Progress, said: Said, context: Context, note: str, *, asked: bool) -> Turn:
        """Keep what came as far as there is room. `asked`: it is what the question asks for."""
        room = max(_MOST - len(progress.evidence), 0)
        surplus = said.evidence[room:]
        code = "engine.evidence_got" if asked else said.note
        if surplus:
            code = "engine.evidence_full" if asked else "engine.evidence_full_early"
        progress = replace(progress, evidence=(*progress.evidence, *said.evidence[:room]), misses=0)
        told = self._texts.say(code, count=len(progress.evidence), most=_MOST)
        turn = self._asking.turn(self._recounted(progress), context, joined(note, told))
        return replace(turn, effects=(Left(surplus),)) if surplus else turn

    def count(self, progress: Progress) -> Answer:
        """The answer 2 份."""
        count = len(progress.evidence)
        return Answer(count, self._texts.say("engine.copies", count=count))

    def clear(self, progress: Progress, context: Context) -> Turn:
        """Forget what was sent, and ask for it anew."""
        emptied = replace(progress.without(progress.at), evidence=(), misses=0)
        told = self._texts.say("engine.cleared", count=len(progress.evidence))
        return replace(self._asking.turn(emptied, context, told), effects=(Left(progress.evidence),))

    def _recounted(self, progress: Progress) -> Progress:
        """An answer 2 份 follows what is sent after it."""
        tree, count = self._trees[progress.tree], self.count(progress)
        answered = [name for name in progress.answers if tree[name].answer is AnswerType.EVIDENCE]
        return replace(progress, answers={**progress.answers, **dict.fromkeys(answered, count)})
