"""卡片: a case as staff see it in chat. What it shows depends on who looks; what it offers, on the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from casestore import access, lifecycle
from casestore.codes import Channel, Grade, Kind, Role, Status, Step
from casestore.limits import LIMITS, Span, days_left
from casestore.model import Actor, Approval, Case, Officer, Particulars
from casestore.reading.amounts import yuan
from casestore.reading.names import mask_name, mask_phone, mask_text
from casestore.units import Units
from casestore.workdays import WorkingCalendar, china_day, in_words, last_day
from dialogs.platforms import PLATFORMS, split
from dialogs.texts import Texts

_TELEGRAM = PLATFORMS[Channel.TELEGRAM]
_STORY_SHOWN = 80
_WORDS_SHOWN = 5
_LIKELY = 0.05
#: The steps a card offers, in the order of its buttons, beside those of the lifecycle.
_BESIDE = (Step.ESCALATE, Step.RECUSE, Step.REVEAL)
_ORDER = (
    Step.APPROVE, Step.REFUSE, Step.ACCEPT, Step.DECLINE, Step.DISPATCH, Step.ANSWER, Step.TAKE_OVER, Step.RETURN,
    Step.MEDIATE, Step.FILE, Step.NOT_FILE, Step.CLOSE, Step.ASK_SUPPLEMENT, *_BESIDE,
)  # fmt: skip


@dataclass(frozen=True)
class Button:
    """`does` is a verb of the counter; `facts` what it needs to know."""

    label: str
    does: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """Lines of plain text and rows of buttons: every staff chat can show that."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """All that a card shows of a case. `viewer` is None in a group; then nothing personal is here."""

    case: Case
    viewer: Officer | None = None
    holder: str = ""
    request: Approval | None = None
    requester: str = ""
    decided: Approval | None = None
    decider: str = ""
    #: (what was not delivered, why), codes.
    undelivered: tuple[tuple[str, str], ...] = ()
    provisional: bool = False
    evidence: int = 0
    particulars: Particulars | None = None


class Cards:
    """Draws cards. Pure: the moment and everything seen come in."""

    def __init__(self, texts: Texts, units: Units, calendar: WorkingCalendar) -> None:
        self._texts, self._units, self._calendar = texts, units, calendar

    def draw(self, seen: Seen, at: datetime) -> Card:
        lines = [*self._head(seen, at), *(self._private(seen) if seen.particulars is not None else ())]
        text = "\n".join(" ".join(line.split()) for line in lines if line)  # nobody's words make a line
        return Card(split(text, _TELEGRAM, _TELEGRAM.most)[0], rows_of(self._buttons(seen)))

    def line(self, case: Case, number: int, at: datetime) -> str:
        """One line of a list of cases."""
        due = self._due(case, at, provisional=False) if case.due_at else self._name("status", case.status)
        return self._say(
            "staff.line", n=number, number=case.number, status=self._name("status", case.status), due=due
        )

    # ── for everybody ──

    def _head(self, seen: Seen, at: datetime) -> Iterable[str]:
        case = seen.case
        major = self._say("card.major") if case.grade is Grade.MAJOR else ""
        yield self._say("card.title", kind=self._name("kind", case.kind), number=case.number, major=major)
        yield self._say("card.status", status=self._name("status", case.status))
        suggested = case.suggestion
        if suggested is not None and suggested.urgent:
            yield self._say("card.urgent", signs="、".join(suggested.urgent))
        if suggested is not None:
            names = [guess.name for guess in (suggested.object, suggested.nature) if guess.code]
            yield self._say("card.class", classes=" · ".join(names)) if names else ""
        yield self._unit(case)
        if suggested is not None and suggested.scope == "outside" and case.status is Status.REGISTERED:
            yield self._say("card.outside", department=suggested.department, hotline=suggested.hotline)
        if case.due_at is not None:
            yield self._due(case, at, provisional=seen.provisional)
        yield self._holder(seen)
        yield from self._decisions(seen)
        if case.ground is not None:
            yield self._say("card.ground", ground=self._name("ground", case.ground))
        if case.outcome is not None:
            yield self._say("card.outcome", outcome=self._name("outcome", case.outcome))
        for what, why in seen.undelivered:
            reason = f"why.{why}" if f"why.{why}" in self._texts else "why.other"
            yield self._say("card.undelivered", what=self._name("event", what), why=self._say(reason))

    def _unit(self, case: Case) -> str:
        if case.unit:
            return self._say("card.unit", unit=self._units.name(case.unit))
        if case.suggestion is not None and case.suggestion.unit.code:
            return self._say("card.unit_suggested", unit=self._units.name(case.suggestion.unit.code))
        return ""

    def _due(self, case: Case, at: datetime, *, provisional: bool) -> str:
        if case.due_at is None:
            return ""
        days = days_left(case.due_limit, case.due_at, at, self._calendar)
        unit = "natural_days" if LIMITS[case.due_limit].span is Span.NATURAL_DAYS else "working_days"
        if at >= case.due_at:
            left = self._say("card.late")
        else:
            left = self._say(f"card.{unit}", days=days) if days else self._say("card.last_day")
        return self._say(
            "card.due",
            limit=self._name("limit", case.due_limit),
            day=in_words(last_day(case.due_at), china_day(at)),
            left=left,
            provisional=self._say("card.provisional") if provisional else "",
        )

    def _holder(self, seen: Seen) -> str:
        if not seen.holder:
            return "" if seen.case.status in lifecycle.FINAL else self._say("card.nobody")
        if seen.case.status is Status.DISPATCHED:
            unit = self._units.name(seen.case.unit)
            return self._say("card.waiting_unit", name=seen.holder, unit=unit)
        return self._say("card.holder", name=seen.holder)

    def _decisions(self, seen: Seen) -> Iterable[str]:
        # The reasons may name people: they are for private chats of who may read of people (S5-2.2).
        private = seen.particulars is not None
        if seen.request is not None:
            name = seen.requester or self._say("card.request_by_desk")
            by_desk = seen.request.requested_by is None
            yield self._say(
                "card.request", name=name, reason=seen.request.reason if private or by_desk else "…"
            )
        if seen.decided is not None and seen.decided.decision is not None:
            decision = self._name("decision", seen.decided.decision)
            reason = seen.decided.decision_reason if private else ""
            yield self._say("card.decided", decision=decision, name=seen.decider, reason=reason)

    # ── in private chats, masked ──

    def _private(self, seen: Seen) -> Iterable[str]:
        case, told = seen.case, seen.particulars or Particulars()
        if case.anonymous:
            yield self._say("card.anonymous")
        elif told.name or told.phone:
            phone = mask_phone(told.phone) if told.phone else ""
            yield self._say("card.citizen", name=mask_name(told.name), phone=phone)
        if told.merchant:
            yield self._say("card.merchant", merchant=told.merchant)
        if told.merchant_address:
            yield self._say("card.place", place=told.merchant_address)
        if case.happened_on is not None:
            yield self._say("card.happened_on", day=case.happened_on.isoformat())
        if case.amount_fen is not None:
            yield self._say("card.amount", amount=yuan(case.amount_fen))
        if case.demands:
            demands = "、".join(self._name("demand", demand) for demand in case.demands)
            yield self._say("card.demands", demands=demands)
        if seen.evidence:
            yield self._say("card.evidence", count=seen.evidence)
        if told.story:
            story = mask_text(" ".join(told.story.split()))
            yield self._say(
                "card.story", story=f"{story[:_STORY_SHOWN]}…" if len(story) > _STORY_SHOWN else story
            )
        yield from self._suggestion(case)

    def _suggestion(self, case: Case) -> Iterable[str]:
        suggested = case.suggestion
        if suggested is None or case.kind is Kind.CONSULTATION or case.status is not Status.REGISTERED:
            return
        score = f"{round(suggested.object.score * 100)}%"
        if suggested.decision == "ask":
            likely = f"（可能是{suggested.object.name} {score}）" if suggested.object.code else ""
            yield self._say("card.unsure", object=likely)
        else:
            yield self._say(
                "card.suggestion",
                object=suggested.object.name,
                score=score,
                nature=suggested.nature.name,
                unit=self._units.name(suggested.unit.code),
            )
        others = suggested.alternatives.get("object", ())
        names = "、".join(
            f"{guess.name} {round(guess.score * 100)}%" for guess in others[:2] if guess.score >= _LIKELY
        )
        yield self._say("card.alternatives", names=names) if names else ""
        words = "、".join(dict.fromkeys(reason.word for reason in suggested.because[:_WORDS_SHOWN]))
        yield self._say("card.because", words=words) if words else ""

    # ── buttons ──

    def _buttons(self, seen: Seen) -> list[Button]:
        offered = set(lifecycle.possible(seen.case))
        if seen.case.status not in lifecycle.FINAL:
            offered |= {Step.ESCALATE, Step.RECUSE}
        if seen.request is not None and seen.case.status not in lifecycle.FINAL:
            offered = (offered - {Step.ESCALATE}) | {Step.APPROVE, Step.REFUSE}
        offered.add(Step.REVEAL)
        steps = [step for step in _ORDER if step in offered and self._may(seen, step)]
        return [Button(self._name("button", step), f"step:{step}") for step in steps]

    def _may(self, seen: Seen, step: Step) -> bool:
        if seen.viewer is None:  # in the duty group: what an officer may; the presser is checked at the press
            return step in access.RIGHTS[Role.OFFICER] and step is not Step.REVEAL
        own = seen.request is not None and seen.request.requested_by == seen.viewer.id
        if own and step in (Step.APPROVE, Step.REFUSE):
            return False
        return access.may(Actor(officer=seen.viewer), step, seen.case)

    def _say(self, code: str, **facts: object) -> str:
        return self._texts.say(code, **facts)

    def _name(self, group: str, code: str | None) -> str:
        return self._texts.name(group, code)


def rows_of(buttons: Iterable[Button], wide: int = 3) -> tuple[tuple[Button, ...], ...]:
    """Short labels three in a row, long ones alone."""
    rows: list[list[Button]] = []
    for button in buttons:
        short = len(button.label) <= 6
        if rows and short and len(rows[-1]) < wide and all(len(other.label) <= 6 for other in rows[-1]):
            rows[-1].append(button)
        else:
            rows.append([button])
    return tuple(tuple(row) for row in rows)
