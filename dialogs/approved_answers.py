"""解答库: the office's approved answers to what people ask again and again; people edit `answers.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from casestore.codes import Channel
from casestore.errors import StoreError
from casestore.problems import Problem
from casestore.reading.text import fold
from dialogs import tree_file, yaml_file
from dialogs.platforms import PLATFORMS
from dialogs.tree_file import OFFICE_FACTS
from dialogs.yaml_file import Document

PACKAGED = Path(__file__).parent / "texts" / "answers.yaml"
_KEYS = ("title", "words", "answer")
_MOST_TITLE = 20
_MOST_SHOWN = 4
_CODE = "abcdefghijklmnopqrstuvwxyz0123456789_"


@dataclass(frozen=True)
class ApprovedAnswer:
    """`words`: what a question holds that this answers."""

    code: str
    title: str
    words: tuple[str, ...]
    answer: str

    def fits(self, question: str) -> int:
        """How many letters of its words stand in the (folded) question: 0 where it does not fit."""
        return sum(len(word) for word in self.words if fold(word) in question)


class ApprovedAnswers:
    """All of them, by code."""

    def __init__(self, answers: Iterable[ApprovedAnswer]) -> None:
        self._answers = {answer.code: answer for answer in answers}

    @classmethod
    def load(cls, path: Path = PACKAGED) -> ApprovedAnswers:
        """Raises StoreError naming the first faulty line."""
        problems, answers = _read(path)
        if problems:
            raise StoreError(str(problems[0]))
        return cls(answers)

    def __getitem__(self, code: str) -> ApprovedAnswer:
        return self._answers[code]

    def __contains__(self, code: str) -> bool:
        return code in self._answers

    def __iter__(self) -> Iterator[ApprovedAnswer]:
        return iter(self._answers.values())

    def fitting(self, question: str, most: int = _MOST_SHOWN) -> list[ApprovedAnswer]:
        """Those whose words stand in the question, the best first."""
        asked = fold(question)
        found = [answer for answer in self if answer.fits(asked)]
        return sorted(found, key=lambda answer: -answer.fits(asked))[:most]


def lint(path: Path) -> list[Problem]:
    return _read(path)[0]


def _read(path: Path) -> tuple[list[Problem], list[ApprovedAnswer]]:
    document = yaml_file.read(path)
    problems, answers = list(document.problems), list[ApprovedAnswer]()
    if problems:
        return sorted(problems), []
    if not isinstance(document.value, dict) or not document.value:
        return [
            Problem(document.file, 1, "请按「代号: title、words、answer」一条一条地写", "answers-shape")
        ], []
    for code, entry in document.value.items():
        found = [
            Problem(document.file, document.line(code, *path), message, kind)
            for path, message, kind in _faults(code, entry)
        ]
        problems += found
        if not found:
            words = tuple(entry["words"])
            answers.append(ApprovedAnswer(code, entry["title"], words, entry["answer"].strip()))
    problems += _twice(document, answers)
    return sorted(problems), answers


def _faults(code: str, entry: object) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """(where, what is wrong and what to write, code)."""
    if not set(code) <= set(_CODE):
        yield (), f"代号「{code}」只能用小写字母、数字和下划线", "answers-code"
    if not isinstance(entry, dict):
        yield (), f"「{code}」下面应写 title、words、answer", "answers-shape"
        return
    for key in entry:
        if key not in _KEYS:
            yield (key,), f"「{key}」不认识，只能写 title、words、answer", "answers-key"
    title, words, answer = (entry.get(key) for key in _KEYS)
    yield from _faults_of_words(code, words)
    if not isinstance(title, str) or not title.strip():
        yield (), f"「{code}」缺少 title，请写按钮上的短标题", "answers-title"
    elif len(title) > _MOST_TITLE:
        yield ("title",), f"title 有 {len(title)} 字，请缩短到 {_MOST_TITLE} 字以内", "answers-title"
    if not isinstance(answer, str) or not answer.strip():
        yield (), f"「{code}」缺少 answer，请写答复的全文", "answers-answer"
    else:
        for message, kind in tree_file.text_problems(answer, set(OFFICE_FACTS)):
            yield ("answer",), message, kind
        platform = PLATFORMS[Channel.WECHAT]
        if platform.size(answer) > platform.most:
            yield ("answer",), f"答复超过{platform.name}一条 {platform.most} 的上限，请缩短", "answers-answer"


def _faults_of_words(code: str, words: object) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        yield (), f"「{code}」缺少 words，请写问题里会出现的词，例如 [发票, 开票]", "answers-words"
        return
    for number, word in enumerate(words):
        if len(word.strip()) < 2:
            yield ("words", str(number)), f"词「{word}」太短，至少两个字", "answers-words"


def _twice(document: Document, answers: list[ApprovedAnswer]) -> Iterator[Problem]:
    """Two buttons with one label."""
    seen: dict[str, str] = {}
    for answer in answers:
        if answer.title in seen:
            message = f"title「{answer.title}」与「{seen[answer.title]}」的相同，请改一个"
            yield Problem(document.file, document.line(answer.code, "title"), message, "answers-twice")
        seen.setdefault(answer.title, answer.code)
