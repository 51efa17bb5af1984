"""Thirty invented cases of every kind and state, so that a newcomer sees a desk at work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bots.demo.stage import Colleague, Stage
from casestore.codes import TAKEN_DOWN, Channel, Demand, EndGround, Grade, Ground, Kind, Outcome, Status, Step
from casestore.intake import Intake
from casestore.lifecycle import Facts
from casestore.model import DESK, Actor, Case, Officer, Particulars, UnitCode
from casestore.records import Form
from casestore.store import Tx
from casestore.tables import cases, posts
from casestore.tables.schema import outbox
from casestore.workdays import CHINA
from dialogs import yaml_file

_FILE = Path(__file__).parent / "samples.yaml"
_BY_THE_DESK = frozenset(
    {Step.ACCEPT, Step.DECLINE, Step.DISPATCH, Step.ASK_SUPPLEMENT, Step.ANSWER, Step.ARCHIVE}
)
_BY_THE_CITIZEN = frozenset({Step.WITHDRAW, Step.SETTLE, Step.REOPEN})
_POSTED = 4

Sample = Mapping[str, str]


async def load(stage: Stage) -> int:
    """Put the samples into the desk as if the days had passed, and the newest cards into the chats."""
    samples: list[Sample] = yaml_file.read(_FILE).value["samples"]
    now = stage.house.clock()
    oldest_first = sorted(samples, key=lambda sample: -int(sample["days_ago"]))
    for number, sample in enumerate(oldest_first):
        at = _moment(now, int(sample["days_ago"]), number)
        await stage.house.store.run(lambda tx, sample=sample, at=at: _happen(tx, stage, sample, at, now))  # type: ignore[misc]
    await stage.house.store.run(lambda tx: _post(tx, stage, now))
    return len(samples)


def _moment(now: datetime, days_ago: int, number: int) -> datetime:
    """Some time that day, never in the future."""
    day = (now - timedelta(days=days_ago)).astimezone(CHINA)
    wished = day.replace(hour=9 + number % 8, minute=(number * 17) % 60, second=0, microsecond=0)
    return min(wished, now - timedelta(minutes=40 - number))


def _happen(tx: Tx, stage: Stage, sample: Sample, at: datetime, now: datetime) -> None:
    case = stage.house.desk.register(tx, _intake(stage, sample), at).case
    for wish in sample.get("steps", "").split():
        at = min(at + timedelta(hours=3), now - timedelta(minutes=1))
        case = _step(tx, stage, case, wish, at)
    tx.execute(outbox.delete().where(outbox.c.case_id == case.id))  # what was said then is long said


def _intake(stage: Stage, sample: Sample) -> Intake:
    kind = Kind(sample["kind"])
    amount = int(sample["amount"]) * 100 if "amount" in sample else None
    address, merchant = sample.get("address", ""), sample.get("merchant", "")
    place = stage.house.office.units.of_place(address)
    suggestion = stage.house.classifier.suggest(
        "。".join((merchant, sample.get("goods", ""), sample["story"])),
        kind=kind,
        merchant=merchant,
        place=address,
        amount_fen=amount,
    )
    return Intake(
        kind=kind,
        channel=(channel := Channel(sample.get("channel", "wechat"))),
        citizen=None,
        registered_by=stage.wang.officer.id if channel in TAKEN_DOWN else None,
        particulars=Particulars(
            name=sample.get("name", ""),
            phone=sample.get("phone", ""),
            merchant=merchant,
            merchant_address=address,
            goods=sample.get("goods", ""),
            story=sample["story"],
        ),
        suggestion=suggestion,
        anonymous=sample.get("anonymous") == "yes",
        district=place[1] if place else "",
        amount_fen=amount,
        demands=tuple(Demand(code) for code in sample.get("demands", "").split()),
    )


def _step(tx: Tx, stage: Stage, case: Case, written: str, at: datetime) -> Case:
    """One step of the table: `dispatch:FOOD`, `close:agreement:FEN:words`, `accept`; or a form: `urge:words`,
    `consent:party=citizen,answer=yes,way=phone`."""
    name, _, rest = written.partition(":")
    if name in set(Form):
        return _record(tx, stage, case, Form(name), rest, at)
    step = Step(name)
    facts: dict[str, Any] = {"words": rest}
    if step is Step.DISPATCH:
        facts = {"unit": UnitCode(rest)}
    elif step is Step.DECLINE:
        ground, _, words = rest.partition(":")
        facts = {"ground": Ground(ground), "words": words}
    elif step is Step.CLOSE:
        outcome, _, words = rest.partition(":")
        facts = {"outcome": Outcome(outcome), "words": words}
        if facts["outcome"] is Outcome.AGREEMENT:
            recovered, _, words = words.partition(":")
            facts |= {"recovered_fen": int(recovered), "words": words}
    elif step is Step.END_MEDIATION:
        ground, _, words = rest.partition(":")
        facts = {"end_ground": EndGround(ground), "words": words}
    elif step is Step.MEDIATE:
        facts = {"fields": _pairs(rest)}
    actor = DESK if step in _BY_THE_CITIZEN else Actor(officer=_who(stage, case, step))
    return stage.house.desk.take(tx, case.id, step, actor, Facts(**facts), at).case


def _record(tx: Tx, stage: Stage, case: Case, form: Form, rest: str, at: datetime) -> Case:
    given = _pairs(rest) if "=" in rest else {"words": rest}
    actor = Actor(officer=_who(stage, case, Step.RECORD))
    return stage.house.desk.record(tx, case.id, form, actor, given, at).case


def _pairs(written: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in written.split(","))


def _who(stage: Stage, case: Case, step: Step) -> Officer:
    if step in _BY_THE_DESK or case.unit is None:
        return stage.wang.officer
    return stage.handlers[case.unit].officer


def _post(tx: Tx, stage: Stage, now: datetime) -> None:
    """The newest waiting cards in the group and with an officer; escalations with the director; and with
    each handler what waits at his unit."""
    waiting = sorted(cases.queue(tx, most=200), key=lambda case: case.registered_at)
    for post in [post for case in waiting for post in posts.of_case(tx, case.id)]:
        posts.remove(tx, post.id)
    for case in [case for case in waiting if case.status is Status.REGISTERED][-_POSTED:]:
        _show(tx, stage, case, stage.wang, now)
        posts.add(tx, case.id, str(stage.group.id), None)
        stage.house.desk.telling.show_card(tx, case.id, str(stage.group.id), now)
    for case in waiting:
        if case.grade is Grade.MAJOR and case.status is Status.REGISTERED:
            _show(tx, stage, case, stage.sun, now)
        elif case.unit is not None:
            _show(tx, stage, case, stage.handlers[case.unit], now)


def _show(tx: Tx, stage: Stage, case: Case, to: Colleague, now: datetime) -> None:
    chat = str(to.user.account.id)
    posts.add(tx, case.id, chat, to.officer.id)
    stage.house.desk.telling.show_card(tx, case.id, chat, now)
