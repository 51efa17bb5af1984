"""检查: what is wrong with the trees as a whole and with the texts, before a citizen meets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from casestore.codes import Kind
from casestore.problems import Problem
from dialogs import texts as texts_file
from dialogs import tree_file, yaml_file
from dialogs.acts import Act
from dialogs.asking import ENTRY
from dialogs.platforms import PLATFORMS
from dialogs.texts import flat, placeholders
from dialogs.tree import END, END_MARK, STORY, TREE_MARK, AnswerType, Question, Tree
from dialogs.tree_file import OFFICE_FACTS, did_you_mean
from dialogs.yaml_file import Document

#: Art. 10 of 121号令: what a complaint must hold, by the name of its question.
REQUIRED = {
    "name": "第十条(一)投诉人的姓名",
    "phone": "第十条(一)电话号码",
    "postal_address": "第十条(一)通讯地址",
    "merchant": "第十条(二)被投诉人的名称",
    "merchant_address": "第十条(二)被投诉人的地址",
    "demands": "第十条(三)具体的投诉请求",
    "story": "第十条(三)消费者权益争议事实依据",
}
_FILES = (*Kind, *Act)
_STARTED_BY_THE_DESK = (ENTRY, *Act)


def lint_trees(paths: Iterable[Path], ends: frozenset[str]) -> list[Problem]:
    """Tree files and folders of them; trees they lead to and that are not given are the packaged ones.

    `ends`: the codes of `ends.*` in the texts, for `next: end NAME`.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    parsed = [tree_file.parse(file) for file in files]
    problems = [problem for _, document in parsed for problem in document.problems]
    trees = {tree.name: tree for tree, _ in parsed if tree is not None}
    for path in tree_file.PACKAGED.glob("*.yaml"):
        if path.stem not in trees and (packaged := tree_file.parse(path)[0]) is not None:
            trees[packaged.name] = packaged
    for tree, document in parsed:
        if tree is not None and tree.questions:
            problems.extend(_graph(tree, document, trees, ends))
    return sorted(set(problems))


def _graph(
    tree: Tree, document: Document, trees: Mapping[str, Tree], ends: frozenset[str]
) -> Iterator[Problem]:
    def problem(message: str, code: str, *path: str) -> Problem:
        return Problem(document.file, document.line(*path), message, code)

    if tree.first not in tree.questions:
        message = f"first 写的「{tree.first}」不存在{did_you_mean(tree.first, tree.questions)}"
        yield problem(message, "target-missing", "first")
        return
    missing = set[str]()
    for question in tree.questions.values():
        for value, target in (*question.branches.items(), ("", question.next)):
            if target and not _exists(target, tree, trees, ends):
                missing.add(target)
                path = ("questions", question.name, "next", *([value] if value else []))
                yield problem(_no_such_target(target, tree, trees, ends), "target-missing", *path)
    # Where a way breaks off, what lies beyond it is not said to be wrong too.
    is_broken = bool(missing) or any(map(_breaks_off, tree.questions.values()))
    reached = set(tree.questions) if is_broken else _reachable(tree)
    for name in tree.questions:
        if name not in reached:
            message = f"问题「{name}」永远问不到：没有哪一题的 next 通到它，请接上或删去"
            yield problem(message, "unreachable", "questions", name)
    yield from _loops(tree, reached, document)
    yield from _filing(tree, reached, document, missing)
    if tree.name not in _STARTED_BY_THE_DESK and not _is_target(tree.name, trees):
        yield problem(
            f"没有哪棵树通到「{tree.name}」，请在别的树里写 next: tree {tree.name}", "unreachable", "tree"
        )


def _breaks_off(question: Question) -> bool:
    """Whether an answer leads nowhere, which its own line says already."""
    return not list(question.targets()) or any(
        not question.target(option.value) for option in question.options
    )


def _no_such_target(target: str, tree: Tree, trees: Mapping[str, Tree], ends: frozenset[str]) -> str:
    if target.startswith(END_MARK):
        guess = did_you_mean(target.removeprefix(END_MARK), ends) or "。"
        offered = "、".join([END, *(f"{END_MARK}{name}" for name in sorted(ends))])
        return (
            f"下一题「{target}」不存在{guess}可以写: {offered}；新的结尾请先写进 texts/zh.yaml 的 ends: 下面"
        )
    known = [*tree.questions, *(f"{TREE_MARK}{name}" for name in trees), END]
    return f"下一题「{target}」不存在{did_you_mean(target, known)}"


def _exists(target: str, tree: Tree, trees: Mapping[str, Tree], ends: frozenset[str]) -> bool:
    if target.startswith(TREE_MARK):
        return target.removeprefix(TREE_MARK) in trees
    if target.startswith(END_MARK):
        return target.removeprefix(END_MARK) in ends
    return target == END or target in tree.questions


