"""解答库: what the office's answers must be, told by file and line; and which fit a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.linting import lint_office, lint_paths
from bots.office import OfficePaths
from casestore.errors import StoreError
from dialogs.approved_answers import PACKAGED, ApprovedAnswers, lint

GOOD = """\
invoice:
  title: 商家不开发票
  words: [发票, 开票]
  answer: 请拨打 12366。
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_answers_are_without_fault_and_there_are_ten_and_more() -> None:
    assert lint(PACKAGED) == []
    assert len(list(ApprovedAnswers.load())) >= 10


@pytest.mark.parametrize("topic", ["七日无理由", "三包", "预付卡", "发票", "怎么举报"])
def test_what_is_asked_most_has_an_answer(topic: str) -> None:
    """S3-4.2: 有问必答."""
    (first, *_) = ApprovedAnswers.load().fitting(f"请问{topic}")

    assert topic in "".join(first.words)


def test_every_answer_names_its_law_or_whom_to_ask() -> None:
    for answer in ApprovedAnswers.load():
        assert "第" in answer.answer or "12366" in answer.answer


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "请按「代号: title、words、answer」一条一条地写"),
        ("- 发票\n", 1, "文件应由「键: 值」组成"),
        (GOOD.replace("invoice", "发票"), 1, "只能用小写字母、数字和下划线"),
        (GOOD.replace("title: 商家不开发票", "title: 商" + "家" * 30), 2, "请缩短到 20 字以内"),
        (GOOD.replace("  title: 商家不开发票\n", ""), 1, "缺少 title"),
        (GOOD.replace("[发票, 开票]", "发票"), 1, "缺少 words"),
        (GOOD.replace("[发票, 开票]", "[发票, 票]"), 3, "太短，至少两个字"),
        (GOOD.replace("  answer: 请拨打 12366。\n", ""), 1, "缺少 answer"),
        (GOOD.replace("请拨打 12366。", "字" * 700), 4, "超过微信一条 2000 的上限"),
        (GOOD.replace("请拨打 12366。", "请到{窗口}。"), 4, "「窗口」不认识"),
        (GOOD + "  answers: 多余\n", 5, "不认识"),
        (GOOD + "receipt:\n  title: 商家不开发票\n  words: [收据]\n  answer: 同上\n", 6, "相同，请改一个"),
        (GOOD + "invoice:\n  title: 又一条\n", 5, "重复了"),
        ("invoice：\n", 1, "全角冒号"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    problems = lint(written(tmp_path, text))

    assert problems
    assert (problems[0].line, says in problems[0].message) == (line, True), problems[0]


def test_a_faulty_file_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"answers.yaml:1"):
        ApprovedAnswers.load(written(tmp_path, ""))


def test_tousu_check_looks_at_the_offices_own_answers(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    faulty = written(folder, GOOD.replace("[发票, 开票]", "[票]"))

    assert [problem.file for problem in lint_paths([faulty])] == [str(faulty)]
    assert [problem.code for problem in lint_office(OfficePaths.of(tmp_path))] == ["answers-words"]


# ── which fit ──


def answers(tmp_path: Path) -> ApprovedAnswers:
    more = "card:\n  title: 预付卡\n  words: [预付卡, 会员卡]\n  answer: 可以退。\n"
    return ApprovedAnswers.load(written(tmp_path, GOOD + more))


def test_the_one_with_more_of_its_words_comes_first(tmp_path: Path) -> None:
    found = answers(tmp_path).fitting("会员卡退款不给发票，预付卡还有钱")

    assert [answer.code for answer in found] == ["card", "invoice"]


def test_what_does_not_fit_is_not_offered(tmp_path: Path) -> None:
    assert answers(tmp_path).fitting("你们几点上班") == []
    assert answers(tmp_path).fitting("") == []


def test_full_width_letters_and_spaces_do_not_hide_a_word(tmp_path: Path) -> None:
    assert [one.code for one in answers(tmp_path).fitting("发 票　呢")] == ["invoice"]


def test_no_more_than_four_are_offered() -> None:
    everything = "".join(word for answer in ApprovedAnswers.load() for word in answer.words)

    assert len(ApprovedAnswers.load().fitting(everything)) == 4
