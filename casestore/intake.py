"""来件: what was told, complete and checked, and the case it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casestore import numbers
from casestore.codes import Channel, Demand, Grade, Kind, Status
from casestore.model import (
    Case,
    CaseId,
    CitizenId,
    EvidenceId,
    OfficerId,
    Particulars,
    Suggestion,
)
from casestore.reading import names
from casestore.workdays import china_day

_MAJOR_AMOUNT_FEN = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What a citizen told, complete and checked: it becomes a case."""

    kind: Kind
    channel: Channel
    citizen: CitizenId | None
    particulars: Particulars
    suggestion: Suggestion
    anonymous: bool = False
    district: str = ""
    amount_fen: int | None = None
    happened_on: str = ""
    demands: tuple[Demand, ...] = ()
    evidence: tuple[EvidenceId, ...] = ()
    #: About the office itself or its people (S5-2.3(2)); brought for somebody else (art. 11).
    own_office: bool = False
    proxy: bool = False
    #: The officer who took it down for a caller.
    registered_by: OfficerId | None = None


@dataclass(frozen=True)
class Registered:
    """`query_code` is shown once; the desk keeps only its fingerprint."""

    case: Case
    query_code: str


def case_of(intake: Intake, case: CaseId, serial: int, at: datetime) -> Case:
    """The case as it is registered, its grade still ordinary."""
    day, told = china_day(at), intake.particulars
    return Case(
        id=case,
        number=numbers.case_number(intake.kind, day, serial),
        kind=intake.kind,
        status=Status.REGISTERED,
        grade=Grade.ORDINARY,
        channel=intake.channel,
        registered_at=at,
        citizen=intake.citizen,
        anonymous=intake.anonymous,
        merchant=told.merchant if names.is_business(told.merchant) else "",
        district=intake.district,
        object=intake.suggestion.object.code,
        nature=intake.suggestion.nature.code,
        amount_fen=intake.amount_fen,
        happened_on=date.fromisoformat(intake.happened_on) if intake.happened_on else None,
        demands=intake.demands,
        suggestion=intake.suggestion,
        own_office=intake.own_office,
        proxy=intake.proxy,
        registered_by=intake.registered_by,
        first_officer=intake.registered_by,
    )


def major_signs(case: Case) -> tuple[str, ...]:
    """Why a case is major (S3-3.3, S9-2b): the classifier's signs of danger, or ≥ 50,000 yuan."""
    signs = case.suggestion.urgent if case.suggestion else ()
    if case.amount_fen is not None and case.amount_fen >= _MAJOR_AMOUNT_FEN:
        signs = (*signs, "金额≥5万元")
    return tuple(dict.fromkeys(signs))
