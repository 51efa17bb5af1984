"""From a finished talk to a registered case, and the receipt the citizen gets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from casestore.codes import Channel, Demand, Grade, Kind
from casestore.desk import Desk
from casestore.intake import Intake, Registered
from casestore.limits import next_duty_hour
from casestore.model import DESK, Actor, Officer, Particulars
from casestore.reading.text import fold
from casestore.store import Tx
from casestore.tables import clocks
from casestore.tables.citizens import Citizen
from casestore.tables.clocks import Clock
from casestore.units import Units
from casestore.workdays import china_day, in_words, last_day
from classifier import Classifier
from dialogs.texts import Texts
from dialogs.turn import Filed

_WANTS_PUNISHMENT = re.compile(r"举报|查处|处罚|立案|严惩|取缔|罚款")
_WANTS_REDRESS = re.compile(r"退款|退钱|退货|退费|退还|退给我|赔偿|赔钱|索赔|赔我|换货|换新")
_SHARE_OF_A_REPORT = 0.3
#: What people call an office like ours, today and before 2018.
_OFFICES = (
    "市场监督管理[局所]|市场监管[局所]|市监[局所]|工商行政管理[局所]|工商[局所]|12315(?:中心|平台|热线)?"
)
_ITS_PEOPLE = "(?:的?(?:工作|执法|值班|接线)人员|的?.{0,2}[局所科队]长|的?.{0,8}(?:科|股|大队))?"
#: The question names of the trees that are particulars of the case, sealed.
_OF_THE_PERSON = ("name", "phone", "postal_address")
_PARTICULARS = (*_OF_THE_PERSON, "merchant", "merchant_address", "goods", "story", "proxy_name")
#: Kept in columns of their own; every other question's answer is among the particulars' `others`.
_KNOWN = frozenset(
    {
        *_PARTICULARS,
        "amount",
        "happened_on",
        "demands",
        "evidence",
        "anonymous",
        "publish",
        "entrust",
        "which",
        "redress",
        "home_address",
    }
)


class Filing:
    """Registers what was confirmed."""

    def __init__(self, desk: Desk, classifier: Classifier, texts: Texts, units: Units) -> None:
        self._desk, self._classifier, self._texts, self._units = desk, classifier, texts, units

    def file(self, tx: Tx, citizen: Citizen, filed: Filed, at: datetime) -> str:
        """What he is told when it is done. Raises CaseError."""
        return self._done(tx, filed, at, channel=citizen.channel, citizen=citizen.id)

    def for_caller(self, tx: Tx, officer: Officer, channel: Channel, filed: Filed, at: datetime) -> str:
        """来电、来人、来函: the receipt is read to the caller; with the query code he follows it by chat."""
        return self._done(tx, filed, at, channel=channel, registered_by=officer.id)

    def _done(self, tx: Tx, filed: Filed, at: datetime, **whose: Any) -> str:
        intake = replace(self._intake(Kind(filed.what), filed, at), **whose)
        if filed.solved and not intake.suggestion.urgent:  # danger is looked at by a person in any case
            words = "\n\n".join(answer.text(self._texts) for answer in filed.approved)
            codes = [answer.code for answer in filed.approved]
            case = self._desk.register_answered(tx, intake, codes, words, at).case
            return self._texts.say("received.answered", number=case.number)
        return self._told(tx, intake, filed, at, **whose)

    def _told(self, tx: Tx, intake: Intake, filed: Filed, at: datetime, **whose: Any) -> str:
        """Register the case, and a second, linked one where the material is a complaint and a report at once:
        each goes by its own rules (art. 9)."""
        registered, split = self._desk.register(tx, intake, at), None
        if (other := self._other_kind(intake, filed)) is not None:
            second = replace(self._intake(other, filed, at), **whose, evidence=())
            if other is Kind.REPORT:
                second = replace(second, demands=(), proxy=False)
            actor = Actor(citizen=intake.citizen) if intake.citizen is not None else DESK
            split = self._desk.matters.split(tx, registered.case, second, actor, at)
        receipt = self._receipt(tx, registered, split, at)
        wants_more = intake.kind is Kind.REPORT and split is None and filed.values.get("redress") is None
        if wants_more and _WANTS_REDRESS.search(intake.particulars.story):
            receipt = f"{receipt}\n\n{self._texts.say('received.only_a_report')}"
        return receipt

    def _other_kind(self, intake: Intake, filed: Filed) -> Kind | None:
        """What else the material is: a report where a complaint tells of a violation, a complaint where an
        informer asks for redress and has told what art. 10 requires."""
        told = intake.particulars
        if intake.kind is Kind.COMPLAINT:
            return Kind.REPORT if self._also_tells_of_a_violation(told.story) else None
        is_complete = told.name and told.phone and told.postal_address and intake.demands
        wants = intake.kind is Kind.REPORT and filed.values.get("redress") == "yes"
        return Kind.COMPLAINT if wants and is_complete and not intake.anonymous else None

    def _intake(self, kind: Kind, filed: Filed, at: datetime) -> Intake:
        values = filed.values
        anonymous = values.get("anonymous") == "anonymous"
        told = {name: str(values.get(name) or "") for name in _PARTICULARS}
        told["postal_address"] = told["postal_address"] or str(values.get("home_address") or "")
        told |= dict.fromkeys(_OF_THE_PERSON, "") if anonymous else {}
        place = self._units.of_place(told["merchant_address"])
        own_office = self._is_about_us(told["merchant"])
        suggestion = self._classifier.suggest(
            "。".join(filter(None, (told["merchant"], told["goods"], told["story"]))),
            kind=kind,
            merchant=told["merchant"],
            place=told["merchant_address"],
            own_office=own_office,
            amount_fen=values.get("amount"),
            today=china_day(at),
        )
        return Intake(
            kind=kind,
            channel=Channel.SHELL,
            citizen=None,
            particulars=Particulars(
                **told,
                publish=values.get("publish") == "yes",
                entrust=values.get("entrust") == "yes",
                others=self._others(filed),
            ),
            suggestion=suggestion,
            anonymous=anonymous,
            district=place[1] if place else "",
            amount_fen=values.get("amount"),
            happened_on=str(values.get("happened_on") or ""),
            demands=tuple(Demand(code) for code in values.get("demands") or ()),
            evidence=tuple(item.id for item in filed.evidence),
            own_office=own_office,
            proxy=bool(told["proxy_name"]),
        )

    def _others(self, filed: Filed) -> dict[str, str]:
        """Every other answer of the tree, and what he has read already of approved answers."""
        others = {label: shown for name, label, shown in filed.lines if name not in _KNOWN}
        titles = "、".join(answer.title for answer in filed.approved)
        return others | ({self._texts.say("approved.seen"): titles} if titles else {})

    def _also_tells_of_a_violation(self, story: str) -> bool:
        """He asks for redress and, in so many words, that somebody be punished (art. 9)."""
        if not _WANTS_PUNISHMENT.search(story):
            return False
        kinds = self._classifier.suggest(story)
        shares = (kinds.kind, *kinds.alternatives.get("kind", ()))
        return any(guess.code == Kind.REPORT and guess.score >= _SHARE_OF_A_REPORT for guess in shares)

    def _is_about_us(self, merchant: str) -> bool:
        """A matter about the office itself, one of its units or its people (S5-2.3(2)), also by the names it
        had (C15). 工商所对面的超市 is no matter of ours."""
        own = (self._texts.office.get("office", ""), *(unit.name for unit in self._units))
        names = "|".join([*(re.escape(fold(name)) for name in own if name), _OFFICES])
        return re.search(f"(?:{names}){_ITS_PEOPLE}$", fold(merchant)) is not None

    def _receipt(self, tx: Tx, registered: Registered, split: Registered | None, at: datetime) -> str:
        case, today = registered.case, china_day(at)
        running = clocks.running(tx, case.id)
        provisional = any(clock.provisional for clock in running if clock.limit.code in _PROMISED[case.kind])
        receipt = self._texts.say(
            f"received.{case.kind}",
            number=case.number,
            code=registered.query_code,
            provisional=self._texts.say("received.provisional") if provisional else "",
            **_limits(running, today),
        )
        if case.proxy:
            receipt = f"{receipt}\n\n{self._texts.say('received.proxy')}"
        if split is not None:
            code = "received.split" if split.case.kind is Kind.REPORT else "received.split_complaint"
            theirs = _limits(clocks.running(tx, split.case.id), today)
            second = self._texts.say(code, number=split.case.number, code=split.query_code, **theirs)
            receipt = f"{receipt}\n\n{second}"
        if case.grade is Grade.MAJOR and case.suggestion and case.suggestion.urgent:
            receipt = f"{receipt}\n\n{self._texts.say('received.urgent')}"
        if not self._desk.is_open(at):
            back = next_duty_hour(at, self._desk.clockwork.calendar, self._desk.clockwork.duty)
            day = in_words(china_day(back), today)
            told = self._texts.say("received.after_hours", back=f"{day} {back:%H:%M}")
            receipt = f"{receipt}\n\n{told}"
        return receipt


def _limits(running: Iterable[Clock], today: date) -> dict[str, str]:
    """When each limit ends, in words, by its code."""
    return {clock.limit.code: in_words(last_day(clock.due_at), today) for clock in running}


#: The limits that the receipt names.
_PROMISED = {
    Kind.COMPLAINT: ("first_review", "acceptance"),
    Kind.REPORT: ("report_check",),
    Kind.CONSULTATION: ("first_review",),
}
