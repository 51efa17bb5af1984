"""The way through a tree: which questions the answers lead through, recomputed each time."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogs.progress import Answer, Progress
from dialogs.tree import AnswerType, Question, Tree

_WORTH_COUNTING = 4
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def way(tree: Tree, given: Mapping[str, Answer]) -> list[str]:
    """The questions from the first one on that the answers lead through; the last one is open."""
    names: list[str] = []
    name = tree.first
    while name in tree.questions and name not in names:
        names.append(name)
        if name not in given:
            break
        name = tree[name].target(given[name].value)
    return names


def lines(tree: Tree, progress: Progress) -> list[Question]:
    """The answered questions that the summary shows, in the order of the way."""
    return [
        tree[name] for name in way(tree, progress.answers) if name in progress.answers and tree[name].line
    ]


def place(tree: Tree, progress: Progress) -> tuple[int, int] | None:
    """How far he is, e.g. (3, 13); None in a short tree and at the summary."""
    names = way(tree, progress.answers)
    last = names[-1]
    while (following := next(tree[last].targets(), "")) in tree.questions and following not in names:
        names.append(following)
        last = following
    asked = [name for name in names if tree[name].answer is not AnswerType.SUMMARY]
    if len(asked) < _WORTH_COUNTING or progress.at not in asked:
        return None
    return asked.index(progress.at) + 1, len(asked)


def fits(question: Question, answer: Answer) -> bool:
    """Whether an answer given to an earlier version of the tree still is one."""
    value, offered = answer.value, [option.value for option in question.options]
    if value is None:
        return bool(question.skip)
    if question.answer in (AnswerType.CHOICE, AnswerType.APPROVED):
        return value in offered
    if question.answer is AnswerType.CHOICES:
        return isinstance(value, list) and all(one in offered for one in value)
    if question.answer in (AnswerType.AMOUNT, AnswerType.EVIDENCE):
        return isinstance(value, int)
    if question.answer is AnswerType.DATE:
        return isinstance(value, str) and bool(_DAY.fullmatch(value))
    return isinstance(value, str)
