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
from casestore.desk import Desk
from casestore.intake import Intake, Registered
from casestore.lifecycle import Facts
from casestore.model import Actor, Case, CitizenId, Guess, Officer, Particulars, Suggestion, Taken, UnitCode
from casestore.records import Form
from casestore.seal import Sealer
from casestore.store import Store, Tx
from casestore.tables import cases, citizens, events, officers, properties
from casestore.tables.citizens import PushQuota
from casestore.units import Units
from casestore.workdays import CHINA, WorkingCalendar

T = TypeVar("T")

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
FOOD = UnitCode("FOOD")
QUALITY = UnitCode("QUALITY")
DUTY_GROUP = "-100200300"
#: What a complaint that both sides agreed about is closed with.
AGREED = {"outcome": Outcome.AGREEMENT, "recovered_fen": 12_800}
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
        self.do(self._people)

    def _people(self, tx: Tx) -> None:
        """In one transaction: an office is opened for every test."""
        self.wang = officers.add(tx, "王敏", Role.OFFICER, None, "1001")
        self.zhao = officers.add(tx, "赵强", Role.OFFICER, None, "1002")
        self.li = officers.add(tx, "李娜", Role.HANDLER, FOOD, "1003")
        self.sun = officers.add(tx, "孙主任", Role.DIRECTOR, None, "1004")
        properties.put(tx, properties.DUTY_GROUP, DUTY_GROUP)
        self.anna = citizens.meet(tx, Channel.TELEGRAM, "501", self.now, QUOTA).id

    def do(self, work: Callable[[Tx], T]) -> T:
        return self.store.run_now(work)

    def have(self, **changes: Any) -> Case:
        return self.register(**changes).case

    def register(self, **changes: Any) -> Registered:
        intake = an_intake(self.anna, **changes)
        return self.do(lambda tx: self.desk.register(tx, intake, self.now))

    def person(self, name: str, role: Role, unit: UnitCode | None = None, account: str = "") -> Officer:
        """Somebody more, reachable under `account` where one is given."""
        return self.do(lambda tx: officers.add(tx, name, role, unit, account or None))

    def newest(self, case: Case) -> Case:
        """The case as it is now."""
        return self.do(lambda tx: cases.get(tx, case.id))

    def history(self, case: Case) -> list[str]:
        return self.do(lambda tx: events.kinds(tx, case.id))

    def take(self, case: Case, step: Step, by: Officer | CitizenId, **facts: Any) -> Taken:
        actor = acting(by)
        return self.do(lambda tx: self.desk.take(tx, case.id, step, actor, Facts(**facts), self.now))

    def accepted(self, **changes: Any) -> Case:
        return self.take(self.have(**changes), Step.ACCEPT, self.wang).case

    def dispatched(self, **changes: Any) -> Case:
        return self.take(self.accepted(**changes), Step.DISPATCH, self.wang, unit=FOOD).case

    def taken_over(self, **changes: Any) -> Case:
        return self.take(self.dispatched(**changes), Step.TAKE_OVER, self.li).case

    def record(self, case: Case, form: Form, by: Officer, **given: str) -> Case:
        return self.do(
            lambda tx: self.desk.record(tx, case.id, form, Actor(officer=by), given, self.now)
        ).case

    def consented(self, case: Case) -> Case:
        """Both sides have agreed to a mediation (S6-3b)."""
        for party in ("citizen", "merchant"):
            case = self.record(case, Form.CONSENT, self.li, party=party, answer="yes", way="phone")
        return case

    def with_minutes(self, case: Case) -> Case:
        """How the mediation went is written down (S6-9)."""
        given = {"mediators": "two", "names": "李娜、周平", "words": "双方陈述，商家同意退款。"}
        return self.record(case, Form.MINUTES, self.li, **given)

    def mediating(self, **changes: Any) -> Case:
        case = self.consented(self.taken_over(**changes))
        told = {"when": "11月25日 15:00", "place": "消保科会议室", "mediators": "李娜、周平"}
        return self.take(case, Step.MEDIATE, self.li, fields=told).case

    def closed(self, **changes: Any) -> Case:
        case = self.with_minutes(self.taken_over(**changes))
        return self.take(case, Step.CLOSE, self.li, **AGREED, words="商家已退款128元").case

    def declined(self) -> Case:
        return self.take(self.have(), Step.DECLINE, self.wang, ground=Ground.TOO_OLD).case


def acting(who: Officer | CitizenId) -> Actor:
    return Actor(officer=who) if isinstance(who, Officer) else Actor(citizen=who)


@contextmanager
def an_office(folder: Path) -> Iterator[Office]:
    office = Office(folder)
    try:
        yield office
    finally:
        office.store.close()
