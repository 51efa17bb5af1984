"""Days as people name them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.reading import Unreadable
from casestore.reading.dates import day

MONDAY = date(2026, 11, 23)


def refusal(said: str, today: date = MONDAY) -> str:
    with pytest.raises(Unreadable) as refused:
        day(said, today)
    return refused.value.code


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("今天", "2026-11-23"), ("刚才", "2026-11-23"), ("今天上午9点", "2026-11-23"), ("今早", "2026-11-23"),
        ("昨天", "2026-11-22"), ("昨日", "2026-11-22"), ("昨天。", "2026-11-22"), ("昨晚", "2026-11-22"),
        ("昨晚8点", "2026-11-22"), ("昨天晚上八点半", "2026-11-22"), ("昨天15:30", "2026-11-22"),
        ("昨天下午三点二十", "2026-11-22"), ("昨天下午三点二十分", "2026-11-22"), ("昨天下午3点20左右", "2026-11-22"),
        ("前天", "2026-11-21"), ("前天下午三点", "2026-11-21"), ("大前天", "2026-11-20"),
        ("三天前", "2026-11-20"), ("3天以前", "2026-11-20"), ("两周前", "2026-11-09"), ("一个星期之前", "2026-11-16"),
        ("半个月前", "2026-11-08"), ("一个月前", "2026-10-23"), ("半年前", "2026-05-25"), ("一年前", "2025-11-23"),
    ],
)  # fmt: skip
def test_a_day_told_from_today(said: str, meant: str) -> None:
    """Told on a Monday, 2026-11-23; the hour of the day does not matter."""
    assert day(said, MONDAY).isoformat() == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("上周五", "2026-11-20"), ("上个星期五", "2026-11-20"), ("周五", "2026-11-20"), ("周一", "2026-11-23"),
        ("星期天", "2026-11-22"), ("礼拜六", "2026-11-21"), ("上周日", "2026-11-22"), ("上上周三", "2026-11-11"),
        ("上周末", "2026-11-21"), ("本周一", "2026-11-23"), ("周5", "2026-11-20"),
    ],
)  # fmt: skip
def test_a_weekday(said: str, meant: str) -> None:
    """A bare weekday is the last one, today included; 上周 is the week before, from Monday on."""
    assert day(said, MONDAY).isoformat() == meant


def test_last_friday_told_on_a_saturday_is_eight_days_ago() -> None:
    """上周五 is the Friday of last week even where this week's Friday was yesterday."""
    saturday = date(2026, 11, 21)

    assert day("上周五", saturday) == date(2026, 11, 13)
    assert day("周五", saturday) == date(2026, 11, 20)
    assert day("这周五", saturday) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-15", "2026-03-15"), ("2026/3/15", "2026-03-15"), ("2026.3.15", "2026-03-15"),
        ("20260315", "2026-03-15"), ("2026年3月15日", "2026-03-15"), ("２０２６－０３－１５", "2026-03-15"),
        ("二〇二六年三月十五日", "2026-03-15"), ("26年3月15号", "2026-03-15"), ("2026 年 3 月 15 日", "2026-03-15"),
        ("3月15号", "2026-03-15"), ("3月15", "2026-03-15"), ("三月十五", "2026-03-15"), ("3.15", "2026-03-15"),
        ("3/15", "2026-03-15"), ("11月23号", "2026-11-23"), ("11月24号", "2025-11-24"), ("12月1日", "2025-12-01"),
        ("去年3月15号", "2025-03-15"), ("前年的12月31日", "2024-12-31"), ("今年1月1日", "2026-01-01"),
        ("上个月15号", "2026-10-15"), ("上月15日", "2026-10-15"), ("这个月3号", "2026-11-03"), ("15号", "2026-11-15"),
        ("23号", "2026-11-23"), ("28号", "2026-10-28"), ("去年双十一", "2025-11-11"), ("双十一", "2026-11-11"),
        ("双11那天", "2026-11-11"), ("双十二", "2025-12-12"), ("618", "2026-06-18"), ("国庆节", "2026-10-01"),
        ("十一", "2026-10-01"), ("前年五一", "2024-05-01"), ("315", "2026-03-15"), ("元旦", "2026-01-01"),
    ],
)  # fmt: skip
def test_a_day_of_the_calendar(said: str, meant: str) -> None:
    """A day without a year is the last one that has passed."""
    assert day(said, MONDAY).isoformat() == meant


