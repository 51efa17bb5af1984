"""解答库: what the file of the office's answers must be, told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.linting import lint_office, lint_paths
from bots.office import OfficePaths
from casestore.errors import StoreError
from dialogs import answers_file
from dialogs.answers_file import PACKAGED, lint

GOOD = """\
invoice:
  title: 商家不开发票
  words: [发票, 开票]
  law: 第二十二条
  answer: 请拨打 12366。
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_answers_are_without_fault() -> None:
    assert lint(PACKAGED) == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "请按「代号: title、words、law、answer」一条一条地写"),
        ("- 发票\n", 1, "文件应由「键: 值」组成"),
        (GOOD.replace("invoice", "发票"), 1, "只能用小写字母、数字和下划线"),
        (GOOD.replace("title: 商家不开发票", "title: 商" + "家" * 30), 2, "请缩短到 20 字以内"),
        (GOOD.replace("  title: 商家不开发票\n", ""), 1, "缺少 title"),
        (GOOD.replace("[发票, 开票]", "发票"), 1, "缺少 words"),
        (GOOD.replace("[发票, 开票]", "[发票, 票]"), 3, "太短，至少两个字"),
        (GOOD.replace("  answer: 请拨打 12366。\n", ""), 1, "缺少 answer"),
        (GOOD.replace("  law: 第二十二条\n", ""), 1, "缺少 law，请写依据的条款"),
        (GOOD.replace("请拨打 12366。", "字" * 700), 5, "超过 1600(约 500 字)，请缩短"),
        (GOOD.replace("请拨打 12366。", "请到{窗口}。"), 5, "「窗口」不认识"),
        (GOOD + "  answers: 多余\n", 6, "不认识"),
        (
            GOOD + "receipt:\n  title: 商家不开发票\n  words: [收据]\n  law: 第一条\n  answer: 同上\n",
            7,
            "相同，请改一个",
        ),
        (GOOD + "invoice:\n  title: 又一条\n", 6, "重复了"),
        ("invoice：\n", 1, "全角冒号"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    problems = lint(written(tmp_path, text))

    assert problems
    assert (problems[0].line, says in problems[0].message) == (line, True), problems[0]


def test_a_faulty_file_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"answers.yaml:1"):
        answers_file.load(written(tmp_path, ""))


def test_tousu_check_looks_at_the_offices_own_answers(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    faulty = written(folder, GOOD.replace("[发票, 开票]", "[票]"))

    assert [problem.file for problem in lint_paths([faulty])] == [str(faulty)]
    assert [problem.code for problem in lint_office(OfficePaths.of(tmp_path))] == ["answers-words"]
