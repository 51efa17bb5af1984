"""The records of the desk: frozen values, one name a thing.

Moments are aware datetimes in UTC; days are dates in China; money is whole fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType

from casestore.codes import (
    ApprovalKind,
    Channel,
    Decision,
    Demand,
    EndGround,
    EvidenceKind,
    EvidenceState,
    Grade,
    Ground,
    Kind,
    Outcome,
    ReportGround,
    Role,
    Status,
    Step,
)

CaseId = NewType("CaseId", int)
CitizenId = NewType("CitizenId", int)
OfficerId = NewType("OfficerId", int)
EvidenceId = NewType("EvidenceId", int)
CaseNumber = NewType("CaseNumber", str)
UnitCode = NewType("UnitCode", str)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """承办单位: who works on a case. A field office (市场监管所) has districts, a section has none; a consumer
    station (消费维权服务站) has premises."""

    code: UnitCode
    name: str
    #: The unit above it, whose head oversees its cases; None where only the centre does.
    parent: UnitCode | None = None
    handles: str = ""
    districts: tuple[str, ...] = ()
    #: What it is suggested for, as codes of the word tables (G01 takes in G0101); () for everything.
    categories: tuple[str, ...] = ()
    #: The mall or market it serves: names, aliases, addresses (S6-3a).
    premises: tuple[str, ...] = ()

    @property
    def is_station(self) -> bool:
        """消费维权服务站: settles the simple disputes of its own premises, and nothing else (C16)."""
        return bool(self.premises)

    def takes(self, thing: str, nature: str) -> bool:
        """Whether these categories are its own; of objects and of natures one each, where it names any."""
        return all(
            any(code.startswith(own) for own in owned)
            for code, owned in ((thing, self._named("GSZ")), (nature, self._named("N")))
            if owned
        )

    def _named(self, tables: str) -> list[str]:
        return [category for category in self.categories if category[0] in tables]


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A member of the staff. `unit` is None at the intake centre."""

    id: OfficerId
    name: str
    role: Role
    unit: UnitCode | None = None
    on_duty: bool = False
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Guess:
    """One proposed code with its name and its share of belief, 0 to 1."""

    code: str
    name: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Because:
    """A word of the text that carried the suggestion, and how much."""

    word: str
    weight: float
    says: str = ""  # the class the word speaks for, e.g. "食品类"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What the classifier thinks of a text. It only suggests: a person decides (PIPL 24).

    A code of "" means unknown, which is an answer. `decision` is "suggest" or "ask".
    `scope` is "inside", or "outside" with the responsible department in `department`.
    `urgent` names the signs of a major matter found, e.g. "食物中毒", "人数≥10".
    """

    kind: Guess
    object: Guess
    nature: Guess
    unit: Guess
    alternatives: Mapping[str, tuple[Guess, ...]] = field(default_factory=dict)
    confidence: float = 0.0
    decision: str = "ask"
    because: tuple[Because, ...] = ()
    scope: str = "inside"
    department: str = ""
    hotline: str = ""
    urgent: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What is sealed: the person, and the story in his own words (security.md 5.1)."""

    name: str = ""
    phone: str = ""
    postal_address: str = ""
    merchant: str = ""
    merchant_address: str = ""
    goods: str = ""
    story: str = ""
    #: 代理人 (art. 11).
    proxy_name: str = ""
    publish: bool = False
    entrust: bool = False
    #: Answers to the office's own questions, by the label of their line.
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case:
    """件: one matter from first word to archive, without its sealed part (`Particulars`)."""

    id: CaseId
    number: CaseNumber
    kind: Kind
    status: Status
    grade: Grade
    channel: Channel
    registered_at: datetime
    version: int = 1
    citizen: CitizenId | None = None
    anonymous: bool = False
    #: The trading name as given, only where it is a business's and not a natural person's.
    merchant: str = ""
    district: str = ""
    object: str = ""
    nature: str = ""
    unit: UnitCode | None = None
    #: The unit above that one, whose head oversees the case.
    overseen_by: UnitCode | None = None
    #: Who holds the case now; None while nobody of the desk or of the unit has taken it.
    holder: OfficerId | None = None
    #: 首问责任人: who touched the case first (S2-4.1).
    first_officer: OfficerId | None = None
    amount_fen: int | None = None
    happened_on: date | None = None
    demands: tuple[Demand, ...] = ()
    ground: Ground | ReportGround | None = None
    outcome: Outcome | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    #: About the office itself (S5-2.3(2)); brought for somebody else (art. 11).
    own_office: bool = False
    proxy: bool = False
    #: Who took it down for a caller; None where the citizen told it himself.
    registered_by: OfficerId | None = None
    end_ground: EndGround | None = None
    #: 挽回损失: what the citizen got back.
    recovered_fen: int | None = None
    #: 评价, 1 to 5.
    rating: int | None = None
    #: The informer has withdrawn his report and wants to hear no more of it; it is handled all the same.
    quiet: bool = False
    #: The limit that ends next, and when.
    due_limit: str = ""
    due_at: datetime | None = None
    suggestion: Suggestion | None = None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does a step: an officer, the citizen of the case, or the desk itself (both None)."""

    officer: Officer | None = None
    citizen: CitizenId | None = None
    #: The supervisors who are away and in whose place this officer decides now (代行审批).
    stands_in_for: tuple[Officer, ...] = ()

    @property
    def name(self) -> str:
        """How the actor is written into the audit: never a citizen's name."""
        if self.officer is not None:
            return f"officer:{self.officer.id}"
        return "citizen" if self.citizen is not None else "desk"


DESK = Actor()


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened to a case, appended in the same transaction and chained by HMAC.

    `facts` hold codes and ids only; words people wrote lie in `words`, sealed.
    """

    case: CaseId
    seq: int
    kind: str
    actor: str
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A supervisor's yes or no. The requester (None: the desk itself) never decides."""

    id: int
    case: CaseId
    kind: ApprovalKind
    requested_by: OfficerId | None
    requested_at: datetime
    reason: str
    decision: Decision | None = None
    decided_by: OfficerId | None = None
    decided_at: datetime | None = None
    decision_reason: str = ""
    #: What is carried out once it is approved, as codes.
    facts: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A copy the citizen sent. Originals stay with him (S6-5x)."""

    id: EvidenceId
    citizen: CitizenId
    case: CaseId | None
    kind: EvidenceKind
    state: EvidenceState
    sent_at: datetime
    source: Channel
    file_ref: str = ""
    file_name: str = ""
    words: str = ""
    sha256: str = ""
    size: int = 0
    mime: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A step that was done: the case as it is now, and the event that tells of it."""

    case: Case
    event: Event
    step: Step
