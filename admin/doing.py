"""From a press with its facts to the desk's own step: the one place that knows which part of the desk does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from admin.menus import NEEDS_WORDS, recovery
from casestore import access, numbers, records
from casestore.codes import EndGround, LinkKind, Outcome, Status, Step, any_ground
from casestore.desk import Desk
from casestore.errors import CaseChanged, CaseUnknown, FieldMissing, FieldUnclear, ReasonMissing
from casestore.lifecycle import Facts
from casestore.limits import LIMITS, due
from casestore.model import Actor, CaseId, OfficerId, UnitCode
from casestore.reading import Unreadable, amounts
from casestore.reading.text import has_words
from casestore.records import Form
from casestore.store import Tx
from casestore.tables import cases, officers

DECISIONS = (Step.APPROVE, Step.REFUSE)


class Doing:
    """Raises CaseError for what the desk refuses."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def do(
        self,
        tx: Tx,
        case: CaseId,
        step: Step,
        actor: Actor,
        given: Mapping[str, str],
        at: datetime,
        seen: int | None = None,
    ) -> str:
        """`given`: codes chosen by buttons, and `words`. `seen`: the version of the case that was read. What was
        done, as a code of `step.*` in the texts: a request for a step is not the step."""
        words = given["words"]
        if step in NEEDS_WORDS and not has_words(words) and "days" not in given:
            raise ReasonMissing(case=case)
        desk, requests = self._desk, self._desk.requests
        asks = {
            Step.ESCALATE: requests.escalate,
            Step.EXTEND: requests.extend,
            Step.ASK_RECUSAL: requests.ask_recusal,
            Step.PUBLISH: requests.publish,
        }
        does: dict[Step, Callable[[], object]] = {
            Step.HAND_OVER: lambda: desk.handing.hand_over(
                tx, case, actor, OfficerId(int(given["officer"])), at
            ),
            Step.RECUSE: lambda: desk.recuse(tx, case, actor, at),
            Step.WRITE: lambda: desk.messages.send(tx, case, actor, words, at, seen),
            Step.RECORD: lambda: self._record(tx, case, actor, given, at),
            Step.LINK: lambda: self._link(tx, case, LinkKind(given["link"]), actor, words, at),
        }
        match step:
            case _ if step in asks:
                asks[step](tx, case, actor, words, at)
            case _ if step in does:
                does[step]()
            case Step.DECIDE_RECUSAL:
                requests.decide_recusal(tx, case, actor, given["granted"] == "yes", words, at)
            case Step.APPROVE | Step.REFUSE:
                if seen is not None and cases.get(tx, case).version != seen:
                    raise CaseChanged(case=cases.get(tx, case).number)
                request = int(given["request"]) if "request" in given else None
                requests.decide(tx, case, step, actor, words, at, request, given.get("pin", ""))
            case Step.WITHDRAW:
                taken = desk.withdraw(tx, case, actor, words, at)
                return step.value if taken.case.status is Status.WITHDRAWN else "informer_withdraws"
            case Step.DECLINE if requests.rules.declining_needs_approval:
                requests.decline(tx, case, actor, facts_of(step, given), at)
                return "ask_to_decline"
            case Step.ANSWER if "days" in given:
                desk.promise_answer(tx, case, actor, self._within(int(given["days"]), at), at)
                return "promise_answer"
            case _:
                desk.take(tx, case, step, actor, facts_of(step, given), at, seen)
        return step.value

    def _within(self, days: int, at: datetime) -> datetime:
        """24:00 of the working day that lies so many working days ahead."""
        agreed = replace(LIMITS["promised_answer"], amount=days)
        return due(agreed, at, self._desk.clockwork.calendar).at

    def _record(self, tx: Tx, case: CaseId, actor: Actor, given: Mapping[str, str], at: datetime) -> None:
        form = Form(given["form"])
        chosen = {name: value for name, value in given.items() if name != "words"}
        typed = records.from_lines(records.BY_FORM[form].fields, given["words"])
        self._desk.record(tx, case, form, actor, chosen | typed, at)

    def _link(self, tx: Tx, case: CaseId, kind: LinkKind, actor: Actor, words: str, at: datetime) -> None:
        if kind is LinkKind.OPENED_FROM:
            self._desk.matters.open_report(tx, case, actor, words, at)
            return
        other = numbers.read_case_number(words)
        if other is None:
            raise CaseUnknown()
        second = cases.by_number(tx, other)
        if not access.may(actor, Step.LINK, second, recused=officers.recused(tx, second.id)):
            raise CaseUnknown()  # what he may not see does not exist for him
        self._desk.matters.link(tx, case, other, kind, actor, at)


def _recovery(step: Step, given: Mapping[str, str]) -> Facts:
    """How much the citizen got back, in the first line, and what to tell him. Raises FieldMissing, FieldUnclear."""
    fields = recovery(step, given)
    typed = records.from_lines(fields, given["words"])
    for field in fields:
        if not typed.get(field.name):
            raise FieldMissing(form=Step.CLOSE, field=field.name)
    try:
        recovered = amounts.amount(typed["recovered"]).fen
    except Unreadable:
        raise FieldUnclear(form=Step.CLOSE, field="recovered") from None
    outcome = Outcome(given["outcome"]) if "outcome" in given else None
    words = given.get("usual") or typed.get("words", "")
    return Facts(outcome=outcome, recovered_fen=recovered, words=words)


def given_of(facts: Facts) -> dict[str, str]:
    """What was typed and read, as a button that confirms it holds it."""
    given = {
        "ground": facts.ground,
        "outcome": facts.outcome,
        "end_ground": facts.end_ground,
        "recovered_fen": facts.recovered_fen,
        "words": facts.words,
    }
    return {name: str(value) for name, value in given.items() if value not in (None, "")}


def facts_of(step: Step, given: Mapping[str, str]) -> Facts:
    if "recovering" in given:
        return _recovery(step, given)
    asked = records.ASKED_BY_STEP.get(step, ())
    fields = records.from_lines(asked, given["words"]) if step is Step.MEDIATE else {}
    return Facts(
        unit=UnitCode(given["unit"]) if "unit" in given else None,
        ground=any_ground(given["ground"]) if "ground" in given else None,
        outcome=Outcome(given["outcome"]) if "outcome" in given else None,
        end_ground=EndGround(given["end_ground"]) if "end_ground" in given else None,
        recovered_fen=int(given["recovered_fen"]) if "recovered_fen" in given else None,
        fields=fields,
        words="" if fields else given["words"],
    )
