"""Trees from YAML: what a clerk writes becomes records, and every mistake a line with a remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from casestore.codes import Consent, Kind
from casestore.errors import StoreError
from casestore.problems import Problem
from casestore.reading.text import fold
from dialogs import words, yaml_file
from dialogs.asking import BuiltIn
from dialogs.platforms import MOST_LABEL, PLATFORMS
from dialogs.texts import placeholders
from dialogs.tree import SOLVED, UNSOLVED, AnswerType, Option, Question, Tree
from dialogs.yaml_file import Document, text_of

PACKAGED = Path(__file__).parent / "trees"

#: What the office's settings fill in a question.
OFFICE_FACTS = ("office", "hotline", "window", "hours", "retention")

_TREE_KEYS = ("tree", "title", "first", "submit", "questions", "renamed")
_QUESTION_KEYS = (
    "ask", "answer", "choices", "also", "next", "line", "skip", "hint", "least", "most", "record", "edition", "law",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NEED_CHOICES = (AnswerType.CHOICE, AnswerType.CHOICES, AnswerType.APPROVED)
_BRANCHES = (AnswerType.CHOICE, AnswerType.APPROVED)
_ADDED_BY_THE_DESK = (BuiltIn.DONE, BuiltIn.KEEP, BuiltIn.SKIP, BuiltIn.CLEAR)
_MARGIN = 300  # bytes that a lead, the place (3/13) and the words beside the options may take


def load(folder: Path = PACKAGED) -> dict[str, Tree]:
    """All trees of a folder by name. Raises StoreError naming the first faulty line."""
    trees = {}
    for path in sorted(folder.glob("*.yaml")):
        tree, document = parse(path)
        if document.problems or tree is None:
            raise StoreError(str(document.problems[0]))
        trees[tree.name] = tree
    return trees


def parse(path: Path, shown_as: str | None = None) -> tuple[Tree | None, Document]:
    """The tree of a file as far as it can be read, and what is wrong with it."""
    document = yaml_file.read(path, shown_as)
    if not isinstance(document.value, dict) or not document.value:
        if not document.problems:
            document.problems.append(
                Problem(document.file, 1, "文件是空的，请按 docs/trees.md 的样子写", "tree-empty")
            )
        return None, document
    return _Reader(document).tree(path.stem), document


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._top: dict[str, Any] = document.value

    def tree(self, stem: str) -> Tree:
        self._unknown_keys(self._top, _TREE_KEYS, ())
        name = self._required("tree", "请写树的名称，例如 tree: complaint")
        if name and name != stem:
            self._report(("tree",), f"树的名称「{name}」与文件名「{stem}」不同，请改成一样", "tree-name")
        title = self._required("title", "请写树的标题，例如 title: 投诉")
        first = self._required("first", "请写第一个问题的名称，例如 first: merchant")
        questions = self._top.get("questions")
        if not isinstance(questions, dict) or not questions:
            self._report(("questions",), "没有问题，请在 questions: 下面写问题", "questions-missing")
            questions = {}
        renamed = self._top.get("renamed", {})
        return Tree(
            name=name or stem,
            title=title,
            first=first,
            submit=text_of(self._top, "submit"),
            questions={key: self._question(key, values) for key, values in questions.items()},
            renamed=renamed if isinstance(renamed, dict) else {},
        )

    def _question(self, name: str, values: Any) -> Question:
        path = ("questions", name)
        if not _NAME.fullmatch(name):
            self._report(path, f"问题名称「{name}」只能用小写英文字母、数字和下划线", "question-name")
        if not isinstance(values, dict):
            self._report(path, f"问题「{name}」下面没有内容，请写 ask、answer、next", "question-empty")
            values = {}
        self._unknown_keys(values, _QUESTION_KEYS, path)
        ask = self._text(values, path, "ask", f"问题「{name}」没有问句，请写 ask: 要问的话")
        answer = self._answer_type(name, values, path)
        options = self._options(name, values, path, answer)
        following, branches = self._next(name, values, path, options, answer)
        self._fits_platforms(name, ask, options, path)
        least, most = self._number(values, path, "least"), self._number(values, path, "most")
        if most and least > most:
            self._report((*path, "least"), f"least({least})比 most({most})还大，请对调", "least-most")
        record = text_of(values, "record")
        if record and record not in list(Consent):
            offered = "、".join(Consent)
            message = f"record「{record}」不认识，可以写: {offered}{did_you_mean(record, list(Consent))}"
            self._report((*path, "record"), message, "record-unknown")
        if record and not text_of(values, "edition"):
            self._report(
                path, f"问题「{name}」要记录同意，请写版本 edition，例如 edition: 2026-11", "edition-missing"
            )
        for key in ("line", "skip", "hint"):
            if key in values:
                self._text(values, path, key, f"问题「{name}」的 {key} 是空的，请写内容或删去这一行")
        if skip := text_of(values, "skip"):
            self._label(skip, (*path, "skip"))
        self._ambiguous(options, skip, path)
        return Question(
            name=name, ask=ask, answer=answer, next=following, branches=branches, options=options,
            line=text_of(values, "line"), skip=text_of(values, "skip"), hint=text_of(values, "hint"),
            least=least, most=most, record=record, edition=text_of(values, "edition"), law=text_of(values, "law"),
        )  # fmt: skip

    def _answer_type(self, name: str, values: Mapping[str, Any], path: tuple[str, ...]) -> AnswerType:
        written = text_of(values, "answer")
        try:
            return AnswerType(written)
        except ValueError:
            offered = "、".join(AnswerType)
            hint = did_you_mean(written, list(AnswerType))
            message = f"问题「{name}」的答法「{written}」不认识，可以写: {offered}{hint}"
            self._report((*path, "answer"), message, "answer-type")
            return AnswerType.TEXT

    def _options(
        self, name: str, values: Mapping[str, Any], path: tuple[str, ...], answer: AnswerType
    ) -> tuple[Option, ...]:
        choices = values.get("choices")
        if choices is None:
            if answer in _NEED_CHOICES:
                self._report(path, f"问题「{name}」要选择，却没有选项，请写 choices:", "choices-missing")
            return ()
        if not isinstance(choices, dict):
            self._report((*path, "choices"), "选项请一行一个，写成「名称: 显示的文字」", "choices-shape")
            return ()
        if len(choices) < 2:
            self._report((*path, "choices"), f"问题「{name}」至少要有两个选项", "choices-few")
        if answer is AnswerType.APPROVED and set(choices) != {SOLVED, UNSOLVED}:
            message = f"答法 approved 的选项只能是 {SOLVED}(解决了)和 {UNSOLVED}(没有解决)"
            self._report((*path, "choices"), message, "approved-choices")
        also = values.get("also", {})
        also = also if isinstance(also, dict) else {}
        for key in also:
            if key not in choices:
                hint = did_you_mean(key, choices)
                self._report((*path, "also", key), f"also 里的「{key}」不是选项{hint}", "option-not-offered")
        self._labels(choices, path)
        return tuple(
            Option(value, label if isinstance(label, str) else "", _split_words(also.get(value, "")))
            for value, label in choices.items()
        )

    def _labels(self, choices: Mapping[str, Any], path: tuple[str, ...]) -> None:
        seen: dict[str, str] = {}
        for value, label in choices.items():
            here = (*path, "choices", value)
            if not isinstance(label, str) or not label.strip():
                self._report(here, f"选项「{value}」没有文字", "text-empty")
            elif label in seen:
                self._report(here, f"选项文字「{label}」与「{seen[label]}」重复", "duplicate-name")
            else:
                self._label(label, here)
            seen.setdefault(str(label), value)
            if value in _ADDED_BY_THE_DESK:
                self._report(here, f"选项名称「{value}」是系统自用的，请换一个名称", "option-reserved")
        for channel in PLATFORMS.values():
            if len(choices) > channel.most_options:
                message = (
                    f"选项有 {len(choices)} 个，{channel.name}最多 {channel.most_options} 个，请分成两题"
                )
                self._report((*path, "choices"), message, "too-many-options")

    def _label(self, label: str, here: tuple[str, ...]) -> None:
        """What a button can bear and a citizen can say."""
        if len(label) > MOST_LABEL:
            message = f"选项文字太长({len(label)} 字)，按钮放不下，请缩短到 {MOST_LABEL} 字以内，说明写进 ask"
            self._report(here, message, "label-too-long")
        elif words.spoken(label) is not None:
            message = f"「{label}」是随时可用的口令，不能作选项文字，请换一个说法"
            self._report(here, message, "label-is-word")

    def _ambiguous(self, options: Iterable[Option], skip: str, path: tuple[str, ...]) -> None:
        """A word for two options chooses neither of them."""
        names = {fold(option.label): option.label for option in options}
        meant: dict[str, str] = {fold(skip): skip} if skip else {}
        if skip and fold(skip) in names:
            message = f"skip「{skip}」与选项文字重复，请换一个说法"
            self._report((*path, "skip"), message, "word-ambiguous")
        for option in options:
            for word in option.also:
                other = names.get(fold(word)) or meant.get(fold(word)) or option.label
                if other != option.label:
                    message = (
                        f"「{word}」既指「{option.label}」又指「{other}」，谁也选不中，请从 also 里删去一处"
                    )
                    self._report((*path, "also", option.value), message, "word-ambiguous")
                meant.setdefault(fold(word), option.label)

    def _next(
        self,
        name: str,
        values: Mapping[str, Any],
        path: tuple[str, ...],
        options: tuple[Option, ...],
        answer: AnswerType,
    ) -> tuple[str, dict[str, str]]:
        written = values.get("next")
        if isinstance(written, str) and written.strip():
            return written.strip(), {}
        if isinstance(written, dict) and written:
            of_cases = answer is AnswerType.OWN_CASE  # by the kind of the case that was chosen
            named = (
                {kind.value: kind.value for kind in Kind} if of_cases else {o.value: o.label for o in options}
            )
            offered = list(named)
            for value in written:
                if value not in offered:
                    hint = did_you_mean(value, offered)
                    message = f"next 里的「{value}」不是这个问题的选项{hint}"
                    self._report((*path, "next", value), message, "option-not-offered")
            if not (answer in _BRANCHES or of_cases) or text_of(values, "skip"):
                message = (
                    "next 分路只能用在 answer: choice 或 own_case，且不能有 skip，请把 next 写成一题的名称"
                )
                self._report((*path, "next"), message, "dead-end")
            for value in [value for value in offered if not text_of(written, value)]:
                message = f"选项「{named[value]}」({value})没有写下一题，请在 next 里补上"
                self._report((*path, "next"), message, "dead-end")
            return "", {value: str(target).strip() for value, target in written.items()}
        self._report(path, f"问题「{name}」没有下一题，请写 next: 下一题的名称，或 next: end", "dead-end")
        return "", {}

    def _fits_platforms(self, name: str, ask: str, options: Iterable[Option], path: tuple[str, ...]) -> None:
        shown = ask + "".join(f"\n9. {option.label}" for option in options)
        for platform in PLATFORMS.values():
            size = platform.size(shown)
            room = platform.most - _MARGIN
            if size > room:
                unit = "字节" if platform.counts_bytes else "个字符"
                message = f"问题「{name}」连同选项有 {size} {unit}，{platform.name}一条最多 {room}，请缩短或分成两题"
                self._report((*path, "ask"), message, "text-too-long")

    def _text(self, values: Mapping[str, Any], path: tuple[str, ...], key: str, missing: str) -> str:
        text = text_of(values, key)
        if not text:
            self._report((*path, key), missing, "text-empty")
            return ""
        for message, code in text_problems(text, OFFICE_FACTS):
            self._report((*path, key), message, code)
        return text

    def _number(self, values: Mapping[str, Any], path: tuple[str, ...], key: str) -> int:
        written = text_of(values, key)
        if not written:
            return 0
        if not re.fullmatch(r"[0-9]{1,6}", written):
            self._report((*path, key), f"{key} 应是数字，现在是「{written[:20]}」", "not-a-number")
            return 0
        return int(written)

    def _required(self, key: str, message: str) -> str:
        text = text_of(self._top, key)
        if not text:
            self._report((key,), message, f"{key}-missing")
        return text

    def _unknown_keys(self, values: Mapping[str, Any], known: tuple[str, ...], path: tuple[str, ...]) -> None:
        for key in values:
            if key not in known:
                message = f"不认识「{key}」，可以写: {'、'.join(known)}{did_you_mean(key, known)}"
                self._report((*path, key), message, "key-unknown")

    def _report(self, path: tuple[str, ...], message: str, code: str) -> None:
        self._document.problems.append(
            Problem(self._document.file, self._document.line(*path), message, code)
        )


def text_problems(text: str, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the braces of a sentence."""
    try:
        names = placeholders(text)
    except ValueError:
        yield "花括号没有配对，要写花括号本身请写成 {{ 和 }}", "braces"
        return
    for name in sorted(names - set(known)):
        yield f"花括号里的「{name}」不认识{did_you_mean(name, known)}", "placeholder-unknown"


def did_you_mean(written: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(written, list(known), n=1, cutoff=0.5)
    return f"。您是不是想写「{close[0]}」？" if close else ""


def _split_words(written: object) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[、,，|\s]+", written))) if isinstance(written, str) else ()