def _reachable(tree: Tree) -> set[str]:
    reached, waiting = set[str](), [tree.first]
    while waiting:
        name = waiting.pop()
        if name in tree.questions and name not in reached:
            reached.add(name)
            waiting.extend(tree[name].targets())
    return reached


def _loops(tree: Tree, reached: set[str], document: Document) -> Iterator[Problem]:
    """Questions from which no way leads out. A way that breaks off is no loop."""
    leads_out = {
        name
        for name in reached
        if _breaks_off(tree[name]) or any(target not in tree.questions for target in tree[name].targets())
    }
    while True:
        more = {
            name
            for name in reached - leads_out
            if any(target in leads_out for target in tree[name].targets())
        }
        if not more:
            break
        leads_out |= more
    stuck = [name for name in tree.questions if name in reached - leads_out]
    if stuck:
        shown = " → ".join([*stuck[:4], stuck[0]])
        message = f"这几题绕成了圈，走不出去：{shown}。请让其中一题的 next 通到别处"
        yield Problem(document.file, document.line("questions", stuck[0], "next"), message, "loop")


def _filing(tree: Tree, reached: set[str], document: Document, missing: set[str]) -> Iterator[Problem]:
    """What is filed at the end must be known, shown before, and complete by law. `missing`: named as a next
    question, and said to be missing already."""
    line = document.line("submit")
    ends_here = any(target == END for name in reached for target in tree[name].targets())
    if not tree.submit:
        if ends_here:
            message = f"这棵树以 end 结束，却没有写提交成什么，请写 submit: {' / '.join(_FILES)}"
            yield Problem(document.file, document.line("tree"), message, "submit-missing")
        return
    if tree.submit not in _FILES:
        hint = did_you_mean(tree.submit, _FILES)
        yield Problem(
            document.file, line, f"submit「{tree.submit}」不认识，可以写: {'、'.join(_FILES)}{hint}", "submit"
        )
        return
    for name in reached:
        if tree[name].answer is AnswerType.APPROVED and STORY not in reached:
            message = f"问题「{name}」要给出标准答复，请在它前面加一题 {STORY}，收下市民的问题"
            yield Problem(document.file, document.line("questions", name), message, "approved-story")
    if tree.submit in list(Kind) and not any(tree[name].answer is AnswerType.SUMMARY for name in reached):
        message = "提交之前没有核对，请加一题 answer: summary，并让 next: end 只写在它下面"
        yield Problem(document.file, line, message, "summary-missing")
    if tree.submit == Kind.COMPLAINT:
        for name, article in REQUIRED.items():
            if name in missing:
                continue
            if name not in reached:
                message = f"投诉树缺少法律要求的问题「{name}」：{article}"
                yield Problem(document.file, line, message, "required-by-law")
            elif tree[name].skip:
                message = f"问题「{name}」是法律要求的内容({article})，不能有 skip"
                yield Problem(
                    document.file, document.line("questions", name, "skip"), message, "required-by-law"
                )


def _is_target(name: str, trees: Mapping[str, Tree]) -> bool:
    """Also where a tree is led to that is not there: that may be this one, misspelt, and is said already."""
    targets = {
        target.removeprefix(TREE_MARK)
        for tree in trees.values()
        for question in tree.questions.values()
        for target in question.targets()
        if target.startswith(TREE_MARK)
    }
    return name in targets or not targets <= set(trees)


def lint_texts(path: Path) -> list[Problem]:
    """Texts against the packaged ones: every code there, every placeholder known, nothing too long."""
    document = yaml_file.read(path)
    if not isinstance(document.value, dict) or document.problems:
        return sorted(document.problems)
    model = dict(flat(yaml_file.read(texts_file.PACKAGED).value))
    written = dict(flat(document.value))
    problems = [
        Problem(document.file, 1, f"缺少文字「{code}」", "text-missing")
        for code in model
        if code not in written
    ]
    for code, text in written.items():
        line = document.line(*code.split("."))
        if code not in model:
            problems.append(
                Problem(
                    document.file, line, f"没有地方用到「{code}」{did_you_mean(code, model)}", "text-unused"
                )
            )
            continue
        if not text.strip():
            problems.append(Problem(document.file, line, f"「{code}」的文字是空的", "text-empty"))
        known = {*placeholders(model[code]), *OFFICE_FACTS}
        problems.extend(
            Problem(document.file, line, message, kind)
            for message, kind in tree_file.text_problems(text, known)
        )
        for platform in PLATFORMS.values():
            if platform.size(text) > platform.most:
                message = f"「{code}」有 {platform.size(text)}，超过{platform.name}一条 {platform.most} 的上限，请缩短"
                problems.append(Problem(document.file, line, message, "text-too-long"))
    return sorted(set(problems))


def end_codes(path: Path = texts_file.PACKAGED) -> frozenset[str]:
    """The names that `next: end NAME` may use."""
    document = yaml_file.read(path)
    ends = document.value.get("ends", {}) if isinstance(document.value, dict) else {}
    return frozenset(ends) if isinstance(ends, dict) else frozenset()
