"""排演: a talk with the trees alone, without desk or store, and what to keep of it as a *.talk test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from casestore.errors import StoreError
from casestore.model import EvidenceId
from dialogs.acts import OPENED_BY
from dialogs.approved_answers import ApprovedAnswers
from dialogs.asking import ENTRY
from dialogs.engine import Engine
from dialogs.numbered import text_of
from dialogs.progress import Item, Mode, Progress
from dialogs.texts import Texts
from dialogs.tree import Option, Tree
from dialogs.turn import Context, Filed, Said, Turn
from dialogs.words import Word, spoken

_SENT = {"(照片)": "engine.evidence_early", "(语音)": "media.voice"}
_OWN_CASE = Option("complaint:1", "TS-20260101-0001")


class Rehearsal:
    """`kept` holds what was said and what of the answers any desk would say on any day: no dates, no numbers,
    nothing of this office."""

    def __init__(
        self, trees: Mapping[str, Tree], texts: Texts, today: date, answers: ApprovedAnswers | None = None
    ) -> None:
        self._engine, self._texts = Engine(trees, texts, answers), texts
        self._context = Context(today=today, own_cases=(_OWN_CASE,))
        self._turn = Turn(progress=None)
        self.kept: list[str] = []

    @property
    def is_over(self) -> bool:
        return self._turn.progress is None

    def begin(self, tree: str, *, from_the_door: bool = False) -> str:
        """What is asked first. `from_the_door`: keep the way a citizen takes to this tree."""
        self._turn = self._engine.start(self._context, tree)
        if from_the_door:
            for label, turn in self._way_to(tree):
                self.kept.extend([f"> [{label}]"] if label else [])
                self._turn = turn
                self.kept.extend(f"< {mark}" for mark in self._marks(None))
        return self._shown()

    def hear(self, text: str) -> str:
        """What is said to one word, as far as it needs no case. An empty one cannot be sent."""
        text, before = _as_written(text), self._turn.progress
        if before is None or not text:
            return ""
        self._turn = self._answer(before, text)
        self.kept.append(f"> {text}")
        self.kept.extend(f"< {mark}" for mark in self._marks(before))
        return self._shown()

    def _answer(self, progress: Progress, text: str) -> Turn:
        word, context = spoken(text), self._context
        asides = {
            Word.HELP: self._engine.help(progress),
            Word.PROGRESS: self._texts.say("progress.none"),
            Word.HUMAN: self._texts.say("human"),
        }
        for opens, act in OPENED_BY.items():
            asides[opens] = self._texts.say("act_later", act=self._texts.name("words", act))
        if word is Word.MORE and progress.mode is not Mode.LEAVING:
            return self._engine.again(progress, context, self._texts.say("paged_end"))
        if word in asides:
            return self._engine.again(progress, context, asides[word])
        is_material = word is None and self._engine.is_material(progress, text, context)
        if text in _SENT or is_material:
            item = Item(EvidenceId(len(self.kept)), text)
            note = _SENT.get(text, "engine.evidence_early")
            return self._engine.walk(progress, Said(evidence=(item,), note=note), context)
        return self._engine.walk(progress, Said(text=text, word=word), context)

    def _shown(self) -> str:
        told = [text_of(say, self._texts) for say in self._turn.says]
        told += [f"（到这里提交: {one.what}）" for one in self._turn.effects if isinstance(one, Filed)]
        return "\n" + "\n\n".join(told)

    # ── what is kept ──

    def _marks(self, before: Progress | None) -> Iterator[str]:
        """What a later play must see: a refusal, and the question asked or the end reached."""
        progress = self._turn.progress
        if progress is None:
            received = [
                self._texts.say("received.answered" if one.solved else f"received.{one.what}")
                for one in self._turn.effects
                if isinstance(one, Filed)
            ]
            yield from map(self._mark, [*received, *(say.text for say in self._turn.says)])
            return
        if before is not None and progress.misses > before.misses:
            yield self._mark(self._turn.says[0].text)
        modes = {Mode.LEAVING: "engine.leave", Mode.PICKING: "engine.pick_line"}
        if progress.mode in modes:
            yield self._mark(self._texts.say(modes[progress.mode]))
        else:
            yield self._mark(self._texts.fill(self._engine.trees[progress.tree][progress.at].ask))

    def _mark(self, text: str) -> str:
        """The first line that tells nothing of this office."""
        facts = [fact for fact in self._texts.office.values() if fact]
        lines = [line for line in text.splitlines() if line.strip()]
        return next((line for line in lines if not any(fact in line for fact in facts)), lines[0]).strip()

    def _way_to(self, tree: str) -> list[tuple[str, Turn]]:
        """The choices that lead from the door to a tree, each with what is then asked."""
        ways = [[("", self._engine.start(self._context, ENTRY))]]
        passed: set[str] = set()
        for way in ways:
            turn = way[-1][1]
            if turn.progress is None:
                continue
            if turn.progress.tree == tree:
                return way
            if turn.progress.tree != ENTRY or turn.progress.at in passed:
                continue
            passed.add(turn.progress.at)
            for option in turn.says[-1].options:
                following = self._engine.walk(turn.progress, Said(pressed=option.value), self._context)
                ways.append([*way, (option.label, following)])
        raise StoreError(f"从「{ENTRY}」走不到「{tree}」，录下的对话没法播放；不加 --record 可以走一遍")


def _as_written(text: str) -> str:
    """A word as it stands in a *.talk: [提交] and (甲) would be a press and a copy there."""
    text = text.strip()
    sent = text.replace("（", "(").replace("）", ")")
    if sent in _SENT:
        return sent
    while text[:1] + text[-1:] in ("[]", "()"):
        text = text[1:-1].strip()
    return text
