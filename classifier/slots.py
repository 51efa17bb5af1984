"""What a free story already tells: sum, day, phone, order number and perhaps the merchant.

Only a proposal: each is shown to the citizen for a yes or no, the merchant as one button (guesses of
merchants in free text are right four times in ten).
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from casestore.reading import Unreadable, amounts, dates, names, numerals, phones

_HAN = numerals.HAN_NUMERAL
#: 商店, 药房, 那家店 are kinds of shops, no names.
_SHORTEST_NAME = 4
_FIGURE = r"[0-9][0-9.,]{0,14}"
#: 块 needs Arabic digits or 钱: 一块蛋糕 is a piece. A price (5元/斤) is no sum.
_MARKED = (
    rf"(?<![0-9.{_HAN}])(?:[¥￥]{_FIGURE}万?|{_FIGURE}[多余]?[万千百]?[多余]?(?:元|圆|块钱|块)"
    rf"|[{_HAN}]{{1,12}}[多余]?(?:元|圆|块钱))(?![/每])"
)
#: After a word for paying the mark may be missing: 花了九万八, 收我600; not 付了100多次.
_BARE = (
    rf"(?:[0-9]{{2,9}}(?:\.[0-9]{{1,2}})?万?|[{_HAN}]{{1,6}}[万千百][{_HAN}]{{0,6}})多?"
    rf"(?![0-9{_HAN}.多余来几个次名位人户天日年月周点分小时斤克公里米倍折张件条套台%])"
)
_SUM = re.compile(_MARKED)
_PAID = re.compile(
    rf"(?:花|付|交|充|转|收|共|要|退|赔|损失|价格|价值)[了费值计款给掉我是]{{0,3}}({_MARKED}|{_BARE})"
)
_DAY = re.compile(
    rf"(?:[0-9]{{4}}[-/.年][0-9]{{1,2}}[-/.月][0-9]{{1,2}}[日号]?"
    rf"|(?:今年|去年|前年)?的?(?<![0-9{_HAN}])(?:[0-9]{{1,2}}|[{_HAN}]{{1,3}})月(?:[0-9]{{1,2}}|[{_HAN}]{{1,3}})[日号]"
    rf"|(?:上个月|这个月|本月)[0-9]{{1,2}}[日号]"
    rf"|(?:上上|上个|上|这|本)(?:周|星期|礼拜)[一二三四五六日天]"
    rf"|大前天|前天|昨天|昨晚|昨日|今天|今日"
    rf"|(?:[0-9]{{1,3}}|[{_HAN}]{{1,3}}|半)(?:天|周|个星期|星期|个月|年)(?:以前|之前|前)"
    rf"|(?:今年|去年|前年)?(?:元旦|五一|国庆节|国庆|双十一|双11|双十二|双12|618))"
)
_PHONE = re.compile(
    r"(?<![0-9])(?:(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}"
    r"|0[1-9][0-9]{1,2}[- ][1-9][0-9]{6,7}|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4})(?![0-9])"
)
_ORDER = re.compile(
    r"(?:订单|单号|运单|快递单|编号|流水)[号编码]{0,2}(?:是|为)?[:： ]{0,3}([A-Za-z0-9-]{6,32})(?![A-Za-z0-9-])"
)
_MERCHANT = re.compile(
    r"(?:在|到|去|从)(?:[^,，。.!！?？;；\s在到去从]{0,12}的)?([^,，。.!！?？;；\s在到去从的了我]{2,18}?"
    r"(?:有限公司|公司|超市|商场|商店|专卖店|旗舰店|酒店|饭店|餐馆|餐厅|宾馆|药店|药房|健身房|美容院|理发店|培训机构|驾校|4[Ss]店|加油站|店))"
)


def read(text: str, today: date | None = None) -> dict[str, str]:
    """What could be read of a clean `text`. Without `today` no day is read: "昨天" would mean nothing."""
    text = unicodedata.normalize("NFKC", text)[: len(text)]  # one ligature may become eighteen letters
    found = {
        "amount_fen": _amount(text),
        "happened_on": _day(text, today) if today else None,
        "phone": next(_phones(text), None),
        "order_number": match[1] if (match := _ORDER.search(text)) else None,
        "merchant": next(_merchants(text), None),
    }
    return {slot: value for slot, value in found.items() if value}


def _amount(text: str) -> str | None:
    """What was paid, and if no word says so the largest sum."""
    paid = _sums(match[1] for match in _PAID.finditer(text))
    sums = paid or _sums(match[0] for match in _SUM.finditer(text))
    return str(max(sums)) if sums else None


def _sums(written: Iterable[str]) -> list[int]:
    sums: list[int] = []
    for sum_ in written:
        with contextlib.suppress(Unreadable):
            sums.append(amounts.amount(sum_).fen)
    return sums


def _day(text: str, today: date) -> str | None:
    for match in _DAY.finditer(text):
        with contextlib.suppress(Unreadable):
            return dates.day(match[0], today).isoformat()
    return None


def _phones(text: str) -> Iterator[str]:
    for match in _PHONE.finditer(text):
        with contextlib.suppress(Unreadable):
            yield phones.phone(match[0])


def _merchants(text: str) -> Iterator[str]:
    for match in _MERCHANT.finditer(text):
        with contextlib.suppress(Unreadable):
            name = names.merchant_name(match[1])
            if len(name) >= _SHORTEST_NAME and names.is_business(name):
                yield name
