"""What a citizen is asked: the question, its options, the summary of his answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dialogs import choosing, way
from dialogs.approved_answers import ApprovedAnswers
from dialogs.progress import Mode, Progress
from dialogs.texts import Texts
from dialogs.tree import CHOOSES, AnswerType, Option, Tree
from dialogs.turn import Context, Say, Turn
from dialogs.words import Word

ENTRY = "entry"
_SHOWN_IN_SUMMARY, _SHOWN_IN_OPTION = 120, 24
_SKIP_WORDS = ("跳过", "没有", "无", "不清楚", "不知道")
_NO_EVIDENCE = (*_SKIP_WORDS, "没有证据", "没证据", "我没有证据", "没有材料", "暂时没有", "暂无")


class BuiltIn:
    """Options that no tree has to write."""

    KEEP, DONE, SUBMIT, EDIT, LEAVE, STAY, SKIP = "keep", "done", "submit", "edit", "leave", "stay", "skip"
    #: Forget what was sent, and send anew.
    CLEAR = "clear"


_ALSO = {
    BuiltIn.DONE: ("好了", "发完了", "没有了", "没了", "就这些", "结束", "ok"),
    BuiltIn.CLEAR: ("清空", "重新发送", "重发", "重新发"),
    BuiltIn.SUBMIT: ("确认", "确认提交", "是", "确定", "好", "ok"),
    BuiltIn.KEEP: ("不变", "不改", "不改了"),
    BuiltIn.LEAVE: ("是", "确定", "确认"),
    BuiltIn.STAY: ("否", "不", "继续填写", "不取消"),
}


class Asking:
    """Turns where a person stands into what he is shown."""

    def __init__(self, trees: Mapping[str, Tree], texts: Texts, answers: ApprovedAnswers) -> None:
        self._trees, self._texts, self._answers = trees, texts, answers

    def ask(self, progress: Progress, context: Context, lead: str = "") -> Say:
        """The question he stands at, after `lead`."""
        options = self.options(progress, context)
        if progress.mode is Mode.LEAVING:
            return Say(text=joined(lead, self._texts.say("engine.leave")), options=options)
        if progress.mode is Mode.PICKING:
            text = joined(lead, self._texts.say("engine.pick_line"))
            return Say(text=text, options=options, words=(Word.BACK,))
        tree = self._trees[progress.tree]
        question = tree[progress.at]
        text = self._texts.fill(question.ask)
        if question.answer is AnswerType.SUMMARY:
            text = f"{text}\n{self._summary(tree, progress)}\n\n{self._texts.say('engine.check')}"
        elif question.answer is AnswerType.APPROVED and not lead:  # else they stand just above
            text = joined(self._texts.say("approved.lead"), *self._approved(progress), text)
        elif question.name in progress.answers and question.line:
            text = joined(self._texts.say("engine.now", answer=progress.answers[question.name].shown), text)
        if (place := way.place(tree, progress)) is not None:
            text = f"({place[0]}/{place[1]}) {text}"
        return Say(
            text=joined(lead, text),
            options=options,
            picked=progress.picked,
            several=question.answer is AnswerType.CHOICES,
            typed=question.answer not in CHOOSES or question.answer is AnswerType.SUMMARY,
            words=(Word.BACK, Word.CANCEL, Word.HELP) if tree.name != ENTRY else (Word.HELP,),
        )

    def turn(self, progress: Progress, context: Context, lead: str = "") -> Turn:
        """The turn that does nothing but ask."""
        return Turn(progress=progress, says=(self.ask(progress, context, lead),))

    def options(self, progress: Progress, context: Context) -> tuple[Option, ...]:
        """What he may choose from here, in the order shown."""
        tree = self._trees[progress.tree]
        if progress.mode is Mode.LEAVING:
            return (self._built_in(BuiltIn.LEAVE), self._built_in(BuiltIn.STAY))
        if progress.mode is Mode.PICKING:
            return tuple(
                Option(
                    line.name, f"{line.line}：{short(progress.answers[line.name].shown, _SHOWN_IN_OPTION)}"
                )
                for line in way.lines(tree, progress)
            )
        question = tree[progress.at]
        if question.answer is AnswerType.SUMMARY:
            return (self._built_in(BuiltIn.SUBMIT), self._built_in(BuiltIn.EDIT))
        options = list(context.own_cases if question.answer is AnswerType.OWN_CASE else question.options)
        is_evidence, is_corrected = question.answer is AnswerType.EVIDENCE, question.name in progress.answers
        without = (question.skip, *_NO_EVIDENCE) if is_evidence else _SKIP_WORDS
        if is_evidence and progress.evidence:
            done = self._built_in(BuiltIn.DONE)
            options.append(replace(done, also=(*done.also, *filter(None, without))))  # what came is kept
        elif progress.picked:
            options.append(self._built_in(BuiltIn.DONE))
        elif question.skip:
            options.append(Option(BuiltIn.SKIP, question.skip, without))
        if is_evidence and progress.evidence and is_corrected:
            options.append(self._built_in(BuiltIn.CLEAR))
        if is_corrected:
            options.append(self._built_in(BuiltIn.KEEP))
        return tuple(options)

    def names(self, text: str, *built_in: str) -> bool:
        """Whether these words are one of these options, e.g. 完成, also where it is not offered."""
        options = [self._built_in(value) for value in built_in]
        return any(choosing.is_named(option, text) for option in options)

    def _approved(self, progress: Progress) -> Iterator[str]:
        for answer in (self._answers[code] for code in progress.approved if code in self._answers):
            yield f"{self._texts.say('approved.title', title=answer.title)}\n{answer.text(self._texts)}"

    def _built_in(self, value: str) -> Option:
        return Option(value, self._texts.say(f"options.{value}"), _ALSO.get(value, ()))

    def _summary(self, tree: Tree, progress: Progress) -> str:
        return "\n".join(
            f"{number}. {line.line}：{short(progress.answers[line.name].shown, _SHOWN_IN_SUMMARY)}"
            for number, line in enumerate(way.lines(tree, progress), 1)
        )


def joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def short(text: str, most: int) -> str:
    """The beginning of a long text, with its length."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…(共{len(text)}字)"
