"""Builders for tests: an office with people, a store on a real file, complaints to file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from casestore import migrations
from casestore.codes import Channel, Demand, Ground, Kind, Outcome, Role, Step
from casestore.desk import Desk, Intake, Registered
from casestore.lifecycle import Facts
from casestore.model import Actor, Case, CitizenId, Guess, Officer, Particulars, Suggestion, Taken, UnitCode
from casestore.seal import Sealer
from casestore.store import Store, Tx
from casestore.tables import citizens, officers, properties
from casestore.tables.citizens import PushQuota
from casestore.units import Units
from casestore.workdays import CHINA, WorkingCalendar

T = TypeVar("T")

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
FOOD = UnitCode("FOOD")
QUALITY = UnitCode("QUALITY")
DUTY_GROUP = "-100200300"
QUOTA = PushQuota(5, timedelta(hours=48))


def a_suggestion(**changes: Any) -> Suggestion:
    suggestion = Suggestion(
        kind=Guess(code="complaint", name="投诉", score=0.9),
        object=Guess(code="G01", name="食品类", score=0.8),
        nature=Guess(code="N05", name="安全", score=0.7),
        unit=Guess(code="FOOD", name="食品生产流通安全监督管理科", score=0.7),
        confidence=0.8,
        decision="suggest",
    )
    return replace(suggestion, **changes)


def an_intake(citizen: CitizenId | None = None, **changes: Any) -> Intake:
    intake = Intake(
        kind=Kind.COMPLAINT,
        channel=Channel.TELEGRAM,
        citizen=citizen,
        particulars=Particulars(
            name="陈晓梅",
            phone="13800138000",
            postal_address="城关镇东街1号",
            merchant="甲某某超市",
            merchant_address="城关镇西街2号",
            goods="牛奶",
            story="买到的牛奶已经过期三天。",
        ),
        suggestion=a_suggestion(),
        amount_fen=12_800,
        happened_on="2026-11-20",
        demands=(Demand.REFUND,),
    )
    return replace(intake, **changes)


class Office:
    """A desk on a real SQLite file, with two officers, a unit's handler and a director."""

    def __init__(self, folder: Path) -> None:
        self.sealer = Sealer({1: b"k" * 32}, 1)
        self.store = Store(f"sqlite:///{folder / 'desk.db'}", self.sealer)
        migrations.migrate(self.store.engine)
        self.units = Units.load()
        self.desk = Desk(WorkingCalendar(), self.units)
        self.now = MONDAY
        self.wang = self._person("王敏", Role.OFFICER, None, "1001")
        self.zhao = self._person("赵强", Role.OFFICER, None, "1002")
        self.li = self._person("李娜", Role.HANDLER, FOOD, "1003")
        self.sun = self._person("孙主任", Role.DIRECTOR, None, "1004")
        self.do(lambda tx: properties.put(tx, properties.DUTY_GROUP, DUTY_GROUP))
        self.anna = self.do(lambda tx: citizens.meet(tx, Channel.TELEGRAM, "501", self.now, QUOTA)).id

    def _person(self, name: str, role: Role, unit: UnitCode | None, account: str) -> Officer:
        return self.do(lambda tx: officers.add(tx, name, role, unit, account))

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.store.run_now(work)

    def have(self, **changes: Any) -> Case:
        return self.register(**changes).case

    def register(self, **changes: Any) -> Registered:
        intake = an_intake(self.anna, **changes)
        return self.do(lambda tx: self.desk.register(tx, intake, self.now))

    def take(self, case: Case, step: Step, by: Officer | CitizenId, **facts: Any) -> Taken:
        actor = Actor(officer=by) if isinstance(by, Officer) else Actor(citizen=by)
        return self.do(lambda tx: self.desk.take(tx, case.id, step, actor, Facts(**facts), self.now))

    def accepted(self, **changes: Any) -> Case:
        return self.take(self.have(**changes), Step.ACCEPT, self.wang).case

    def dispatched(self, **changes: Any) -> Case:
        return self.take(self.accepted(**changes), Step.DISPATCH, self.wang, unit=FOOD).case

    def taken_over(self, **changes: Any) -> Case:
        return self.take(self.dispatched(**changes), Step.TAKE_OVER, self.li).case

    def closed(self, **changes: Any) -> Case:
        case = self.taken_over(**changes)
        return self.take(case, Step.CLOSE, self.li, outcome=Outcome.AGREEMENT, words="商家已退款128元").case

    def declined(self) -> Case:
        return self.take(self.have(), Step.DECLINE, self.wang, ground=Ground.TOO_OLD).case


@contextmanager
def an_office(folder: Path) -> Iterator[Office]:
    office = Office(folder)
    try:
        yield office
    finally:
        office.store.close()
