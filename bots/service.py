"""What citizens do about their own matters once they are registered: each act of `dialogs.acts`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from casestore import lifecycle, messages
from casestore.codes import Consent, Kind, Status, Step
from casestore.desk import Desk
from casestore.lifecycle import Facts
from casestore.model import Actor, Case, CaseId
from casestore.reading.names import mask_name, mask_phone
from casestore.store import Tx
from casestore.tables import cases, citizens, events, evidence
from casestore.tables.citizens import Citizen
from casestore.workdays import china_day
from dialogs.acts import Act
from dialogs.texts import Texts
from dialogs.tree import Option
from dialogs.turn import Filed

_MOST_CASES = 10


def fits(act: Act, case: Case) -> bool:
    """Whether an act may be done to a case as it stands."""
    possible = set(lifecycle.possible(case))
    match act:
        case Act.WITHDRAW:
            open_report = case.kind is Kind.REPORT and case.status not in lifecycle.DONE
            return open_report or Step.WITHDRAW in possible
        case Act.SETTLE:
            return Step.SETTLE in possible
        case Act.REOPEN:
            return Step.REOPEN in possible
        case Act.RATE:
            return case.status is Status.CLOSED and case.rating is None
        case Act.RECUSAL:
            return (
                case.status not in lifecycle.DONE and case.kind is not Kind.CONSULTATION and bool(case.holder)
            )
        case Act.SUPPLEMENT:
            return case.status not in lifecycle.DONE
        case Act.MESSAGE:
            return messages.may_be_open(case)
        case Act.MY_DATA:
            return not case.anonymous


class Service:
    """Carries out a finished act; the answer is what he is told. Raises CaseError."""

    def __init__(self, desk: Desk, texts: Texts) -> None:
        self._desk, self._texts = desk, texts

    def own(self, tx: Tx, citizen: Citizen, act: Act) -> list[Case]:
        """His cases an act may be done to, newest first."""
        return [case for case in cases.of_citizen(tx, citizen.id, most=_MOST_CASES) if fits(act, case)]

    def carry_out(self, tx: Tx, citizen: Citizen, filed: Filed, at: datetime) -> str:
        act = Act(filed.what)
        if act is Act.MY_DATA:
            return self._my_data(tx, citizen, filed, at)
        case = cases.get(tx, case_id(filed.values["which"]))
        if act not in (Act.SUPPLEMENT, Act.MESSAGE):  # what he sent while he told us belongs to the matter
            evidence.attach(tx, [item.id for item in filed.evidence], case.id)
        self._acts[act](self, tx, case, Actor(citizen=citizen.id), filed, at)
        if act is Act.WITHDRAW and case.kind is Kind.REPORT:
            wish = "quiet" if _is_quiet(filed) else "told"
            return self._texts.say(f"received.withdraw_report.{wish}", number=case.number)
        return self._texts.say(f"received.{act}", number=case.number, count=len(filed.evidence))

    def _supplement(self, tx: Tx, case: Case, actor: Actor, filed: Filed, at: datetime) -> None:
        self._desk.supplement(tx, case.id, actor, tuple(item.id for item in filed.evidence), "", at)

    def _withdraw(self, tx: Tx, case: Case, actor: Actor, filed: Filed, at: datetime) -> None:
        self._desk.withdraw(tx, case.id, actor, _words(filed), at, quiet=_is_quiet(filed))

    def _settle(self, tx: Tx, case: Case, actor: Actor, filed: Filed, at: datetime) -> None:
        facts = Facts(recovered_fen=filed.values.get("recovered") or 0)  # 没有金额
        self._desk.take(tx, case.id, Step.SETTLE, actor, facts, at)

    def _reopen(self, tx: Tx, case: Case, actor: Actor, filed: Filed, at: datetime) -> None:
        self._desk.take(tx, case.id, Step.REOPEN, actor, Facts(words=_words(filed)), at)

    def _rate(self, tx: Tx, case: Case, actor: Actor, filed: Filed, at: datetime) -> None:
        stars = int(str(filed.values["stars"]).removeprefix("s"))
        self._desk.rate(tx, case.id, actor, stars, _words(filed), at)

    def _recusal(self, tx: Tx, case: Case, actor: Actor, filed: Filed, at: datetime) -> None:
        self._desk.requests.ask_recusal(tx, case.id, actor, _words(filed), at)

    def _message(self, tx: Tx, case: Case, actor: Actor, filed: Filed, at: datetime) -> None:
        items = tuple(item.id for item in filed.evidence)
        self._desk.messages.receive(tx, case.id, actor, _words(filed), items, at)

    _acts: dict[Act, Callable[[Service, Tx, Case, Actor, Filed, datetime], None]] = {  # noqa: RUF012
        Act.SUPPLEMENT: _supplement,
        Act.WITHDRAW: _withdraw,
        Act.SETTLE: _settle,
        Act.REOPEN: _reopen,
        Act.RATE: _rate,
        Act.RECUSAL: _recusal,
        Act.MESSAGE: _message,
    }

    # ── 我的信息 (PIPL 44-50) ──

    def _my_data(self, tx: Tx, citizen: Citizen, filed: Filed, at: datetime) -> str:
        values = filed.values
        evidence.forget(tx, [item.id for item in filed.evidence])  # for no matter
        match values["what"]:
            case "correct":
                which, part = case_id(values["which"]), str(values["part"])
                changed = {part: str(values[part])}
                words = "".join(f"{label}：{shown}" for name, label, shown in filed.lines if name == part)
                taken = self._desk.correct(tx, which, Actor(citizen=citizen.id), changed, at, words)
                return self._texts.say(f"received.{taken.event.kind}", number=taken.case.number)
            case "revoke":
                consent = Consent(str(values["consent"]))
                last = [one.version for one in citizens.given(tx, citizen.id) if one.what is consent]
                citizens.record_consent(tx, citizen.id, consent, last[-1] if last else "", False, at)
                for case in cases.of_citizen(tx, citizen.id, most=_MOST_CASES):
                    told = cases.particulars(tx, case.id)
                    if getattr(told, consent.value):
                        self._desk.revoke(tx, case.id, Actor(citizen=citizen.id), consent, at)
                return self._texts.say("received.revoked", what=self._texts.name("consent", consent))
            case "erase":
                evidence.forget(tx, evidence.unused(tx, citizen.id))
                citizens.unreachable(tx, citizen.id)
                return self._texts.say("received.erased")
            case _:
                return self._shown(tx, citizen)

    def _shown(self, tx: Tx, citizen: Citizen) -> str:
        """Masked: whoever holds the phone now may not be who typed it then."""
        lines = []
        for case in cases.of_citizen(tx, citizen.id, most=_MOST_CASES):
            told = cases.particulars(tx, case.id)
            lines.append(
                self._texts.say(
                    "received.my_case",
                    number=case.number,
                    name=mask_name(told.name) if told.name else "—",
                    phone=mask_phone(told.phone) if told.phone else "—",
                    postal_address=f"{told.postal_address[:6]}…" if told.postal_address else "—",
                )
            )
            lines += [
                self._texts.say("received.my_note", when=china_day(event.at).isoformat())
                for event in events.outline(tx, case.id)
                if event.kind == "correction_noted"
            ]
        consents = [
            self._texts.say(
                "received.my_consent",
                what=self._texts.name("consent", given.what),
                answer="是" if given.answer else "否",
                when=china_day(given.at).isoformat(),
                edition=given.version,
            )
            for given in citizens.given(tx, citizen.id)
        ]
        return self._texts.say(
            "received.my_data",
            cases="\n".join(lines) or self._texts.say("received.my_nothing"),
            consents="\n".join(consents),
        )


def own_case(case: Case) -> Option:
    """A case of his as a tree offers it: by its kind the tree may lead on."""
    return Option(f"{case.kind}:{case.id}", case.number)


def case_id(chosen: object) -> CaseId:
    return CaseId(int(str(chosen).rpartition(":")[2]))


def _is_quiet(filed: Filed) -> bool:
    """Whether who withdraws a report wants to hear no more of it."""
    return filed.values.get("notices") != "told"


def _words(filed: Filed) -> str:
    return str(filed.values.get("story") or "")
