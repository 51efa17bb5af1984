"""Names of persons and of businesses."""

from __future__ import annotations

import re
import unicodedata

from casestore.reading.text import clean, fold, has_words
from casestore.reading.unreadable import Unreadable

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd〇"
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,6}}|[{_HAN}]{{1,12}}(?:·[{_HAN}]{{1,12}}){{1,4}}")
_LATIN = r"A-Za-zÀ-ɏḀ-ỿ"
_LATIN_NAME = re.compile(rf"[{_LATIN}][{_LATIN} .'-]{{1,58}}[{_LATIN}.]")
_LEAD = re.compile(r"^(?:我的名字叫|我的名字是|我名字叫|我叫|我是|本人|姓名)[:：]?")
_FORM_OF_ADDRESS = re.compile(rf"[{_HAN}]{{0,2}}(?:先生|女士|小姐|太太|师傅|老师|某|某某)")
_DOTS = re.compile(r"[•‧∙・･．.。]")

#: Endings and words by which a name is a business's and not a natural person's.
_BUSINESS = re.compile(
    "公司|集团|商店|商行|超市|商场|市场|酒店|饭店|餐馆|餐厅|宾馆|民宿|药店|药房|大药房|医院|诊所|学校|培训|"
    "中心|俱乐部|会所|工作室|门店|专卖|旗舰|经营部|合作社|加油站|维修|美容|美发|理发|健身|影院|影城|网店|"
    "店|厂|行|馆|坊|铺|社|院|所|吧|站|部|屋|轩|阁|楼|城|广场|平台|直播间|4s"
)


def person_name(text: str) -> str:
    """A person's full name. Raises Unreadable: `name-form-of-address`, `name-digits`, `name-unclear`."""
    name = _LEAD.sub("", clean(text)).strip()
    if fold(name) and any(character.isdigit() for character in fold(name)):
        raise Unreadable("name-digits")
    if any(character >= "\u3400" for character in name):
        name = name.rstrip("。.!！")
        dotted = _DOTS.sub("·", name)
    else:
        dotted = name
    dotted = "".join(dotted.split()) if not dotted.isascii() else dotted
    if _FORM_OF_ADDRESS.fullmatch(dotted):
        raise Unreadable("name-form-of-address")
    if _HAN_NAME.fullmatch(dotted):
        return dotted
    latin = unicodedata.normalize("NFC", name)
    if _LATIN_NAME.fullmatch(latin):
        return latin
    raise Unreadable("name-unclear")


def merchant_name(text: str) -> str:
    """A merchant's name as given. Raises Unreadable: `merchant-unclear` where no word is in it."""
    name = " ".join(clean(text).split())
    folded = fold(name)
    if not has_words(name) or folded.isdigit() or len(folded) < 2:
        raise Unreadable("merchant-unclear")
    return name


def is_business(name: str) -> bool:
    """Whether `name` is a trading name, which may be kept in clear, and not a natural person's."""
    return bool(_BUSINESS.search(fold(name)))


def mask_name(name: str) -> str:
    """张**: the first character stays, everything else is hidden, whatever the length."""
    return f"{name[:1]}**" if name else ""


def mask_phone(number: str) -> str:
    """138****8000; of a landline the last four digits; never four digits more in a row."""
    digits = re.sub(r"[^0-9]", "", number)
    if len(digits) < 7:
        return "****"
    return (
        f"{digits[:3]}****{digits[-4:]}" if len(digits) == 11 and digits[0] == "1" else f"****{digits[-4:]}"
    )


_LONG_DIGITS = re.compile(r"[0-9０-９][0-9０-９Xx -]{5,}[0-9０-９Xx]")


def mask_text(text: str) -> str:
    """`text` with what looks like telephone, identity and order numbers hidden."""
    return _LONG_DIGITS.sub("****", text)
