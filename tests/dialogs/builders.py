"""Builders for dialogs: the product's own trees and texts, an engine, small trees written on the spot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from casestore.model import EvidenceId
from casestore.problems import Problem
from dialogs import answers_file, lint, tree_file
from dialogs.engine import Engine
from dialogs.progress import Item, Progress
from dialogs.texts import Texts
from dialogs.tree import AnswerType, Option, Question, Tree
from dialogs.turn import Context, Said, Turn
from dialogs.words import spoken

TODAY = date(2026, 11, 23)
OFFICE = {
    "office": "甲县市场监督管理局", "hotline": "0773-6212315", "window": "城关镇东街1号", "hours": "9:00—17:30",
    "retention": "三年",
}  # fmt: skip
TREES = tree_file.load()
TEXTS = Texts.load(OFFICE)
ANSWERS = answers_file.load()
ENGINE = Engine(TREES, TEXTS, ANSWERS)
OWN_CASES = (Option("complaint:7", "TS-20261123-0007"), Option("report:8", "JB-20261123-0008"))
CONTEXT = Context(today=TODAY, own_cases=OWN_CASES)
ENDS = lint.end_codes()
A_PHOTO = (Item(EvidenceId(41), "photo"),)

#: A tree without a mistake. `supplement` is started by the desk, so no other tree must lead to it.
SOUND = """\
tree: supplement
title: 补充
first: which
submit: supplement

questions:
  which:
    ask: 给哪一件？
    answer: choice
    choices:
      one: 第一件
      two: 第二件
    next:
      one: story
      two: end
  story:
    ask: 请写说明。
    answer: text
    next: end
"""

#: One answer of each type that every question of the type takes.
GOOD = {
    AnswerType.TEXT: "周六买的牛奶已经过期三天，店员说不退。",
    AnswerType.MERCHANT: "城关镇某某超市",
    AnswerType.PERSON: "陈晓梅",
    AnswerType.PHONE: "13800138000",
    AnswerType.ADDRESS: "城关镇西街18号",
    AnswerType.DATE: "昨天",
    AnswerType.AMOUNT: "128元",
    AnswerType.CHOICE: "1",
    AnswerType.CHOICES: "1 3",
    AnswerType.EVIDENCE: "完成",
    AnswerType.OWN_CASE: "1",
    AnswerType.APPROVED: "没有",
    AnswerType.SUMMARY: "提交",
}


def faults(folder: Path, text: str, name: str = "supplement") -> list[Problem]:
    """What the linter finds in a tree of this text."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return lint.lint_trees([path], ENDS)


def a_tree(*questions: Question, name: str = "complaint", **renamed: str) -> Tree:
    return Tree(
        name=name,
        title="投诉",
        first=questions[0].name,
        questions={question.name: question for question in questions},
        submit="complaint",
        renamed=renamed,
    )


def an_engine(*trees: Tree) -> Engine:
    return Engine({**TREES, **{tree.name: tree for tree in trees}}, TEXTS)


def said(text: str) -> Said:
    """A message as the desk hands it to the engine."""
    return Said(text=text, word=spoken(text))


def say(progress: Progress, text: str, engine: Engine = ENGINE) -> Turn:
    return engine.walk(progress, said(text), CONTEXT)


def press(progress: Progress, value: str, engine: Engine = ENGINE) -> Turn:
    return engine.walk(progress, Said(pressed=value), CONTEXT)


def begun(tree: str) -> Progress:
    """Somebody who stands at the first question of a tree."""
    progress = ENGINE.start(CONTEXT, tree).progress
    assert progress is not None
    return progress


def stands(turn: Turn) -> Progress:
    assert turn.progress is not None
    return turn.progress


def good_answer(progress: Progress, choices: Mapping[str, str]) -> str:
    """What answers the question he stands at; `choices` by question name, else the first option."""
    question = TREES[progress.tree][progress.at]
    if question.answer is AnswerType.EVIDENCE:
        return "完成" if progress.evidence else question.skip
    return choices.get(progress.at, GOOD[question.answer])


def everywhere(tree: str, **choices: str) -> list[Progress]:
    """Where one stands, question by question, on the way that these choices take to the end of a tree."""
    progress: Progress | None = begun(tree)
    passed: list[Progress] = []
    while progress is not None and progress.tree == tree:
        passed.append(progress)
        question = TREES[tree][progress.at]
        if question.answer is AnswerType.EVIDENCE and not question.skip and not progress.evidence:
            progress = stands(ENGINE.walk(progress, Said(evidence=A_PHOTO), CONTEXT))
            continue
        progress = say(progress, good_answer(progress, choices)).progress
    return passed


def shows(progress: Progress) -> str:
    """The question as it is asked."""
    return ENGINE.again(progress, CONTEXT).says[0].text


def asks(progress: Progress) -> str:
    """The question as it is asked once more, below something else that is said."""
    return ENGINE.again(progress, CONTEXT, "—").says[0].text.removeprefix("—\n\n")


def at(tree: str, question: str, **choices: str) -> Progress:
    """Where one stands who was led to this question."""
    return next(progress for progress in everywhere(tree, **choices) if progress.at == question)


def _last(places: list[Progress]) -> list[Progress]:
    """Where a way that is known already ends otherwise."""
    return places[-1:]


#: Every place there is to stand in the product's trees, on every way through them.
PLACES = [
    *everywhere("entry"),
    *everywhere("complaint"),
    *everywhere("complaint", amount="不清楚", publish="不同意", entrust="2"),
    *everywhere("report"),
    *everywhere("report", anonymous="匿名", happened_on="记不清"),
    *everywhere("report", redress="还要求退款或赔偿"),
    *everywhere("consultation"),
    *everywhere("supplement"),
    *everywhere("proxy"),
    *everywhere("withdraw"),
    *everywhere("withdraw", which="2"),
    *everywhere("settle"),
    *everywhere("reopen"),
    *everywhere("rate"),
    *everywhere("recusal"),
    *everywhere("message"),
    *everywhere("my_data", what="更正我的信息", part="姓名"),
    *_last(everywhere("my_data", what="更正我的信息", part="联系电话")),
    *_last(everywhere("my_data", what="更正我的信息", part="通讯地址")),
    *_last(everywhere("my_data", what="撤回同意")),
    *_last(everywhere("my_data", what="删除我的信息")),
]


def named(progress: Progress) -> str:
    return f"{progress.tree}.{progress.at}"
