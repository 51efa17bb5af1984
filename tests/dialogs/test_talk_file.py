"""*.talk: what people write down is played as written; what cannot be read is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.errors import StoreError
from dialogs.talk_file import Act, Line, parse

TALKS = sorted((Path(__file__).parent.parent / "talks").glob("*.talk"))


@pytest.mark.parametrize(
    ("written", "who", "act", "text"),
    [
        ("> 我要投诉", "", Act.SAY, "我要投诉"),
        (">我要投诉", "", Act.SAY, "我要投诉"),
        ("> ", "", Act.SAY, ""),
        ("> [已阅读，继续]", "", Act.PRESS, "已阅读，继续"),
        ("> (照片)", "", Act.SEND, "照片"),
        ("> [半个", "", Act.SAY, "[半个"),
        ("> 价格(含税)", "", Act.SAY, "价格(含税)"),
        ("< 请问您要办理哪一项", "", Act.SEE, "请问您要办理哪一项"),
        ("< [受理]", "", Act.SEE, "[受理]"),
        ("王敏> [受理]", "王敏", Act.PRESS, "受理"),
        ("王敏< 已受理", "王敏", Act.SEE, "已受理"),
        ("值班群< a > b", "值班群", Act.SEE, "a > b"),
        ("> 金额<100", "", Act.SAY, "金额<100"),
        ("李娜> 周四九点\\n一楼调解室", "李娜", Act.SAY, "周四九点\n一楼调解室"),
        ("@ 2026-11-27 22:30", "", Act.CLOCK, "2026-11-27 22:30"),
    ],
)
def test_a_line_is_read(written: str, who: str, act: Act, text: str) -> None:
    assert parse(written) == [Line(1, who, act, text)]


def test_notes_and_blank_lines_are_passed_over_and_the_lines_keep_their_numbers() -> None:
    assert [line.number for line in parse("# 一件投诉\n\n> 我要投诉\n   \n< 您好\n")] == [3, 5]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("我要投诉", 1),
        ("> 好\n\n王敏 > 受理", 3),
        ("> 好\n  # 缩进的注释", 2),
        ("# 好\n好 < 坏", 2),
        ("> a\n|", 2),
    ],
)
def test_a_line_that_is_none_of_these_is_named(text: str, number: int) -> None:
    with pytest.raises(StoreError, match=f"complaint.talk:{number}: 每行应以 > 或 < 开头"):
        parse(text, "complaint.talk")


@pytest.mark.parametrize("written", ["@", "@ 22:30", "@ 2026-02-30 09:00", "@ 明天", "@2026-11-27"])
def test_a_time_that_is_none_is_named(written: str) -> None:
    with pytest.raises(StoreError, match=r"x\.talk:1: 时间应写成「@ 2026-11-27 22:30」"):
        parse(written, "x.talk")


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
def test_a_written_talk_reads_back_as_it_was_written(path: Path) -> None:
    """What `tousu talk --record` writes can be played."""
    lines = parse(path.read_text(encoding="utf-8"), path.name)

    again = parse("\n".join(str(line) for line in lines))

    assert [(line.who, line.act, line.text) for line in again] == [
        (line.who, line.act, line.text) for line in lines
    ]


@given(st.text(max_size=40))
def test_any_text_is_a_talk_or_a_named_mistake(text: str) -> None:
    try:
        lines = parse(text, "x.talk")
    except StoreError as error:
        assert str(error).startswith("x.talk:")
        return
    assert len(lines) <= len(text.splitlines())
