"""Telephone numbers of mainland China: mobiles, landlines, 400/800 lines."""

from __future__ import annotations

import re

from casestore.reading.text import fold
from casestore.reading.unreadable import Unreadable

_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(?:\+?86|0086)?0?((?:10|2[0-9]|[3-9][0-9]{2}))([1-9][0-9]{6,7})(?:转([0-9]{1,6}))?")
_SERVICE = re.compile(r"([48]00)([0-9]{7})")
_JOINTS = re.compile(r"[-－—–()（）\s.·]")
_LABEL = re.compile(
    r"^(?:我的)?(?:联系)?(?:手机|电话|座机|固话|号码|手机号|电话号码|联系方式)+(?:号码|号|是|为)*[:：]?"
)
_EXTENSION = re.compile(r"(?:分机|ext|#|,)")


def phone(text: str) -> str:
    """The number as the desk keeps it: 13800138000, 0773-6212315, 010-12345678转8.

    Raises Unreadable: `phone-mobile-digits` (`digits`: how many were given), `phone-no-area-code`,
    `phone-unclear`.
    """
    folded = _EXTENSION.sub("转", _LABEL.sub("", fold(text).rstrip("。.")))
    bare = _JOINTS.sub("", folded)
    if len(bare) > 24:
        raise Unreadable("phone-unclear")
    if match := _MOBILE.fullmatch(bare):
        return match[1]
    if match := _SERVICE.fullmatch(bare):
        return f"{match[1]}-{match[2]}"
    if (match := _LANDLINE.fullmatch(bare)) and (bare.startswith("0") or "86" in bare[:4]):
        extension = f"转{match[3]}" if match[3] else ""
        return f"0{match[1]}-{match[2]}{extension}"
    digits = re.sub(r"[^0-9]", "", bare)
    if digits.startswith("1") and 5 <= len(digits) <= 14 and len(digits) != 11 and digits == bare:
        raise Unreadable("phone-mobile-digits", digits=len(digits))
    if digits == bare and len(digits) in (7, 8):
        raise Unreadable("phone-no-area-code")
    raise Unreadable("phone-unclear")
