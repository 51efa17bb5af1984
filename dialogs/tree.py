"""对话树: guided questions as data. A tree is a YAML file of `dialogs/trees`; here are its records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class AnswerType(StrEnum):
    """答法: how an answer is read and checked."""

    TEXT = "text"
    MERCHANT = "merchant"
    PERSON = "person"
    PHONE = "phone"
    ADDRESS = "address"
    DATE = "date"
    AMOUNT = "amount"
    CHOICE = "choice"
    CHOICES = "choices"
    EVIDENCE = "evidence"
    OWN_CASE = "own_case"
    APPROVED = "approved"
    SUMMARY = "summary"


#: Answered by choosing: a number names an option. Elsewhere a number is an answer like any other.
CHOOSES = frozenset(
    {
        AnswerType.CHOICE,
        AnswerType.CHOICES,
        AnswerType.OWN_CASE,
        AnswerType.SUMMARY,
        AnswerType.EVIDENCE,
        AnswerType.APPROVED,
    }
)

#: `approved` shows the approved answers to the question `story`, and asks whether they are the answer.
STORY, SOLVED, UNSOLVED = "story", "solved", "unsolved"

TREE_MARK, END_MARK = "tree ", "end "
END = "end"


@dataclass(frozen=True)
class Option:
    """选项: the value is kept, the label is shown; `also` are other words people use for it."""

    value: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question asks one thing. `next` leads on: to a question, `tree NAME`, `end` or `end NAME`."""

    name: str
    ask: str
    answer: AnswerType
    next: str = ""
    #: Where each option leads, if not all to `next`.
    branches: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    #: The label of this answer in the summary; without one it is not shown there.
    line: str = ""
    #: The label of the way round the question; without one it must be answered.
    skip: str = ""
    #: What 帮助 says here.
    hint: str = ""
    least: int = 0
    most: int = 0
    #: The consent that a yes or no here is kept as, and the edition of the text it was given to.
    record: str = ""
    edition: str = ""
    #: The article that asks for this answer.
    law: str = ""

    def target(self, value: object) -> str:
        """Where an answer leads; one of his cases, by its kind."""
        return self.branches.get(value.partition(":")[0], self.next) if isinstance(value, str) else self.next

    def targets(self) -> Iterator[str]:
        """Everywhere this question can lead, each once."""
        values = [option.value for option in self.options] or list(self.branches)
        reached = [self.branches.get(value, self.next) for value in values] or [self.next]
        if self.skip and self.next:
            reached.append(self.next)
        yield from dict.fromkeys(target for target in reached if target)


@dataclass(frozen=True, kw_only=True)
class Tree:
    """`submit`: what the end of the tree files — a kind of case, or `supplement`."""

    name: str
    title: str
    first: str
    questions: Mapping[str, Question]
    submit: str = ""
    #: Old names of questions, so that a person in mid-talk is not stranded by a changed tree.
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Changes with everything that decides where a person stands."""
        shape = [
            (question.name, question.answer, sorted(question.branches.items()), question.next,
             [option.value for option in question.options])
            for question in self.questions.values()
        ]  # fmt: skip
        return hashlib.sha256(repr((self.first, shape)).encode()).hexdigest()[:12]

    def __getitem__(self, name: str) -> Question:
        return self.questions[name]
