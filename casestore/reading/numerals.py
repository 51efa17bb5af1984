"""Numbers as written in China: 128, １，２８０, 一百二十八, 两千三, 三万五, 1.2万, 二〇二六."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {
    "〇": 0, "零": 0, "○": 0,
    "一": 1, "壹": 1, "幺": 1,
    "二": 2, "贰": 2, "两": 2, "俩": 2,
    "三": 3, "叁": 3,
    "四": 4, "肆": 4,
    "五": 5, "伍": 5,
    "六": 6, "陆": 6,
    "七": 7, "柒": 7,
    "八": 8, "捌": 8,
    "九": 9, "玖": 9,
}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

#: Characters a Chinese numeral is made of, for use inside other patterns.
HAN_NUMERAL = "".join(_DIGITS) + "".join(_SMALL) + "".join(_LARGE) + "廿卅"

_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,4})?")
_TOKENS = re.compile(
    rf"[0-9]{{1,16}}(?:\.[0-9]{{1,4}})?|[{''.join(_DIGITS)}]|[{''.join(_SMALL)}{''.join(_LARGE)}]"
)


def number(text: str) -> Decimal | None:
    """The value of a whole numeral, or None. `text` is folded (`text.fold`)."""
    if not text or len(text) > 24:
        return None
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    text = text.replace("廿", "二十").replace("卅", "三十")
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))  # 二〇二六
    tokens = _TOKENS.findall(text)
    return _value(tokens) if tokens and "".join(tokens) == text else None


def whole(text: str) -> int | None:
    """As `number`, for whole numbers only."""
    value = number(text)
    return int(value) if value is not None and value == int(value) else None


def _value(tokens: list[str]) -> Decimal | None:
    total = section = Decimal(0)
    digit: Decimal | None = None
    last_unit, last_large, zero = 1, 10**9, False
    for token in tokens:
        if token in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[token]
            digit, last_unit, zero = None, _SMALL[token], False
        elif token in _LARGE:
            if _LARGE[token] == last_large:
                return None  # 一万万
            if _LARGE[token] > last_large:  # 三万亿
                section, total = total + section, Decimal(0)
            if token == tokens[0]:
                digit = Decimal(1)  # 万元, as 百元
            total += (section + (digit or 0)) * _LARGE[token]
            last_large = _LARGE[token]
            section, digit, last_unit, zero = Decimal(0), None, _LARGE[token], False
        else:
            if digit:
                return None  # 二三百 is no numeral
            digit = Decimal(_DIGITS[token]) if token in _DIGITS else Decimal(token)
            zero = zero or digit == 0
    if digit:
        # 两千三 is 2300, 3万5 is 35000; 两千零三 is 2003, 一万500 is 10500.
        tail = last_unit // 10 if last_unit >= 100 and not zero and digit < 10 else 1
        section += digit * tail
    return total + section