@pytest.mark.parametrize(
    "said",
    [
        "2026-03-15 14:30", "2026-03-15 9:05", "2026-03-15 09:05:30", "2026-03-15T14:30", "3.15 9:30", "3/15 14:30",
        "20260315 9:30", "3月15号 9:30", "3月15号9:30", "2026-3-15 9点", "3月15日下午三点左右", "2026年3月15日晚上8点",
        "3月15号购买的",
    ],
)  # fmt: skip
def test_a_time_of_day_never_changes_the_day(said: str) -> None:
    """2026-03-15 9:05 is the fifteenth, not the first."""
    assert day(said, MONDAY) == date(2026, 3, 15)


def test_the_28th_told_on_the_5th_is_last_months() -> None:
    assert day("28号", date(2026, 11, 5)) == date(2026, 10, 28)
    assert day("28号", date(2026, 1, 5)) == date(2025, 12, 28)
    assert day("5号", date(2026, 11, 5)) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("today", "meant"),
    [
        (date(2026, 11, 23), date(2024, 2, 29)), (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 2, 28), date(2020, 2, 29)), (date(2028, 3, 1), date(2028, 2, 29)),
        (date(2103, 5, 1), date(2096, 2, 29)),
    ],
)  # fmt: skip
def test_the_29th_of_february_is_that_of_the_last_leap_year(today: date, meant: date) -> None:
    assert day("2月29", today) == meant


def test_a_month_back_from_the_31st_is_the_last_day_of_the_shorter_month() -> None:
    assert day("一个月前", date(2026, 3, 31)) == date(2026, 2, 28)
    assert day("一年前", date(2024, 2, 29)) == date(2023, 2, 28)


@pytest.mark.parametrize(
    "said",
    [
        "2月30",
        "2月30号",
        "2026-02-29",
        "今年2月29日",
        "20260230",
        "13月5日",
        "0月5日",
        "4月31号",
        "九十亿月三日",
        "九十亿号",
    ],
)
def test_a_day_that_does_not_exist_is_called_so(said: str) -> None:
    assert refusal(said) == "date-impossible"


@pytest.mark.parametrize(
    "said",
    [
        "明天",
        "后天",
        "大后天",
        "下周三",
        "下个月5号",
        "明年3月1日",
        "2026-11-24",
        "这周日",
        "这个月30号",
        "今年12月1日",
    ],
)
def test_a_day_to_come_is_refused(said: str) -> None:
    """What has not happened yet is no ground for a complaint."""
    assert refusal(said) == "date-future"


@pytest.mark.parametrize(
    "said",
    [
        "", "不记得", "春天", "2026年3月", "1989-01-01", "三", "99999天前", "一百年前", "半天前", "٢٠٢٦-٠٣-١٥",
        "2026-03-15和16号", "1" * 4000,
    ],
)  # fmt: skip
def test_what_names_no_day_is_asked_for_again(said: str) -> None:
    assert refusal(said) == "date-unclear"


DAYS = st.dates(date(2000, 1, 1), date(2026, 11, 23))


@given(DAYS)
def test_every_day_reads_back_in_each_full_way_of_writing(when: date) -> None:
    for written in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d 23:59"):
        assert day(when.strftime(written), MONDAY) == when


@given(DAYS, st.integers(1, 12), st.integers(1, 31))
def test_a_day_without_a_year_lies_in_the_year_behind_us(today: date, month: int, number: int) -> None:
    try:
        found = day(f"{month}月{number}日", today)
    except Unreadable as refused:
        assert refused.code == "date-impossible"
        return
    assert (found.month, found.day) == (month, number)
    assert found <= today
    if (month, number) != (2, 29):
        assert today - found < timedelta(days=366)


@given(DAYS, st.sampled_from("一二三四五六日"), st.sampled_from(["周", "星期", "礼拜"]))
def test_a_bare_weekday_lies_in_the_last_seven_days(today: date, weekday: str, word: str) -> None:
    found = day(f"{word}{weekday}", today)

    assert found.weekday() == "一二三四五六日".index(weekday)
    assert timedelta(0) <= today - found < timedelta(days=7)


@given(DAYS, st.sampled_from("一二三四五六日"))
def test_a_weekday_of_last_week_lies_in_the_week_before_this_one(today: date, weekday: str) -> None:
    found = day(f"上周{weekday}", today)

    assert found.isocalendar()[:2] == (today - timedelta(weeks=1)).isocalendar()[:2]
