"""However a file is mangled, the linter answers with problems or with nothing, and the desk with a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casestore.problems import Problem
from dialogs import lint, texts, tree_file
from dialogs.tree import Tree
from tests.dialogs.builders import ENDS, SOUND

FILES = {path.stem: path.read_text(encoding="utf-8") for path in tree_file.PACKAGED.glob("*.yaml")}
TEXTS = texts.PACKAGED.read_text(encoding="utf-8").splitlines()

#: Lines that clerks and editors leave behind.
LINES = [
    "", "  ", "\t", "　", "#", "---", "...", "%YAML 1.1", "- 甲", "  - [", "  }", "? a", "a: &a [*a]", "  next: *a", "<<: x",
    "  next:", "    next: end", "    next: tree entry", "    next: [end]", "    next: {yes: end}", "    ask: |", "    ask: >-",
    "    ask: \"{\"", "    ask: '''", "    answer: choice", "    answer: choices", "    choices:", "      yes:", "    most: ²",
    "    least: 99999999999999999999", "  1: 2", "  null: ~", "first: true", "questions: []", "questions:", "tree: [complaint]",
    "renamed: {a: b}", "renamed: [a]", "renamed: {a: {b: c}}", "    also: [退款]", "    also: {repair: [修]}", "    record: privacy",
    "\u2028", "\x0b", "\x00", "\ufeff", "!!python/object:os.system x", "    line: *", "@", "`", "    skip: {a: b}", "：", "ask：甲",
]  # fmt: skip
CHANGE = st.tuples(
    st.sampled_from(["delete", "double", "replace", "insert", "indent", "cut", "swap"]),
    st.integers(0, 10_000),
    st.sampled_from(LINES),
)


def mangled(lines: list[str], changes: list[tuple[str, int, str]]) -> str:
    lines = list(lines)
    for how, where, line in changes:
        at = where % len(lines)
        if how == "delete" and len(lines) > 1:
            del lines[at]
        elif how == "double":
            lines.insert(at, lines[at])
        elif how == "replace":
            lines[at] = line
        elif how == "insert":
            lines.insert(at, line)
        elif how == "indent":
            lines[at] = "  " + lines[at]
        elif how == "cut":
            lines[at] = lines[at][: len(lines[at]) // 2]
        else:
            other = (where * 7) % len(lines)
            lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines)


def ensure_readable(found: list[Problem], text: str) -> None:
    last = len(text.splitlines()) + 1
    for problem in found:
        assert 1 <= problem.line <= last
        assert problem.code
        assert any("\u4e00" <= character <= "\u9fff" for character in problem.message)


@pytest.fixture
def lonely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office whose packaged trees are one small one: what is slow is not what is tried here."""
    packaged = tmp_path / "packaged"
    packaged.mkdir()
    (packaged / "supplement.yaml").write_text(SOUND, encoding="utf-8")
    monkeypatch.setattr(tree_file, "PACKAGED", packaged)
    return tmp_path


@settings(max_examples=150)
@given(st.sampled_from(sorted(FILES)), st.lists(CHANGE, min_size=1, max_size=4))
def test_a_mangled_tree_never_breaks_the_linter(
    lonely: Path, name: str, changes: list[tuple[str, int, str]]
) -> None:
    path = lonely / f"{name}.yaml"
    text = mangled(FILES[name].splitlines(), changes)
    path.write_text(text, encoding="utf-8")

    ensure_readable(lint.lint_trees([path], ENDS), text)


@settings(max_examples=40)
@given(st.lists(CHANGE, min_size=1, max_size=3))
def test_mangled_texts_never_break_the_linter(lonely: Path, changes: list[tuple[str, int, str]]) -> None:
    path = lonely / "zh.yaml"
    text = mangled(TEXTS[:120], changes)
    path.write_text(text, encoding="utf-8")

    ensure_readable(lint.lint_texts(path), text)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_at_all_are_no_crash(lonely: Path, content: bytes) -> None:
    path = lonely / "complaint.yaml"
    path.write_bytes(content)

    assert all(problem.line >= 1 for problem in lint.lint_trees([path], ENDS))


@settings(max_examples=80)
@given(st.lists(CHANGE, min_size=1, max_size=2))
def test_what_the_linter_lets_pass_leads_nowhere_into_the_void(
    lonely: Path, changes: list[tuple[str, int, str]]
) -> None:
    """No target of a clean tree is empty or unknown, whatever was answered or skipped on the way."""
    path = lonely / "supplement.yaml"
    path.write_text(mangled(SOUND.splitlines(), changes), encoding="utf-8")
    if lint.lint_trees([path], ENDS):
        return
    tree, _ = tree_file.parse(path)
    assert isinstance(tree, Tree)
    for question in tree.questions.values():
        values = [option.value for option in question.options] or ["甲"]
        for value in [*values, None] if question.skip else values:
            target = question.target(value)
            assert target in tree.questions or target.split(" ")[0] in ("end", "tree")
