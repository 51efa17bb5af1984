"""From a finished talk to a registered case, and the receipt the citizen gets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casestore.codes import Demand, Grade, Kind
from casestore.desk import Desk, Intake, Registered
from casestore.model import Actor, CaseId, Particulars
from casestore.store import Tx
from casestore.tables import cases, clocks
from casestore.tables.citizens import Citizen
from casestore.units import Units
from casestore.workdays import china_day, in_words, last_day
from classifier import Classifier
from dialogs.lint import SUPPLEMENT
from dialogs.texts import Texts
from dialogs.turn import Filed

#: The question names of the trees that are particulars of the case, sealed.
_OF_THE_PERSON = ("name", "phone", "postal_address")
_PARTICULARS = (*_OF_THE_PERSON, "merchant", "merchant_address", "goods", "story")
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
    }
)


class Filing:
    """Registers what was confirmed."""

    def __init__(self, desk: Desk, classifier: Classifier, texts: Texts, units: Units) -> None:
        self._desk, self._classifier, self._texts, self._units = desk, classifier, texts, units

    def file(self, tx: Tx, citizen: Citizen, filed: Filed, at: datetime) -> str:
        """What he is told when it is done. Raises CaseError."""
        items = tuple(item.id for item in filed.evidence)
        if filed.what == SUPPLEMENT:
            case = CaseId(int(filed.values["which"]))
            self._desk.supplement(tx, case, Actor(citizen=citizen.id), items, "", at)
            number = cases.get(tx, case).number
            return self._texts.say("received.supplement", number=number, count=len(items))
        intake = self._intake(citizen, Kind(filed.what), filed, at)
        return self._receipt(tx, self._desk.register(tx, intake, at), at)

    def _intake(self, citizen: Citizen, kind: Kind, filed: Filed, at: datetime) -> Intake:
        values = filed.values
        anonymous = values.get("anonymous") == "anonymous"
        told = {name: str(values.get(name) or "") for name in _PARTICULARS}
        told |= dict.fromkeys(_OF_THE_PERSON, "") if anonymous else {}
        place = self._units.of_place(told["merchant_address"])
        suggestion = self._classifier.suggest(
            "。".join(filter(None, (told["merchant"], told["goods"], told["story"]))),
            kind=kind,
            place=told["merchant_address"],
            amount_fen=values.get("amount"),
            today=china_day(at),
        )
        return Intake(
            kind=kind,
            channel=citizen.channel,
            citizen=citizen.id,
            particulars=Particulars(
                **told,
                publish=values.get("publish") == "yes",
                entrust=values.get("entrust") == "yes",
                others={label: shown for name, label, shown in filed.lines if name not in _KNOWN},
            ),
            suggestion=suggestion,
            anonymous=anonymous,
            district=place[1] if place else "",
            amount_fen=values.get("amount"),
            happened_on=str(values.get("happened_on") or ""),
            demands=tuple(Demand(code) for code in values.get("demands") or ()),
            evidence=tuple(item.id for item in filed.evidence),
        )

    def _receipt(self, tx: Tx, registered: Registered, at: datetime) -> str:
        case, today = registered.case, china_day(at)
        running = clocks.running(tx, case.id)
        limits: dict[str, Any] = {
            clock.limit.code: in_words(last_day(clock.due_at), today) for clock in running
        }
        provisional = any(clock.provisional for clock in running if clock.limit.code in _PROMISED[case.kind])
        receipt = self._texts.say(
            f"received.{case.kind}",
            number=case.number,
            code=registered.query_code,
            provisional=self._texts.say("received.provisional") if provisional else "",
            **limits,
        )
        if case.grade is Grade.MAJOR and case.suggestion and case.suggestion.urgent:
            receipt = f"{receipt}\n\n{self._texts.say('received.urgent')}"
        return receipt


#: The limits that the receipt names.
_PROMISED = {
    Kind.COMPLAINT: ("first_review", "acceptance"),
    Kind.REPORT: ("report_check",),
    Kind.CONSULTATION: ("first_review",),
}
