"""What the desk says is checked before anybody hears it: every sentence there, every brace known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casestore.problems import Problem
from dialogs import lint, texts

PACKAGED = texts.PACKAGED.read_text(encoding="utf-8")
Written = Callable[[str], list[Problem]]

SOUND = """\
greeting: 您好，这里是{office}。
notice:
  accepted: 您的投诉 {number} 已受理。
  closed: "{number} 已办结。"
reason:
  approve: [同意, 从速办理]
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """The problems of a file of texts, held against a short packaged one."""
    packaged = tmp_path / "packaged.yaml"
    packaged.write_text(SOUND, encoding="utf-8")
    monkeypatch.setattr(texts, "PACKAGED", packaged)

    def check(text: str) -> list[Problem]:
        path = tmp_path / "zh.yaml"
        path.write_text(text, encoding="utf-8")
        return lint.lint_texts(path)

    return check


def test_the_packaged_texts_have_no_mistake() -> None:
    assert lint.lint_texts(texts.PACKAGED) == []


def test_an_office_may_say_it_in_its_own_words(written: Written) -> None:
    assert written(SOUND.replace("已受理", "我们收下了，电话{hotline}")) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "phrase"),
    [
        ("  accepted: 您的投诉 {number} 已受理。\n", "", 1, "text-missing", "缺少文字「notice.accepted」"),
        ("  accepted:", "  acepted:", 3, "text-unused", "没有地方用到「notice.acepted」。您是不是想写「notice.accepted」？"),
        ("您的投诉 {number} 已受理。", "''", 3, "text-empty", "「notice.accepted」的文字是空的"),
        ("{number} 已受理", "{numbr} 已受理", 3, "placeholder-unknown", "「numbr」不认识。您是不是想写「number」？"),
        ("{number} 已受理", "{ number } 已受理", 3, "placeholder-unknown", "「 number 」不认识"),
        ("{number} 已受理", "{number!r} 已受理", 3, "placeholder-unknown", "「number!r」不认识"),
        ("{number} 已受理", "{number.x} 已受理", 3, "placeholder-unknown", "「number.x」不认识"),
        ("{number} 已受理", "{number 已受理", 3, "braces", "花括号没有配对"),
        ("{number} 已受理", "number} 已受理", 3, "braces", "请写成 {{ 和 }}"),
        ("已受理。", "已受理。" * 600, 3, "text-too-long", "超过微信一条 2000 的上限"),
        ("  closed:", "  accepted:", 4, "duplicate-name", "「accepted」重复了，第 3 行"),
        ("  accepted:", "  accepted：", 3, "wide-colon", "半角冒号"),
        ("greeting: 您好", "greeting: *您好", 1, "yaml-syntax", "请检查"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_line(
    written: Written, old: str, new: str, line: int, code: str, phrase: str
) -> None:
    assert SOUND.count(old) == 1
    found = [problem for problem in written(SOUND.replace(old, new)) if problem.code == code]

    assert [problem.line for problem in found] == [line], found
    assert phrase in found[0].message


def test_every_missing_text_is_named_not_only_the_first(written: Written) -> None:
    missing = [problem.message for problem in written("greeting: 您好。\n")]

    assert missing == [
        "缺少文字「notice.accepted」",
        "缺少文字「notice.closed」",
        "缺少文字「reason.approve」",
    ]


@pytest.mark.parametrize(
    "entry", ["[同意: 马上, 从速办理]", "[[同意], 从速办理]", "{同意: 从速办理}", "同意", "[]", ""]
)
def test_a_list_written_in_any_other_way_breaks_nothing(written: Written, entry: str) -> None:
    """A colon in an entry makes a mapping of it: the clerk is told or it is taken as words, never a crash."""
    found = written(SOUND.replace("[同意, 从速办理]", entry))

    told = ("text-missing", "text-unused", "text-empty", "placeholder-unknown")
    assert all(problem.code in told for problem in found), found


@pytest.mark.parametrize("text", ["", "- 甲\n", "一句话\n", "a: [\n"])
def test_what_is_no_file_of_texts_is_named_or_left_alone(written: Written, text: str) -> None:
    assert all(problem.code in ("yaml-syntax", "yaml-shape", "text-missing") for problem in written(text))


def test_a_list_instead_of_texts_is_told_how_to_write_them(written: Written) -> None:
    assert [problem.code for problem in written("- 甲\n- 乙\n")] == ["yaml-shape"]


def test_the_ends_a_tree_may_name_are_those_that_have_a_text(tmp_path: Path) -> None:
    path = tmp_path / "zh.yaml"
    path.write_text("ends:\n  refused: 好的。\n  later: 再会。\n", encoding="utf-8")

    assert lint.end_codes(path) == {"refused", "later"}
    path.write_text("ends: 没有\n", encoding="utf-8")
    assert lint.end_codes(path) == frozenset()
