"""关联: cases that belong together — split, joined, opened from one another, repeated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casestore.codes import Channel, Kind, LinkKind, Status, Step
from casestore.errors import CaseUnknown, StepNotAllowed
from casestore.intake import Intake, Registered
from casestore.model import Actor, Case, CaseId, CaseNumber, Particulars, Taken
from casestore.store import Tx
from casestore.tables import cases, links

if TYPE_CHECKING:
    from casestore.desk import Desk


class Matters:
    """Part of the desk: every method is part of one unit of work and raises CaseError."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def link(
        self, tx: Tx, case: CaseId, other: CaseNumber, kind: LinkKind, actor: Actor, at: datetime
    ) -> Taken:
        """A person says that two cases belong together; both sides have it in their history."""
        found, second = self._desk.opened(tx, case, actor, Step.LINK), cases.by_number(tx, other)
        self._desk.opened(tx, second.id, actor, Step.LINK)
        if second.id == found.id:
            raise CaseUnknown()
        for one in (found, second):
            _ensure_not_archived(one)
        if kind is LinkKind.JOINED and (
            found.kind is not Kind.COMPLAINT or second.kind is not Kind.COMPLAINT
        ):
            raise StepNotAllowed(case=found.number, step=Step.LINK, status=found.status)
        links.put(tx, found.id, second.id, kind, at)
        self._desk.beside(
            tx, second, Step.LINK, "linked", actor, at, {"other": found.number, "how": kind}, ""
        )
        return self._desk.beside(tx, found, Step.LINK, "linked", actor, at, {"other": other, "how": kind}, "")

    def open_report(self, tx: Tx, case: CaseId, actor: Actor, clue: str, at: datetime) -> Registered:
        """A complaint found to hold a violation opens a linked report (art. 27, S3-3.4).

        The report is the desk's own: the complainant is not its informer and stays out of it.
        """
        found = self._desk.opened(tx, case, actor, Step.LINK)
        if found.kind is not Kind.COMPLAINT or found.suggestion is None:
            raise StepNotAllowed(case=found.number, step=Step.LINK, status=found.status)
        _ensure_not_archived(found)
        told = cases.particulars(tx, case)
        about = Particulars(
            merchant=told.merchant, merchant_address=told.merchant_address, goods=told.goods, story=clue
        )
        intake = Intake(
            kind=Kind.REPORT, channel=Channel.SHELL, citizen=None, particulars=about,
            suggestion=replace(found.suggestion, urgent=()), district=found.district, own_office=found.own_office,
            registered_by=actor.officer.id if actor.officer else None,
        )  # fmt: skip
        opened = self._desk.register(tx, intake, at, "opened_from_complaint")
        links.put(tx, opened.case.id, found.id, LinkKind.OPENED_FROM, at)
        facts = {"other": opened.case.number, "how": LinkKind.OPENED_FROM}
        self._desk.beside(tx, found, Step.LINK, "linked", actor, at, facts, "")
        return opened

    def split(self, tx: Tx, case: Case, intake: Intake, actor: Actor, at: datetime) -> Registered:
        """One text with a complaint and a report becomes two linked cases (art. 9)."""
        second = self._desk.register(tx, intake, at)
        links.put(tx, second.case.id, case.id, LinkKind.SPLIT, at)
        facts = {"other": second.case.number, "how": LinkKind.SPLIT}
        self._desk.beside(tx, cases.get(tx, case.id), Step.LINK, "linked", actor, at, facts, "")
        return second

    def notice_repeat(self, tx: Tx, case: Case, merchant: str, at: datetime) -> Case:
        """The same informer's earlier report against the same merchant is linked (art. 35): a person decides
        whether it is the same fact, and then answers instead of checking again."""
        if case.kind is not Kind.REPORT or case.citizen is None:
            return case
        earlier = [
            one for one in cases.against(tx, merchant, Kind.REPORT, by=case.citizen) if one.id != case.id
        ]
        if not earlier:
            return case
        links.put(tx, case.id, earlier[0].id, LinkKind.REPEAT, at)
        facts = {"other": earlier[0].number, "how": LinkKind.REPEAT}
        return self._desk.beside(tx, case, Step.LINK, "linked", Actor(), at, facts, "").case


def repeated(tx: Tx, case: Case) -> tuple[Case, ...]:
    """Earlier reports that this one is linked to as a repeat, the first of them first; never another known
    informer's (art. 35: 同一举报人)."""
    if case.kind is not Kind.REPORT:
        return ()
    linked = [cases.get(tx, other) for other, how in links.of_case(tx, case.id) if how is LinkKind.REPEAT]
    earlier = [one for one in linked if one.kind is Kind.REPORT and one.id < case.id]
    return tuple(sorted((one for one in earlier if _by_one_person(one, case)), key=lambda one: one.id))


def _by_one_person(one: Case, other: Case) -> bool:
    """Of who called or stayed away from the chat a person judges."""
    return None in (one.citizen, other.citizen) or one.citizen == other.citizen


def told_of(case: Case, repeats: Iterable[Case]) -> CaseNumber | str:
    """The first report that the informer of a repeat may be told of: his own."""
    own = (one.number for one in repeats if one.citizen is not None and one.citizen == case.citizen)
    return next(own, "")


def _ensure_not_archived(case: Case) -> None:
    """S9-7: the file is closed for good."""
    if case.status is Status.ARCHIVED:
        raise StepNotAllowed(case=case.number, step=Step.LINK, status=case.status)
