"""tousu train, evaluate and classify --model: an office learns from its own history."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.bots.shell import Tousu
from tests.classifier.learned.builders import matters

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """The office's own cases, as a spreadsheet program saves them."""
    path = tmp_path / "history.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "内容", "类别"])
        rows.writerows([f"r{n}", one.text, one.label] for n, one in enumerate(matters(100)))
        rows.writerow(["r100", "", "食品"])  # without a text it teaches nothing
    return path


def _train(tousu: Tousu, history: Path) -> None:
    ran = tousu("train", str(history), "--text", "内容", "--label", "类别", "--out", "own.model")
    assert (ran.code, ran.out) == (0, "学习了 100 条，3 类，模型写到 own.model\n")


def test_what_was_learned_is_used_a_line_each(tousu: Tousu, history: Path) -> None:
    _train(tousu, history)

    ran = tousu("classify", "--model", "own.model", "--json", stdin="冰箱不制冷\n\n牛奶发霉了\n")

    first, nothing, third = map(json.loads, ran.out.splitlines())
    assert first["label"]["code"] == first["label"]["name"] == "家电"
    assert (first["decision"], first["confidence"]) == ("suggest", first["label"]["score"])
    assert {other["code"] for other in first["alternatives"]} == {"食品", "服装"}
    assert "冰箱" in [reason["word"] for reason in first["because"]]
    assert nothing["decision"] == "ask"
    assert third["label"]["code"] == "食品"


def test_for_a_person_the_three_likeliest_and_the_words(tousu: Tousu, history: Path) -> None:
    _train(tousu, history)
    said = tousu("classify", "--model", "own.model", "皮鞋开胶").out
    assert said.startswith("服装 ")
    assert "依据: " in said


def test_an_evaluation_says_how_good_it_is_and_draws_it(tousu: Tousu, history: Path, tmp_path: Path) -> None:
    columns = ("--text", "内容", "--label", "类别")
    found = tousu("evaluate", "--data", str(history), *columns, "--pictures", "pictures", "--json").json

    assert (found["texts"], found["curve"][0]["labels"]) == (100, 0)
    assert 0.8 <= found["interval_95"][0] <= found["accuracy"] <= found["top_3"] == 1
    for name in ("learning-curve.svg", "reliability.svg"):
        assert (tmp_path / "pictures" / name).read_text("utf-8").startswith("<svg")


def test_a_model_is_evaluated_on_what_it_has_not_seen(tousu: Tousu, history: Path) -> None:
    _train(tousu, history)
    columns = ("--text", "内容", "--label", "类别", "--model", "own.model")
    assert tousu("evaluate", "--data", str(history), *columns).out.startswith("100 条，正确 ")


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        (
            "没有「没有」这一列，有的列是: id、内容、类别",
            ["history.csv", "--text", "没有", "--label", "类别"],
        ),
        ("读不了 nowhere.csv", ["nowhere.csv", "--text", "内容", "--label", "类别"]),
        ("缺少这个文件", ["history.csv", "--text", "内容", "--label", "类别", "--taxonomy", "."]),
    ],
)
def test_what_cannot_be_learned_from_is_said_in_a_sentence(
    tousu: Tousu, history: Path, said: str, arguments: list[str]
) -> None:
    ran = tousu("train", *arguments, "--out", "own.model")
    assert ran.code == 1
    assert said in ran.said
    assert not (history.parent / "own.model").exists()


def test_a_label_the_model_does_not_know_is_named(tousu: Tousu, history: Path, tmp_path: Path) -> None:
    _train(tousu, history)
    (tmp_path / "new.csv").write_text("text,label\n小说缺页,书籍\n", encoding="utf-8")
    ran = tousu("evaluate", "--data", "new.csv", "--model", "own.model")
    assert ran.code == 1
    assert "「书籍」" in ran.said


def test_a_file_as_excel_saves_it_in_china_is_read(tousu: Tousu, tmp_path: Path) -> None:
    lines = ["内容,类别", *(f"{one.text},{one.label}" for one in matters(40))]
    (tmp_path / "excel.csv").write_bytes("\r\n".join(lines).encode("gb18030"))
    ran = tousu("train", "excel.csv", "--text", "内容", "--label", "类别", "--out", "own.model", "--json")
    assert ran.json == {"texts": 40, "labels": 3, "model": "own.model"}
