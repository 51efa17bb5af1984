"""Personal data in a text: numbers of telephones, identity papers and bank cards, e-mail addresses, known names.

Looks through the usual disguises: full-width and Chinese digits, blanks and dashes in between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

from casestore.reading.text import clean, fold


class Personal(StrEnum):
    """What was found. The words are `personal.*` in the texts."""

    PHONE = "phone"
    NUMBER = "number"  # 身份证号、银行卡号等长号码
    EMAIL = "email"
    NAME = "name"  # a person the case knows, or where he lives


_HAN_DIGITS = str.maketrans("〇零○一幺壹二贰三叁四肆五伍六陆七柒八捌九玖", "0001112233445566778899")
_CASE_NUMBER = re.compile(r"(?:TS|JB|ZX)-[0-9]{8}-[0-9]{4,6}(?![0-9])")
_DATE_OR_TIME = re.compile(
    r"(?<![0-9])(?:20[0-9]{2}[-./年][01]?[0-9](?:[-./月][0-3]?[0-9]日?)?|[0-2]?[0-9]:[0-5][0-9])(?![0-9])"
)
_JOINT = r"[ \-·.—_()]{0,2}"
_LONG = re.compile(rf"(?<![0-9])[0-9](?:{_JOINT}[0-9]){{14,23}}[Xx]?(?![0-9])")
_PHONE = re.compile(
    rf"(?<![0-9])(?:(?:\+|00)?86{_JOINT})?1{_JOINT}[3-9](?:{_JOINT}[0-9]){{9}}(?![0-9])"  # a mobile
    rf"|(?<![0-9])0[1-9][0-9]{{1,2}}{_JOINT}[1-9](?:{_JOINT}[0-9]){{6,7}}(?![0-9])"  # a landline
    r"|(?:电话|手机|座机|拨打|致电|联系|微信|QQ|VX)[^0-9\n]{0,6}[1-9][0-9]{6,7}(?![0-9])",  # no area code
    re.IGNORECASE,
)
_LANDLINE = re.compile(r"(?<![0-9])(?:0[1-9][0-9]{1,2}[ \-]?[1-9][0-9]{6,7}|[2-8][0-9]{6,7})(?![0-9])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def find(text: str, public: str = "") -> Iterator[Personal]:
    """What kinds of number or address the text holds. `public`: texts whose numbers everybody may read,
    e.g. the office's own telephone."""
    plain, known = _plain(text), _plain(public)
    open_to_all = [_digits(match[0]) for match in _PHONE.finditer(known)]
    mails = {match[0].lower() for match in _EMAIL.finditer(known)}
    if any(match[0].lower() not in mails for match in _EMAIL.finditer(plain)):
        yield Personal.EMAIL
    plain = _DATE_OR_TIME.sub("，", _CASE_NUMBER.sub("，", plain))
    if _LONG.search(plain):
        yield Personal.NUMBER
    numbers = (_digits(match[0]) for match in _PHONE.finditer(_LONG.sub("，", plain)))
    if not all(any(shared.endswith(number) for shared in open_to_all) for number in numbers):
        yield Personal.PHONE


def landlines(text: str) -> list[str]:
    """The numbers of a text that are no mobile's, as an office has them."""
    return [match[0] for match in _LANDLINE.finditer(_plain(text))]


def names_in(text: str, names: Iterable[str]) -> bool:
    """Whether one of these names, or addresses, stands in the text as a whole."""
    folded, spoken = fold(text), unicodedata.normalize("NFKC", clean(text)).casefold()
    for name in names:
        wanted = fold(name)
        if wanted.isascii():
            latin = re.escape(" ".join(name.casefold().split()))
            if len(wanted) > 1 and re.search(rf"(?<![a-z0-9]){latin}(?![a-z0-9])", spoken):
                return True
        elif len(wanted) > 1 and wanted in folded:
            return True
    return False


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text)).translate(_HAN_DIGITS)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
