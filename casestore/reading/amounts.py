"""Money: 128元, ¥1,280.00, 一百二十八块五, 3万, 128块5毛, 三百多."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from casestore.reading import numerals
from casestore.reading.text import fold
from casestore.reading.unreadable import Unreadable

_N = rf"[0-9.,{numerals.HAN_NUMERAL}]{{1,16}}"
_LEAD = r"(?:一共|总共|总计|合计|共计|共|大概|大约|约|差不多|花了|付了|是)*"
_WHOLE = re.compile(
    rf"{_LEAD}(?:¥|￥|rmb|人民币)?(?P<yuan>{_N})(?P<approx>多|来|余|几)?(?P<unit>万|千|百)?(?P<more>多|余)?"
    rf"(?P<mark>元|圆|块钱|块|rmb)?"
    rf"(?:(?P<jiao>{_N})(?:(?P<jiao_mark>角|毛)(?P<fen>{_N})?分?)?)?"
    r"(?:钱|整|左右|上下|人民币)*"
)
_UNITS = {"万": 10_000, "千": 1_000, "百": 100, None: 1}
_MOST_FEN = 10**13  # 千亿元: beyond this somebody typed a telephone number


@dataclass(frozen=True)
class Amount:
    fen: int
    approximate: bool = False


def amount(text: str) -> Amount:
    """The sum a whole answer names. Raises Unreadable: `amount-unclear`, `amount-too-large`."""
    match = _WHOLE.fullmatch(fold(text).rstrip("。.!！"))
    yuan = numerals.number(match["yuan"].strip(",")) if match else None
    if match is None or yuan is None:
        raise Unreadable("amount-unclear")
    fen = yuan * _UNITS[match["unit"]] * 100
    if match["jiao"] is not None:
        fen += _change(match)
    if 0 < fen < 1:
        raise Unreadable("amount-unclear")
    if fen >= _MOST_FEN:
        raise Unreadable("amount-too-large")
    approximate = bool(match["approx"] or match["more"]) or "左右" in text or "大" in text or "约" in text
    return Amount(int(fen.to_integral_value()), approximate)


def _change(match: re.Match[str]) -> Decimal:
    """What follows the mark: 块五 and 块5 are 5 角, 块五毛三 is 53 分, 块50 is 50 分."""
    jiao = numerals.number(match["jiao"])
    if jiao is None or match["mark"] is None or jiao >= 100 or (match["jiao_mark"] and jiao >= 10):
        raise Unreadable("amount-unclear")
    if match["fen"] is None:
        return jiao * 10 if jiao < 10 else jiao
    fen = numerals.number(match["fen"])
    if fen is None or fen >= 10:
        raise Unreadable("amount-unclear")
    return jiao * 10 + fen


def yuan(fen: int) -> str:
    """`fen` as people read it: 128元, 1,280.50元."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02d}元" if rest else f"{whole:,}元"
