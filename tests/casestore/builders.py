"""Builders for the pure rules: a case as it may stand, the people who may act on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casestore.codes import ApprovalKind, Channel, Decision, Grade, Kind, Role, Status
from casestore.model import (
    Actor,
    Approval,
    Case,
    CaseId,
    CaseNumber,
    CitizenId,
    Event,
    Officer,
    OfficerId,
    UnitCode,
)
from casestore.workdays import CHINA

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
FOOD, QUALITY = UnitCode("FOOD"), UnitCode("QUALITY")
CITIZEN = CitizenId(70)
NUMBER = CaseNumber("TS-20261123-0007")


def a_case(status: Status = Status.REGISTERED, kind: Kind = Kind.COMPLAINT, **changes: Any) -> Case:
    values: dict[str, Any] = {
        "id": CaseId(7),
        "number": NUMBER,
        "kind": kind,
        "status": status,
        "grade": Grade.ORDINARY,
        "channel": Channel.TELEGRAM,
        "registered_at": MONDAY,
        "citizen": CITIZEN,
        "unit": FOOD,
    }
    return Case(**values | changes)


def an_officer(role: Role = Role.OFFICER, unit: UnitCode | None = None, **changes: Any) -> Officer:
    values: dict[str, Any] = {"id": OfficerId(1), "name": "王敏", "role": role, "unit": unit}
    return Officer(**values | changes)


def of(role: Role, unit: UnitCode | None = FOOD) -> Actor:
    """Somebody of this post, of the unit that has the case if the post is one of a unit."""
    in_a_unit = role in (Role.UNIT_HEAD, Role.HANDLER)
    return Actor(officer=an_officer(role, unit if in_a_unit else None))


def an_event(kind: str, at: datetime = MONDAY, **facts: object) -> Event:
    return Event(case=CaseId(7), seq=1, kind=kind, actor="officer:1", at=at, facts=facts)


def consent(party: str, answer: str = "yes") -> Event:
    return an_event("consent_recorded", party=party, answer=answer)


def a_request(by: OfficerId | None = None, decision: Decision | None = None) -> Approval:
    return Approval(
        id=1,
        case=CaseId(7),
        kind=ApprovalKind.ESCALATION,
        requested_by=by,
        requested_at=MONDAY,
        reason="案情重大",
        decision=decision,
    )
