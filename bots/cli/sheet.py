"""案卷页: all of a case as the shell shows it, in the office's words and in China's time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from casestore import first_touch, lifecycle, messages
from casestore.codes import Grade
from casestore.first_touch import FirstTouch
from casestore.model import Case, CaseNumber, Event, Evidence, Particulars
from casestore.reading.names import mask_name, mask_phone
from casestore.store import Tx
from casestore.tables import cases, clocks, events, evidence, officers
from casestore.tables.clocks import Clock
from casestore.workdays import CHINA, last_day

if TYPE_CHECKING:
    from casestore.units import Units
    from dialogs.texts import Texts

_SHA256_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the store keeps of a case. `people`: names by what the audit calls them, "officer:7"."""

    case: Case
    masked: Particulars
    events: list[Event]
    clocks: list[Clock]
    evidence: list[Evidence]
    people: Mapping[str, str]


def read(tx: Tx, number: CaseNumber) -> Sheet:
    """Raises CaseUnknown."""
    case = cases.by_number(tx, number)
    told = cases.particulars(tx, case.id)
    return Sheet(
        case=case,
        masked=Particulars(name=mask_name(told.name), phone=mask_phone(told.phone), merchant=told.merchant),
        events=events.of_case(tx, case.id),
        clocks=clocks.of_case(tx, case.id),
        evidence=evidence.of_case(tx, case.id),
        people={f"officer:{officer.id}": officer.name for officer, _ in officers.everyone(tx)},
    )


class Printer:
    """`full`: the whole sealed part, where it was asked for and written down."""

    def __init__(self, texts: Texts, units: Units, at: datetime) -> None:
        self._texts, self._units, self._at = texts, units, at

    def lines(self, sheet: Sheet, full: Particulars | None) -> Iterator[str]:
        from admin.quotation import quoted  # noqa: PLC0415

        yield from self._head(sheet)
        yield "── 内容"
        yield from self._full(sheet, full) if full is not None else self._masked(sheet)
        yield "── 经过"
        for event in sheet.events:
            yield self._event(sheet, event)
            if full is not None and event.kind in (messages.SENT, messages.RECEIVED):
                yield quoted(event.words)
        yield "── 时限"
        for clock in sheet.clocks:
            yield self._clock(clock)
        yield "── 证据"
        for place, item in enumerate(sheet.evidence, 1):
            yield self._item(place, item)

    def _head(self, sheet: Sheet) -> Iterator[str]:
        say, name, case = self._texts.say, self._texts.name, sheet.case
        major = say("card.major") if case.grade is Grade.MAJOR else ""
        yield say("card.title", kind=name("kind", case.kind), number=case.number, major=major)
        yield say("card.status", status=name("status", case.status))
        if case.unit:
            yield say("card.unit", unit=self._units.name(case.unit))
        if case.holder is not None:
            yield say("card.holder", name=sheet.people.get(f"officer:{case.holder}", ""))
        touch = first_touch.measure(sheet.events, case.first_officer)
        if touch is not None:
            yield self._first(sheet, touch)
        if case.ground is not None:
            yield say("card.ground", ground=name("ground", case.ground))
        if case.outcome is not None:
            yield say("card.outcome", outcome=name("outcome", case.outcome))
        yield f"来自：{name('channel', case.channel)}"

    def _first(self, sheet: Sheet, touch: FirstTouch) -> str:
        """首问责任: since when he answers for it, until a unit has received it."""
        name = self._texts.say("card.first", name=sheet.people.get(f"officer:{touch.officer}", ""))
        lasted = f"用时 {_hours(touch.lasted(self._at))}"
        if touch.received_at is None:
            over = sheet.case.status in lifecycle.DONE
            return f"{name}（{_china(touch.at)} 起" + ("）" if over else f"，承办单位尚未接收，{lasted}）")
        return f"{name}（{_china(touch.at)} 起，承办单位 {_china(touch.received_at)} 接收，{lasted}）"

    def _masked(self, sheet: Sheet) -> Iterator[str]:
        told = sheet.masked
        if sheet.case.anonymous:
            yield self._texts.say("card.anonymous")
        elif told.name or told.phone:
            yield self._texts.say("card.citizen", name=told.name, phone=told.phone)
        if told.merchant:
            yield self._texts.say("card.merchant", merchant=" ".join(told.merchant.split()))

    def _full(self, sheet: Sheet, told: Particulars) -> Iterator[str]:
        from admin.quotation import whole_text  # noqa: PLC0415

        yield whole_text(self._texts, sheet.case.number, told)
        yield f"同意公示：{'是' if told.publish else '否'}"
        yield f"同意委托调解：{'是' if told.entrust else '否'}"

    def _event(self, sheet: Sheet, event: Event) -> str:
        from admin.steps import STEP_OF  # noqa: PLC0415

        facts, name = event.facts, self._texts.name
        told = [
            self._units.name(str(facts["unit"])) if "unit" in facts else "",
            name("ground", str(facts["ground"])) if "ground" in facts else "",
            name("outcome", str(facts["outcome"])) if "outcome" in facts else "",
            str(facts.get("login", "")),
        ]
        actor = sheet.people.get(event.actor) or name("actor", event.actor)
        step = name("step", STEP_OF.get(event.kind, event.kind))
        return "  ".join(filter(None, (_china(event.at), step, actor, *told)))

    def _clock(self, clock: Clock) -> str:
        if clock.ended_at is not None:
            state = f"{_china(clock.ended_at)} 完成" + ("，已超过" if clock.ended_at > clock.due_at else "")
        else:
            state = "已超过" if self._at > clock.due_at else "进行中"
        provisional = self._texts.say("card.provisional") if clock.provisional else ""
        limit = self._texts.name("limit", clock.limit.code)
        return f"{limit}  {due_in_china(clock.due_at)} 到期{provisional}  {state}"

    def _item(self, place: int, item: Evidence) -> str:
        kind = self._texts.name("evidence_kind", item.kind)
        state = self._texts.name("evidence_state", item.state)
        return "  ".join(
            filter(None, (f"{place}.", kind, state, f"{item.size} 字节", item.sha256[:_SHA256_SHOWN]))
        )


def due_in_china(due_at: datetime) -> str:
    """The end of a day is its 24:00, as the office says it."""
    if due_at.astimezone(CHINA).time() == time():
        return f"{last_day(due_at)} 24:00"
    return _china(due_at)


def _hours(lasted: timedelta) -> str:
    hours, minutes = divmod(int(lasted.total_seconds()) // 60, 60)
    return f"{hours} 小时 {minutes} 分"


def _china(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
