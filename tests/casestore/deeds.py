"""What people of the office do in these tests, and what came of it: the ledger, what was told to whom."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from casestore.codes import LinkKind, Step
from casestore.model import Actor, Approval, Case, CitizenId, Event, Officer, OfficerId, Taken
from casestore.tables import approvals, clocks, events, officers, posts
from casestore.tables.clocks import Clock, Entry
from casestore.tables.schema import outbox
from tests.office import Office, acting

REASON = "案情重大"


def escalate(office: Office, case: Case, who: Officer, reason: str = REASON) -> Taken:
    return office.do(lambda tx: office.desk.requests.escalate(tx, case.id, acting(who), reason, office.now))


def extend(office: Office, case: Case, who: Officer, reason: str = "须送检") -> Taken:
    return office.do(lambda tx: office.desk.requests.extend(tx, case.id, acting(who), reason, office.now))


def decide(office: Office, case: Case, step: Step, who: Officer | Actor, request: int | None = None) -> Taken:
    actor = who if isinstance(who, Actor) else acting(who)
    requests = office.desk.requests
    return office.do(
        lambda tx: requests.decide(tx, case.id, step, actor, "同意", office.now, request=request)
    )


def ask_recusal(office: Office, case: Case, who: Officer | CitizenId, reason: str = "是商家的亲戚") -> Taken:
    return office.do(
        lambda tx: office.desk.requests.ask_recusal(tx, case.id, acting(who), reason, office.now)
    )


def decide_recusal(office: Office, case: Case, who: Officer, granted: bool) -> Taken:
    return office.do(
        lambda tx: office.desk.requests.decide_recusal(
            tx, case.id, acting(who), granted, "情况属实", office.now
        )
    )


def recuse(office: Office, case: Case, who: Officer) -> Case:
    return office.do(lambda tx: office.desk.recuse(tx, case.id, acting(who), office.now)).case


def link(office: Office, case: Case, other: Case, kind: LinkKind, who: Officer) -> Taken:
    return office.do(
        lambda tx: office.desk.matters.link(tx, case.id, other.number, kind, acting(who), office.now)
    )


def fire(office: Office) -> int:
    return office.do(lambda tx: office.desk.reminding.fire(tx, office.now))


def past(office: Office, case: Case) -> list[Event]:
    return office.do(lambda tx: events.of_case(tx, case.id))


def asked(office: Office, case: Case) -> tuple[Approval, ...]:
    return office.do(lambda tx: approvals.of_case(tx, case.id))


def ledger(office: Office, case: Case, code: str) -> list[Entry]:
    """The lines of one limit."""
    ids = {clock.id for clock in every_clock(office, case) if clock.limit.code == code}
    return [entry for entry in office.do(lambda tx: clocks.ledger(tx, case.id)) if entry.clock in ids]


def lines(office: Office, case: Case, code: str) -> list[str]:
    return [entry.what for entry in ledger(office, case, code)]


def every_clock(office: Office, case: Case) -> list[Clock]:
    return office.do(lambda tx: clocks.of_case(tx, case.id))


def clock(office: Office, case: Case, code: str) -> Clock:
    (found,) = [one for one in office.do(lambda tx: clocks.running(tx, case.id)) if one.limit.code == code]
    return found


def running_limits(office: Office, case: Case) -> list[tuple[str, datetime]]:
    """What runs of a case, and when it ends."""
    return [(one.limit.code, one.due_at) for one in office.do(lambda tx: clocks.running(tx, case.id))]


def due(office: Office, case: Case, code: str) -> datetime:
    return clock(office, case, code).due_at


def owed(office: Office, kind: str = "") -> list[dict[str, Any]]:
    """Every message put in so far, in order, with its `bot`; of one kind where it is named."""
    rows = office.do(lambda tx: tx.execute(outbox.select().order_by(outbox.c.id)).all())
    return [
        json.loads(office.sealer.open(row.payload, f"outbox|payload|{row.id}")) | {"bot": row.bot}
        for row in rows
        if kind in ("", row.kind)
    ]


def heard_by_citizens(office: Office) -> list[str]:
    """The codes of what citizens were told, in order."""
    return [one["code"] for one in owed(office, "notice")]


def heard_by_staff(office: Office) -> list[tuple[str, str]]:
    """(chat, code) of what staff were told in words, in order."""
    return [(one["chat"], one["code"]) for one in owed(office, "text")]


def chats_with_a_card(office: Office, case: Case) -> set[str]:
    return {post.chat for post in office.do(lambda tx: posts.of_case(tx, case.id))}


def stays_away(office: Office, case: Case) -> frozenset[OfficerId]:
    return office.do(lambda tx: officers.recused(tx, case.id))
