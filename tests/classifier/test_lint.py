"""Every mistake a clerk can make in the word tables is named by file and line, in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casestore.units import Units
from classifier import tables
from classifier.lint import lint

Tables = Callable[..., Path]


def test_the_packaged_tables_have_no_mistake(units: Units) -> None:
    assert lint(tables.PACKAGED, units) == []


@pytest.mark.parametrize("name", tables.FILES)
def test_each_table_tells_the_clerk_what_it_is(name: str) -> None:
    assert (tables.PACKAGED / name).read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "message"),
    [
        ("objects.tsv", "code\tname", "代码\tname", "table-header", "第一行应为表头: code、name、parent"),
        ("objects.tsv", "G02\t烟", "G02\t\t烟", "table-columns", "应有 5 列(用制表符分开)，这里有 6 列"),
        ("objects.tsv", "饮料类\tG\t", "饮料类\tQ\t", "object-parent", "上级代码「Q」在上面的行里没有"),
        ("objects.tsv", "\nG02\t", "\nG01\t", "code-duplicate", "代码「G01」与第 6 行重复"),
        ("objects.tsv", "\nG10\t", "\n\t", "code-empty", "代码没有填写"),
        ("objects.tsv", "G02\t烟、酒和饮料类", "G02\t", "name-empty", "「G02」的名称没有填写"),
        ("objects.tsv", "饮料类\tG\tFOOD", "饮料类\tG\tFUD", "unit-unknown", "单位「FUD」不在承办单位表里"),
        ("objects.tsv", "白酒:2.2|", "白酒:2.2|白酒|", "word-duplicate", "「白酒」写了两次"),
        ("objects.tsv", "白酒:2.2|", "白酒:二|", "word-weight", "「白酒:二」的权重应为大于 0"),
        ("objects.tsv", "白酒:2.2|", "白酒:2.2||", "word-empty", "有一个空的词"),
        ("objects.tsv", "白酒:2.2|", "白酒:2.2｜", "word-separator", "词与词之间请用半角 |"),
        ("objects.tsv", "白酒:2.2|", "白酒：2.2|", "word-separator", "权重前用半角 :"),
        ("natures.tsv", "CONSUMER", "CONSUMERS", "unit-unknown", "单位「CONSUMERS」不在承办单位表里"),
        ("kinds.tsv", "\nreport\t", "\ntip\t", "kind-unknown", "类别只能是 complaint / report"),
        ("kinds.tsv", "\nreport\t", "\n#\t", "kind-missing", "缺少「report」这一行"),
        ("outscope.tsv", "邮政管理部门\t12305", "\t12305", "department-empty", "要写明主管部门和电话"),
        ("outscope.tsv", "\nINSIDE\t", "\nIN\t", "inside-missing", "缺少 INSIDE 这一行"),
        ("urgency.tsv", "死亡\tmajor", "死亡\tbig", "sign-grade", "grade 应为 ordinary / major 之一"),
        ("urgency.tsv", "\t金额>=50000", "\t", "sign-empty", "永远不会出现"),
        ("urgency.tsv", "\t金额>=50000", "\t金额>50000", "word-unfindable", "「金额>50000」里有空格或标点"),
        ("dispatch.tsv", "report\tS1201", "tip\tS1201", "dispatch-kind", "现在是「tip」"),
        ("dispatch.tsv", "report\tS1201", "report\tS99", "dispatch-object", "「S99」不是任何一类的代码"),
        ("dispatch.tsv", "report\t*\tN09", "report\t*\tM09", "dispatch-nature", "「M09」不是任何一类的代码"),
        ("dispatch.tsv", "*\tnet\t", "*\t网\t", "dispatch-place", "place 应为 yes / no / net / premises / *"),
        ("dispatch.tsv", "yes\t@station", "no\t@station", "dispatch-station", "不知道地点就没有这样的单位"),
        (
            "dispatch.tsv",
            "premises\t@premises",
            "yes\t@premises",
            "dispatch-station",
            "place 是 premises 的行",
        ),
        (
            "dispatch.tsv",
            "complaint\t*\t*\tpremises",
            "report\t*\t*\tpremises",
            "dispatch-station",
            "服务站只和解投诉",
        ),
        ("dispatch.tsv", "S1201\t*\t*\tSPECIAL", "S1201\t*\t*\tLIFT", "unit-unknown", "单位「LIFT」不在"),
        ("dispatch.tsv", "*\t*\t*\t*\tINTAKE", "*\t*\t*\tno\tINTAKE", "dispatch-last", "接住其余的全部来件"),
        (
            "dispatch.tsv",
            "consultation\t*\t*\t*\tINTAKE",
            "consultation\t*\t*\t*\tINTAKE\nconsultation\tG01\t*\tyes\tFOOD",
            "dispatch-covered",
            "永远轮不到这一行: 第 4 行已经包括了它",
        ),
    ],
)
def test_a_mistake_is_named(
    units: Units, office_tables: Tables, name: str, old: str, new: str, code: str, message: str
) -> None:
    folder = office_tables(name, old, new)
    problems = [problem for problem in lint(folder, units) if problem.code == code]
    assert problems, lint(folder, units)
    assert problems[0].file == str(folder / name)
    assert message in problems[0].message


def test_the_line_is_counted_as_the_editor_counts_it(units: Units, office_tables: Tables) -> None:
    folder = office_tables("objects.tsv", "白酒:2.2|", "白酒:2.2||")
    lines = (folder / "objects.tsv").read_text(encoding="utf-8").split("\n")
    (problem,) = lint(folder, units)
    assert lines[problem.line - 1].startswith("G02\t")


def test_a_missing_table_is_named_once(units: Units, office_tables: Tables) -> None:
    folder = office_tables("kinds.tsv", "", "")
    (folder / "outscope.tsv").unlink()
    assert [problem.code for problem in lint(folder, units)] == ["table-missing"]


def test_a_table_saved_in_the_old_code_page_is_named(units: Units, office_tables: Tables) -> None:
    folder = office_tables("kinds.tsv", "", "")
    text = (folder / "natures.tsv").read_text(encoding="utf-8").replace("…", "")
    (folder / "natures.tsv").write_bytes(text.encode("gbk"))
    assert [problem.code for problem in lint(folder, units)] == ["table-encoding"]


def test_a_byte_order_mark_of_a_spreadsheet_is_no_mistake(units: Units, office_tables: Tables) -> None:
    folder = office_tables("kinds.tsv", "", "")
    text = (folder / "natures.tsv").read_text(encoding="utf-8")
    (folder / "natures.tsv").write_text(text, encoding="utf-8-sig")
    assert lint(folder, units) == []
