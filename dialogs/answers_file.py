"""The approved answers from YAML: people edit `answers.yaml`, and every mistake is a line with a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casestore.errors import StoreError
from casestore.problems import Problem
from dialogs import tree_file, yaml_file
from dialogs.approved_answers import ROOM, ApprovedAnswer, ApprovedAnswers
from dialogs.tree_file import OFFICE_FACTS
from dialogs.yaml_file import Document

PACKAGED = Path(__file__).parent / "texts" / "answers.yaml"
_KEYS = ("title", "words", "law", "answer")
_MOST_TITLE = 20
_CODE = "abcdefghijklmnopqrstuvwxyz0123456789_"


def load(path: Path = PACKAGED) -> ApprovedAnswers:
    """Raises StoreError naming the first faulty line."""
    problems, answers = _read(path)
    if problems:
        raise StoreError(str(problems[0]))
    return ApprovedAnswers(answers)


def lint(path: Path) -> list[Problem]:
    return _read(path)[0]


def _read(path: Path) -> tuple[list[Problem], list[ApprovedAnswer]]:
    document = yaml_file.read(path)
    problems, answers = list(document.problems), list[ApprovedAnswer]()
    if problems:
        return sorted(problems), []
    if not isinstance(document.value, dict) or not document.value:
        return [
            Problem(document.file, 1, "请按「代号: title、words、law、answer」一条一条地写", "answers-shape")
        ], []
    for code, entry in document.value.items():
        found = [
            Problem(document.file, document.line(code, *path), message, kind)
            for path, message, kind in _faults(code, entry)
        ]
        problems += found
        if not found:
            words = tuple(entry["words"])
            title, answer, law = entry["title"], entry["answer"].strip(), entry["law"].strip()
            answers.append(ApprovedAnswer(code, title, words, answer, law))
    problems += _twice(document, answers)
    return sorted(problems), answers


def _faults(code: str, entry: object) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """(where, what is wrong and what to write, code)."""
    if not set(code) <= set(_CODE):
        yield (), f"代号「{code}」只能用小写字母、数字和下划线", "answers-code"
    if not isinstance(entry, dict):
        yield (), f"「{code}」下面应写 title、words、law、answer", "answers-shape"
        return
    for key in entry:
        if key not in _KEYS:
            yield (key,), f"「{key}」不认识，只能写 title、words、law、answer", "answers-key"
    title, words, law, answer = (entry.get(key) for key in _KEYS)
    yield from _faults_of_words(code, words)
    if not isinstance(law, str) or not law.strip():
        yield (), f"「{code}」缺少 law，请写依据的条款，例如 121号令第十五条", "answers-law"
    if not isinstance(title, str) or not title.strip():
        yield (), f"「{code}」缺少 title，请写按钮上的短标题", "answers-title"
    elif len(title) > _MOST_TITLE:
        yield ("title",), f"title 有 {len(title)} 字，请缩短到 {_MOST_TITLE} 字以内", "answers-title"
    if not isinstance(answer, str) or not answer.strip():
        yield (), f"「{code}」缺少 answer，请写答复的全文", "answers-answer"
    else:
        for message, kind in tree_file.text_problems(answer, set(OFFICE_FACTS)):
            yield ("answer",), message, kind
        if (size := ApprovedAnswer(code, str(title), (), answer, str(law)).size) > ROOM:
            yield (
                ("answer",),
                f"答复连同标题和依据有 {size} 字节，超过 {ROOM}(约 500 字)，请缩短",
                "answers-answer",
            )


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
