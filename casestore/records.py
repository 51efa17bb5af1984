"""记录: what the staff write down beside the lifecycle, each on a form of its own.

A record is an event of the case: it is appended, chained, and never edited. Guards of the lifecycle
look for it (a mediation needs two consents, S6-3b; an agreement needs minutes, S6-9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from casestore.codes import EndGround, Kind, Role, Status, Step
from casestore.errors import FieldMissing, FieldUnclear, StepNotAllowed
from casestore.model import Case, Event
from casestore.reading import amounts
from casestore.reading.unreadable import Unreadable


class Form(StrEnum):
    """The forms. Labels of forms and fields are `record.*` in the texts."""

    CONTACT = "contact"  # 联系记录 (S1-3.2(2))
    URGE = "urge"  # 督促经营者 (S4-2.1(3))
    ENQUIRY = "enquiry"  # 调查核实 (S1-2.2, S6-6b)
    ONSITE = "onsite"  # 现场检查 (S1-3.1(3))
    CONSENT = "consent"  # 调解意愿 (S6-3b, 第18条)
    MINUTES = "minutes"  # 调解笔录 (S6-9)
    TESTING = "testing"  # 检测鉴定 (S6-7, 第22条)
    TESTED = "tested"  # 检测结论 (S6-8)
    BASIS = "basis"  # 处理依据 (S6-4)
    RECTIFY = "rectify"  # 责令、督促整改 (S5-1.3)
    RECTIFIED = "rectified"  # 整改结果 (S2-3.5)
    FOLLOW_UP = "follow_up"  # 回访 (第26条)
    EVIDENCE_CHECK = "evidence_check"  # 证据核验 (S6-6b)
    TRANSFER = "transfer"  # 告知、通报其他部门 (S2-1.4, 第33条)
    COMPETENCE = "competence"  # 管辖争议 (第33条)
    COMPETENCE_END = "competence_end"  # 管辖争议结果
    ODR = "odr"  # 转企业在线和解
    ODR_END = "odr_end"  # 在线和解结果
    CAMPAIGN = "campaign"  # 专项整治 (S4-2.1(5))
    COMMENT = "comment"  # 上级指导意见 (S3-1.5, S1-4.5)
    NOTE = "note"  # 内部备注


class Shape(StrEnum):
    WORDS = "words"
    CHOICE = "choice"
    AMOUNT = "amount"  # yuan as written; kept in fen
    COUNT = "count"


@dataclass(frozen=True)
class Field:
    """One thing a form asks. `choices` are codes; a `WORDS` field is sealed with the event."""

    name: str
    shape: Shape = Shape.WORDS
    choices: tuple[str, ...] = ()
    required: bool = True
    #: The largest a `COUNT` may be.
    most: int = 100


@dataclass(frozen=True)
class Sheet:
    """One line of the table of forms: the event it writes, for which cases, in which states, what it asks."""

    form: Form
    event: str
    kinds: frozenset[Kind]
    statuses: frozenset[Status]
    fields: tuple[Field, ...]
    #: None: whoever handles the case; else these posts only.
    posts: frozenset[Role] | None = None


_C, _R = frozenset({Kind.COMPLAINT}), frozenset({Kind.REPORT})
_ALL = _C | _R | {Kind.CONSULTATION}
_S = Status
_OPEN = frozenset({_S.REGISTERED, _S.SUPPLEMENTING, _S.ACCEPTED, _S.DISPATCHED, _S.TAKEN_OVER, _S.MEDIATING,
                   _S.MEDIATION_ENDED, _S.FILED})  # fmt: skip
_AT_WORK = frozenset({_S.ACCEPTED, _S.TAKEN_OVER, _S.MEDIATING, _S.MEDIATION_ENDED, _S.FILED})
_MEDIABLE = frozenset({_S.TAKEN_OVER, _S.MEDIATING})
_AFTER = frozenset({_S.CLOSED})
_PARTY = Field("party", Shape.CHOICE, ("citizen", "merchant"))
_WORDS = Field("words")


def _sheet(
    form: Form, event: str, kinds: frozenset[Kind], statuses: frozenset[Status], *fields: Field,
    posts: Iterable[Role] | None = None,
) -> Sheet:  # fmt: skip
    return Sheet(form, event, kinds, statuses, fields, frozenset(posts) if posts is not None else None)


SHEETS: tuple[Sheet, ...] = (
    _sheet(Form.CONTACT, "contacted", _ALL, _OPEN | _AFTER, _PARTY,
           Field("reached", Shape.CHOICE, ("yes", "no")), _WORDS),
    _sheet(Form.URGE, "urged", _C, _AT_WORK, _WORDS),
    _sheet(Form.ENQUIRY, "enquired", _C | _R, _AT_WORK, _WORDS),
    _sheet(Form.ONSITE, "onsite_checked", _C | _R, _AT_WORK, Field("investigator"), _WORDS),
    _sheet(Form.CONSENT, "consent_recorded", _C, _MEDIABLE, _PARTY,
           Field("answer", Shape.CHOICE, ("yes", "no")),
           Field("way", Shape.CHOICE, ("phone", "chat", "face", "paper")), Field("words", required=False)),
    _sheet(Form.MINUTES, "minutes_recorded", _C, _MEDIABLE,
           Field("mediators", Shape.CHOICE, ("two", "one_simple")), Field("names"), _WORDS),
    _sheet(Form.TESTING, "testing_started", _C, _MEDIABLE,
           Field("agreed", Shape.CHOICE, ("both", "designated")),
           Field("advances", Shape.CHOICE, ("citizen", "merchant", "both")),
           Field("agency"), Field("accreditation"), _WORDS),
    _sheet(Form.TESTED, "testing_ended", _C, _MEDIABLE,
           Field("bears", Shape.CHOICE, ("citizen", "merchant", "both")),
           Field("share", Shape.COUNT), _WORDS),
    _sheet(Form.BASIS, "basis_recorded", _C | _R, _AT_WORK,
           Field("basis", Shape.CHOICE, ("law", "standard", "contract", "promise", "covenant", "custom")), _WORDS),
    _sheet(Form.RECTIFY, "rectification_demanded", _C | _R, _AT_WORK, _WORDS),
    _sheet(Form.RECTIFIED, "rectification_checked", _C | _R, _AT_WORK | _AFTER,
           Field("done", Shape.CHOICE, ("yes", "no")), _WORDS),
    _sheet(Form.FOLLOW_UP, "followed_up", _C | _R, _AFTER,
           Field("satisfied", Shape.CHOICE, ("yes", "partly", "no", "unreached")), Field("words", required=False)),
    _sheet(Form.EVIDENCE_CHECK, "evidence_checked", _C | _R, _OPEN,
           Field("verdict", Shape.CHOICE, ("genuine", "doubtful", "irrelevant")), _WORDS),
    _sheet(Form.TRANSFER, "other_office_told", _C | _R, _OPEN, Field("office"), _WORDS),
    _sheet(Form.COMPETENCE, "competence_disputed", _C | _R, _OPEN, Field("office"), _WORDS),
    _sheet(Form.COMPETENCE_END, "competence_settled", _C | _R, _OPEN,
           Field("ours", Shape.CHOICE, ("yes", "no")), _WORDS),
    _sheet(Form.ODR, "odr_started", _C, frozenset({_S.REGISTERED, _S.ACCEPTED, _S.TAKEN_OVER}), _WORDS),
    _sheet(Form.ODR_END, "odr_ended", _C, _OPEN, Field("solved", Shape.CHOICE, ("yes", "no")), _WORDS),
    _sheet(Form.CAMPAIGN, "campaign_marked", _C | _R, _OPEN | _AFTER, _WORDS),
    _sheet(Form.COMMENT, "commented", _ALL, _OPEN, _WORDS, posts=(Role.HEAD, Role.DIRECTOR, Role.UNIT_HEAD)),
    _sheet(Form.NOTE, "noted", _ALL, frozenset(Status) - {_S.ARCHIVED}, _WORDS),
)  # fmt: skip

#: What a step of the lifecycle asks beside its ground or outcome, in the same shapes.
ASKED_BY_STEP: dict[Step, tuple[Field, ...]] = {
    Step.MEDIATE: (Field("when"), Field("place"), Field("mediators")),
    Step.END_MEDIATION: (Field("end_ground", Shape.CHOICE, tuple(EndGround)), _WORDS),
}
BY_FORM = {sheet.form: sheet for sheet in SHEETS}
#: What is begun with one form and ended with another: one at a time, and no end without a beginning.
PAIRS = ((Form.TESTING, Form.TESTED), (Form.COMPETENCE, Form.COMPETENCE_END), (Form.ODR, Form.ODR_END))


def fitting(case: Case, role: Role, events: Iterable[Event] = ()) -> list[Sheet]:
    """The forms that may be filled for a case as it stands, in the table's order. `events`: its past, by which
    of a beginning and its end only one is in turn."""
    past = list(events)
    return [
        sheet
        for sheet in SHEETS
        if case.kind in sheet.kinds
        and case.status in sheet.statuses
        and (sheet.posts is None or role in sheet.posts)
        and not _is_out_of_turn(sheet, past)
    ]


def read(case: Case, sheet: Sheet, given: Mapping[str, str]) -> tuple[dict[str, object], str]:
    """The codes and numbers for the event, and its words as labelled lines.

    Raises StepNotAllowed, FieldMissing, FieldUnclear.
    """
    if case.kind not in sheet.kinds or case.status not in sheet.statuses:
        raise StepNotAllowed(case=case.number, step="record", status=case.status)
    facts: dict[str, object] = {}
    words: list[str] = []
    for field in sheet.fields:
        said = given.get(field.name, "").strip()
        if not said:
            if field.required:
                raise FieldMissing(form=sheet.form, field=field.name)
            continue
        if field.shape is Shape.WORDS:
            words.append(said if field.name == "words" else f"{field.name}={said}")
        else:
            facts[field.name] = _value(sheet, field, said)
    if sheet.form is Form.MINUTES and facts["mediators"] == "two" and len(set(_people(given["names"]))) < 2:
        raise FieldMissing(form=sheet.form, field="names")  # S6-9: two, or one with the reason "simple"
    return facts, "\n".join(words)


def next_choice(fields: Iterable[Field], given: Mapping[str, str]) -> Field | None:
    """What is chosen by a button next, if anything."""
    return next((field for field in fields if field.shape is Shape.CHOICE and field.name not in given), None)


def typed(fields: Iterable[Field]) -> list[Field]:
    """What is typed, in one message: a line for each, the last takes the rest."""
    return [field for field in fields if field.shape is not Shape.CHOICE]


def from_lines(fields: Iterable[Field], text: str) -> dict[str, str]:
    """The typed fields of one message."""
    wanted = typed(fields)
    lines = text.strip().split("\n", max(len(wanted) - 1, 0))
    return {field.name: line.strip() for field, line in zip(wanted, lines, strict=False)}


def _people(names: str) -> list[str]:
    return [name for name in re.split(r"[、，,;；\s]+", names) if name]


def _value(sheet: Sheet, field: Field, said: str) -> object:
    try:
        match field.shape:
            case Shape.CHOICE if said in field.choices:
                return said
            case Shape.AMOUNT:
                return amounts.amount(said).fen
            case Shape.COUNT if said.isascii() and said.isdigit() and int(said) <= field.most:
                return int(said)
    except Unreadable:
        pass
    raise FieldUnclear(form=sheet.form, field=field.name)


def ensure_in_turn(case: Case, sheet: Sheet, events: Iterable[Event]) -> None:
    """Raises StepNotAllowed for a beginning before the last end, or an end without a beginning."""
    if _is_out_of_turn(sheet, list(events)):
        raise StepNotAllowed(case=case.number, step="record", status=case.status)


def _is_out_of_turn(sheet: Sheet, events: list[Event]) -> bool:
    return any(_is_under_way(events, pair) is (sheet.form is pair[0]) for pair in PAIRS if sheet.form in pair)


def _is_under_way(events: Iterable[Event], pair: tuple[Form, Form]) -> bool:
    begins, ends = (BY_FORM[form].event for form in pair)
    marks = [event.kind for event in since_reopened(events) if event.kind in (begins, ends)]
    return bool(marks) and marks[-1] == begins


def since_reopened(events: Iterable[Event]) -> list[Event]:
    """What belongs to the handling that runs now: a case taken up again is mediated anew."""
    found = list(events)
    last = max((place for place, event in enumerate(found) if event.kind == "reopened"), default=-1)
    return found[last + 1 :]


def has_minutes(events: Iterable[Event]) -> bool:
    return bool(of_event(since_reopened(events), "minutes_recorded"))


def of_event(events: Iterable[Event], kind: str) -> list[Event]:
    return [event for event in events if event.kind == kind]


def both_consent(events: Iterable[Event]) -> bool:
    """Whether the last word of each side on mediation is yes (S6-3b, art. 18)."""
    said = of_event(since_reopened(events), "consent_recorded")
    last = {event.facts.get("party"): event.facts.get("answer") for event in said}
    return last.get("citizen") == "yes" and last.get("merchant") == "yes"


def recusal_is_open(kinds: Iterable[str]) -> bool:
    """Whether a party's application that somebody stay away waits for its decision (art. 21)."""
    marks = [kind for kind in kinds if kind in ("recusal_asked", "recusal_decided")]
    return bool(marks) and marks[-1] == "recusal_asked"


def is_testing(events: Iterable[Event]) -> bool:
    """Whether a test is under way."""
    return _is_under_way(events, (Form.TESTING, Form.TESTED))
