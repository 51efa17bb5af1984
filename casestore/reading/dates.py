"""Days in the past as people name them: 昨天, 上周五, 3月15号, 去年双十一, 2026-03-15, 三天前."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

from casestore.reading import numerals
from casestore.reading.text import clean, fold
from casestore.reading.unreadable import Unreadable

_N = rf"[0-9]{{1,4}}|[{numerals.HAN_NUMERAL}]{{1,6}}"
_TWO = rf"(?:(?<![0-9])[0-9]{{1,2}}|[{numerals.HAN_NUMERAL}]{{1,3}})"
_CLOCK = re.compile(
    rf"t?(?:凌晨|清晨|早上|早晨|上午|中午|午后|下午|傍晚|晚上|夜里|早|晚)?"
    rf"(?:{_TWO}(?:[点时](?:半|一刻|三刻|钟|整|{_TWO}分?)?|:[0-9]{{2}}(?::[0-9]{{2}})?))?"
    r"(?:左右|前后)?(?:买的|购买的?|的时候)?$"
)
# The blank in 2026-03-15 9:05 parts the day from the hour, and folding would take it out.
_BEFORE_CLOCK = re.compile(r"(?<=[0-9])\s+(?=[0-9]{1,2}[:点时])")
_NAMED_WEEKDAY = re.compile(r"\((?:周|星期|礼拜)[一二三四五六日天]\)$")  # as the desk itself shows a day
_DAYS_AGO = {
    "今天": 0,
    "今日": 0,
    "刚才": 0,
    "刚刚": 0,
    "昨天": 1,
    "昨日": 1,
    "昨": 1,  # 昨晚8点, without its hour
    "今": 0,
    "前天": 2,
    "大前天": 3,
}
_NOT_YET = re.compile(r"(?:明|后|大后)天|明年.*|下(?:个?月|周|星期).*")
_YEARS_AGO = {"今年": 0, "去年": 1, "前年": 2}
_WEEKDAYS = {
    "一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5,
    "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6,
}  # fmt: skip
#: Days with a name of their own, as (month, day).
_NAMED = {
    "元旦": (1, 1), "三八节": (3, 8), "315": (3, 15), "五一": (5, 1), "劳动节": (5, 1), "六一": (6, 1),
    "618": (6, 18), "六一八": (6, 18), "国庆": (10, 1), "国庆节": (10, 1), "十一": (10, 1),
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12),
}  # fmt: skip


def day(text: str, today: date) -> date:
    """The past day a whole answer names, seen from `today` (China).

    A day without a year is the last one that has passed.
    Raises Unreadable: `date-unclear`, `date-impossible`, `date-future`.
    """
    parted = _BEFORE_CLOCK.sub("t", unicodedata.normalize("NFKC", clean(text)))
    folded = _NAMED_WEEKDAY.sub("", fold(parted).rstrip("。.!"))
    if _NOT_YET.fullmatch(folded):
        raise Unreadable("date-future", day=folded)
    for candidate in (folded, _CLOCK.sub("", folded)):
        for pattern, read in _FORMS:
            if match := pattern.fullmatch(candidate):
                found = read(match, today)
                if found > today:
                    raise Unreadable("date-future", day=found.isoformat())
                if found.year < 1990:
                    raise Unreadable("date-unclear")
                return found
    raise Unreadable("date-unclear")


def _make(year: int, month: int | None, number: int | None) -> date:
    try:
        return date(year, month or 0, number or 0)
    except (ValueError, OverflowError):
        raise Unreadable("date-impossible", year=year, month=month, day=number) from None


def _full(match: re.Match[str], today: date) -> date:
    year = numerals.whole(match[1]) or 0
    return _make(year + 2000 if year < 100 else year, numerals.whole(match[2]), numerals.whole(match[3]))


def _month_day(match: re.Match[str], today: date) -> date:
    return _last_passed(numerals.whole(match[1]), numerals.whole(match[2]), today)


def _last_passed(month: int | None, number: int | None, today: date) -> date:
    if (month, number) == (2, 29):  # only leap years have it
        leap = max(year for year in range(today.year - 8, today.year + 1) if _is_leap(year))
        found = date(leap, 2, 29)
        return found if found <= today else _last_leap_before(leap)
    found = _make(today.year, month, number)
    return found if found <= today else _make(today.year - 1, month, number)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _last_leap_before(year: int) -> date:
    return date(max(earlier for earlier in range(year - 8, year) if _is_leap(earlier)), 2, 29)


def _year_and_day(match: re.Match[str], today: date) -> date:
    year = today.year - _YEARS_AGO[match[1]]
    return _make(year, numerals.whole(match[2]), numerals.whole(match[3]))


def _named(match: re.Match[str], today: date) -> date:
    month, number = _NAMED[match[2]]
    if match[1]:
        return date(today.year - _YEARS_AGO[match[1]], month, number)
    return _last_passed(month, number, today)


def _of_month(match: re.Match[str], today: date) -> date:
    number = numerals.whole(match[2])
    first = today.replace(day=1)
    said_on_an_earlier_day = not match[1] and number is not None and number > today.day  # 28号, on the 5th
    if match[1] in ("上个月", "上月") or said_on_an_earlier_day:
        first = (first - timedelta(days=1)).replace(day=1)
    return _make(first.year, first.month, number)


def _weekday(match: re.Match[str], today: date) -> date:
    weekday = _WEEKDAYS[match[2]]
    monday = today - timedelta(days=today.weekday())
    weeks = {"上上": 2, "上个": 1, "上": 1, "这个": 0, "这": 0, "本": 0}.get(match[1] or "")
    if weeks is None:  # 周五: the last one
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    return monday - timedelta(weeks=weeks) + timedelta(days=weekday)


def _ago(match: re.Match[str], today: date) -> date:
    if match[1] == "半":
        days = {"月": 15, "个月": 15, "年": 182}.get(match[2])
        if days is None:
            raise Unreadable("date-unclear")
        return today - timedelta(days=days)
    count = numerals.whole(match[1])
    if count is None or count > 4000:
        raise Unreadable("date-unclear")
    if match[2] in ("天", "日"):
        return today - timedelta(days=count)
    if match[2] in ("周", "个星期", "星期", "个礼拜", "礼拜"):
        return today - timedelta(weeks=count)
    months = count * (12 if match[2] == "年" else 1)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if year < 1990:
        raise Unreadable("date-unclear")
    return _clip(year, month + 1, today.day)


def _clip(year: int, month: int, number: int) -> date:
    """The day of that month, or its last: one month before 31 March is 28 February."""
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=number - 1), first_of_next - timedelta(days=1))


def _choice(words: object) -> str:
    return "|".join(re.escape(str(word)) for word in sorted(words, key=lambda w: -len(str(w))))  # type: ignore[call-overload]


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...] = (
    (re.compile(_choice(_DAYS_AGO)), lambda match, today: today - timedelta(days=_DAYS_AGO[match[0]])),
    (re.compile(rf"({_choice(_YEARS_AGO)})?的?({_choice(_NAMED)})(?:那天|当天)?"), _named),
    (re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?"), _full),
    (re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"), _full),
    (re.compile(rf"({_N})年的?({_N})月({_N})[日号]?"), _full),
    (re.compile(rf"({_choice(_YEARS_AGO)})的?({_N})月({_N})[日号]?"), _year_and_day),
    (re.compile(rf"({_N})月({_N})[日号]?"), _month_day),
    (re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})"), _month_day),
    (re.compile(rf"(上个月|上月|这个月|本月|这月)?的?({_N})[日号]"), _of_month),
    (re.compile(r"(上上|上个|上|这个|这|本)?(?:周|星期|礼拜)([一二三四五六日天末1-7])"), _weekday),
    (re.compile(rf"({_N}|半)(天|日|周|个星期|星期|个礼拜|礼拜|个月|月|年)(?:以前|之前|前)"), _ago),
)
