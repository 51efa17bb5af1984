"""发送前的检查: what is wrong with words that are about to go out to a citizen. Pure.

The whole text is read as he will read it: what the notice names already, the words need not name again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from casestore.codes import Kind, Step
from casestore.errors import (
    BlankLeft,
    CaseError,
    GroundNotNamed,
    PersonalDataFound,
    StatuteMissing,
    WayOutNotNamed,
)
from casestore.lifecycle import names_statute
from casestore.model import CaseNumber, Particulars
from casestore.reading import personal
from casestore.reading.names import is_business
from casestore.reading.personal import Personal
from dialogs.notice import EVENT_OF, notice
from dialogs.texts import Texts


class Fault(StrEnum):
    """What can be wrong. The words for who wrote it are `finding.*` in the texts."""

    BLANK = "blank"
    PERSONAL = "personal"
    GROUND = "ground"
    STATUTE = "statute"
    WAY_OUT = "way_out"


@dataclass(frozen=True)
class Finding:
    """`refuses`: it does not go out like this; else it is a hint. `what`: the kinds of personal data, or the
    blank as it stands there."""

    fault: Fault
    refuses: bool
    what: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """All the check may look at. `words` are what a person adds, `text` the whole; `ground` is a code of art. 16
    or 23, `grounds` the words for why, any of which will do; `names` whom the case knows, as names and
    addresses; `public` holds numbers that everybody may read."""

    step: Step
    kind: Kind
    text: str
    words: str = ""
    ground: str = ""
    grounds: Sequence[str] = ()
    names: Sequence[str] = ()
    public: str = ""


def outgoing(
    texts: Texts,
    kind: Kind,
    step: Step,
    facts: Mapping[str, str],
    names: Sequence[str] = (),
    public: Sequence[str] = (),
) -> Outgoing:
    """What a step sends: the notice of the texts, filled with `facts`. `public`: texts and telephones
    besides the office's own that everybody may read."""
    ground = facts.get(_GROUND_OF.get(step, ""), "")
    grounds = texts.lines("reason.not_file") if step is Step.NOT_FILE else []
    if ground:
        grounds = [texts.name("ground", ground) if step is Step.DECLINE else texts.name("end_ground", ground)]
    words = "\n".join(facts.get(name, "") for name in ("words", "when", "place", "mediators"))
    if step is Step.NOT_HANDLE:  # whom to turn to instead is told with its telephone
        public = [*public, *(f"电话 {number}" for number in personal.landlines(words))]
    return Outgoing(
        step=step,
        kind=kind,
        text=notice(texts, kind, EVENT_OF[step], facts),
        words=words,
        ground=ground,
        grounds=grounds,
        names=names,
        public="\n".join([*texts.office.values(), *public]),
    )


_GROUND_OF = {Step.DECLINE: "ground", Step.END_MEDIATION: "end_ground"}
#: Art. 15, 23 and 25 say what the citizen must read; of the others it is good to say it.
_BY_LAW = frozenset({Step.DECLINE, Step.END_MEDIATION})
_NAMES_A_GROUND = _BY_LAW | {Step.NOT_FILE}
#: Grounds that another law fills.
_OF_ANOTHER_LAW = frozenset({"16-7", "23-8"})
_COURT = r"诉讼|起诉|仲裁"
_WAYS_OUT = {
    Step.DECLINE: re.compile(rf"第(?:三十九|39)条|{_COURT}|消费者协会|调解组织|有关(?:行政)?部门"),
    Step.END_MEDIATION: re.compile(_COURT),
    Step.NOT_FILE: re.compile(rf"拨打|窗口|复议|再次举报|部门|{_COURT}"),
    Step.CLOSE: re.compile(rf"{_COURT}|重新办理|窗口|拨打"),
}
_STATUTE = re.compile(r"《[^》]{2,}》|第[〇零一二三四五六七八九十百千0-9]{1,6}条")
_BLANK = re.compile(
    r"[{｛][^{}｛｝\n]{0,30}[}｝]|[_＿]{2,}|[×✕]{2,}|[xX]{2,}(?=[年月日号元科局])|〔\s*〕|【\s*】|（\s*）"
)
_HAN = "〇一二三四五六七八九"


def check(out: Outgoing) -> Iterator[Finding]:
    """In the order in which they refuse. Nothing is wrong where nothing goes out."""
    if not out.text:
        return
    if blank := _BLANK.search(out.words):
        yield Finding(Fault.BLANK, True, (blank[0],))
    if kinds := tuple(dict.fromkeys(_personal(out))):
        yield Finding(Fault.PERSONAL, True, kinds)
    if out.ground in _OF_ANOTHER_LAW and not names_statute(out.words):
        yield Finding(Fault.STATUTE, True)
    elif out.step in _NAMES_A_GROUND and not _names_a_ground(out):
        yield Finding(Fault.GROUND, out.step in _BY_LAW)
    ways = _WAYS_OUT.get(out.step) if out.step is not Step.CLOSE or out.kind is Kind.COMPLAINT else None
    if ways is not None and not ways.search(out.text):
        yield Finding(Fault.WAY_OUT, out.step in _BY_LAW)


def refusal(finding: Finding, case: CaseNumber, found: str) -> CaseError:
    """The error of a finding that refuses. `found`: in words, what was found."""
    match finding.fault:
        case Fault.PERSONAL:
            return PersonalDataFound(case=case, found=found)
        case Fault.BLANK:
            return BlankLeft(case=case, found=found)
        case Fault.STATUTE:
            return StatuteMissing(case=case)
        case Fault.GROUND:
            return GroundNotNamed(case=case)
        case Fault.WAY_OUT:
            return WayOutNotNamed(case=case)


def names_of(told: Particulars) -> list[str]:
    """The persons, and where the citizen lives: a business and its address are no secret in its own matter."""
    people = [told.name, told.proxy_name, told.postal_address]
    if not is_business(told.merchant):
        people.append(told.merchant)
    people += [answer for label, answer in told.others.items() if _OF_A_PERSON.search(label)]
    return [name for name in people if name]


_OF_A_PERSON = re.compile(r"姓名|联系人|名字|住址|地址|负责人|店主|经营者")


def _personal(out: Outgoing) -> Iterator[Personal]:
    yield from personal.find(out.text, out.public)
    text = out.text
    for everybodys in filter(None, out.public.splitlines()):  # the office's own address is nobody's secret
        text = text.replace(everybodys, "")
    if personal.names_in(text, out.names):
        yield Personal.NAME


def _names_a_ground(out: Outgoing) -> bool:
    if any(words and words in out.text for words in out.grounds):
        return True
    if not out.ground:
        return bool(_STATUTE.search(out.words))
    article, item = map(int, out.ground.split("-"))
    numeral = f"{'二十三' if article == 23 else '十六'}"
    return bool(re.search(rf"第(?:{numeral}|{article})条[（(第]*(?:{_HAN[item]}|{item})[）)项]?", out.text))
