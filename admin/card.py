"""卡片: a case as staff see it in chat. What it shows depends on who looks; what it offers, on the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from casestore import access, lifecycle, messages, records
from casestore.codes import ApprovalKind, Channel, Grade, Kind, Role, Status, Step
from casestore.limits import LIMITS, DutyHours, Span, days_left, passes_at
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
#: A private card offers no more than this; what is rare waits behind 更多.
MOST_BUTTONS = 10
#: The steps a card offers, in the order of its buttons, beside those of the lifecycle.
_BESIDE = (
    Step.WRITE, Step.RECORD, Step.LINK, Step.EXTEND, Step.ASK_RECUSAL, Step.ESCALATE, Step.RECUSE, Step.REVEAL,
)  # fmt: skip
_ORDER = (
    Step.APPROVE, Step.REFUSE, Step.DECIDE_RECUSAL, Step.ACCEPT, Step.DECLINE, Step.DISPATCH, Step.ANSWER,
    Step.TAKE_OVER, Step.RETURN, Step.HAND_OVER, Step.MEDIATE, Step.END_MEDIATION, Step.FILE, Step.NOT_FILE,
    Step.CLOSE, Step.ASK_SUPPLEMENT, Step.NOT_HANDLE, Step.SETTLE, Step.WITHDRAW, Step.REOPEN, Step.PUBLISH,
    Step.ARCHIVE, *_BESIDE,
)  # fmt: skip
#: What goes behind 更多 where a card would be crowded, the rarest first.
_RARE = (
    Step.ASK_RECUSAL, Step.LINK, Step.WITHDRAW, Step.SETTLE, Step.EXTEND, Step.HAND_OVER, Step.REOPEN, Step.ARCHIVE,
    Step.REVEAL, Step.RECUSE, Step.ESCALATE,
)  # fmt: skip
#: Where the officer who touched the case first still answers for it (S2-4.1).
_FIRST_ANSWERS = (Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED, Status.DISPATCHED)
#: What the duty group's card offers; the rest is in private chats, where it is less crowded.
_IN_THE_GROUP = frozenset(
    {Step.ACCEPT, Step.DECLINE, Step.DISPATCH, Step.ANSWER, Step.ASK_SUPPLEMENT, Step.ESCALATE, Step.RECUSE}
)


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
    #: In whose place the viewer decides now.
    stands_in_for: tuple[Officer, ...] = ()
    holder: str = ""
    #: 首问责任人.
    first: str = ""
    request: Approval | None = None
    requester: str = ""
    decided: Approval | None = None
    decider: str = ""
    #: (what was not delivered, why), codes.
    undelivered: tuple[tuple[str, str], ...] = ()
    provisional: bool = False
    evidence: int = 0
    #: A limit runs that a supervisor may extend; a party has asked that the holder stay away.
    extendable: bool = False
    recusal_asked: bool = False
    #: How many messages of the citizen wait for an answer.
    unanswered: int = 0
    #: Every limit stands still, and why.
    paused_for: str = ""
    #: The informer has withdrawn his report, which is handled all the same.
    informer_withdrew: bool = False
    #: The earlier reports that this one repeats (art. 35).
    repeats: tuple[Case, ...] = ()
    #: 公示: `agreed` by the complainant, `approved` by a supervisor too.
    publication: str = ""
    #: (number, how) of cases that belong together with this one.
    links: tuple[tuple[str, str], ...] = ()
    particulars: Particulars | None = None


class Cards:
    """Draws cards. Pure: the moment and everything seen come in."""

    def __init__(
        self, texts: Texts, units: Units, calendar: WorkingCalendar, duty: DutyHours | None = None
    ) -> None:
        self._texts, self._units, self._calendar = texts, units, calendar
        self._duty = duty or DutyHours()

    def draw(self, seen: Seen, at: datetime) -> Card:
        lines = [*self._head(seen, at), *(self._private(seen) if seen.particulars is not None else ())]
        text = "\n".join(" ".join(line.split()) for line in lines if line)  # nobody's words make a line
        return Card(split(text, _TELEGRAM, _TELEGRAM.most)[0], rows_of(self._on_the_card(seen)))

    def more(self, seen: Seen) -> Card:
        """更多: the buttons that the card itself has no room for."""
        shown = self._on_the_card(seen)
        rest = [button for button in self._buttons(seen) if button not in shown]
        title = self._title(seen.case)
        back = Button(self._name("button", "back"), "card")
        return Card(f"{title}\n{self._say('menu.more')}", (*rows_of(rest), (back,)))

    def line(self, case: Case, number: int, at: datetime) -> str:
        """One line of a list of cases."""
        due = self._due(case, at, provisional=False) if case.due_at else self._name("status", case.status)
        return self._say(
            "staff.line", n=number, number=case.number, status=self._name("status", case.status), due=due
        )

    # ── for everybody ──

    def _head(self, seen: Seen, at: datetime) -> Iterable[str]:
        case = seen.case
        yield self._title(case)
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
        elif seen.paused_for:
            yield self._say("card.paused", why=self._name("pause", seen.paused_for))
        for number, how in seen.links:
            yield self._say("card.link", number=number, how=self._name("link", how))
        if seen.informer_withdrew:
            yield self._say("card.informer_quiet" if case.quiet else "card.informer_withdrew")
        yield self._holder(seen)
        if seen.first and case.status in _FIRST_ANSWERS:
            yield self._say("card.first", name=seen.first)
        yield from self._decisions(seen)
        yield from self._results(seen)
        for what, why in seen.undelivered:
            reason = f"why.{why}" if f"why.{why}" in self._texts else "why.other"
            yield self._say("card.undelivered", what=self._name("event", what), why=self._say(reason))

    def _results(self, seen: Seen) -> Iterable[str]:
        """How it ended, why, and what came of it."""
        case = seen.case
        if case.ground is not None:
            yield self._say("card.ground", ground=self._name("ground", case.ground))
        if case.end_ground is not None:
            yield self._say("card.end_ground", ground=self._name("end_ground", case.end_ground))
        if case.outcome is not None:
            yield self._say("card.outcome", outcome=self._name("outcome", case.outcome))
        if case.recovered_fen is not None:
            yield self._say("card.recovered", amount=yuan(case.recovered_fen))
        if seen.publication:
            yield self._say("card.publication", state=self._name("publication", seen.publication))

    def _title(self, case: Case) -> str:
        major = self._say("card.major") if case.grade is Grade.MAJOR else ""
        return self._say("card.title", kind=self._name("kind", case.kind), number=case.number, major=major)

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
        if at >= passes_at(LIMITS[case.due_limit], case.due_at, self._duty):
            left = self._say("card.late")
        else:
            left = self._say(f"card.{unit}", days=days) if days > 0 else self._say("card.last_day")
        return self._say(
            "card.due",
            source=LIMITS[case.due_limit].source,
            limit=self._name("limit", case.due_limit),
            day=in_words(last_day(case.due_at), china_day(at)),
            left=left,
            provisional=self._say("card.provisional") if provisional else "",
        )

    def _holder(self, seen: Seen) -> str:
        if not seen.holder:
            return "" if seen.case.status in lifecycle.DONE else self._say("card.nobody")
        if seen.case.status is Status.DISPATCHED:
            unit = self._units.name(seen.case.unit)
            return self._say("card.waiting_unit", name=seen.holder, unit=unit)
        return self._say("card.holder", name=seen.holder)

    def _decisions(self, seen: Seen) -> Iterable[str]:
        # The reasons may name people: they are for private chats of who may read of people (S5-2.2).
        private = seen.particulars is not None
        if seen.request is not None:
            yield self._request(seen, seen.request, private)
        if seen.decided is not None and seen.decided.decision is not None:
            decision = self._name("decision", seen.decided.decision)
            reason = seen.decided.decision_reason if private else ""
            yield self._say("card.decided", decision=decision, name=seen.decider, reason=reason)

    def _request(self, seen: Seen, request: Approval, private: bool) -> str:
        """Who asks for what, by which rule; the reason where it may be read."""
        limit = LIMITS.get(request.facts.get("limit", ""))
        length = f"{limit.extension}{limit.span_in_words}" if limit else ""
        return self._say(
            f"card.request.{request.kind}",
            name=seen.requester or self._say("card.request_by_desk"),
            limit=self._name("limit", limit.code) if limit else "",
            length=length,
            source=limit.source if limit else "",
            ground=self._name("ground", request.facts.get("ground")),
            reason=request.reason if private or request.requested_by is None else "…",
        )

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
        if case.kind is Kind.CONSULTATION:
            yield from (f"{label}：{mask_text(answer)}" for label, answer in told.others.items())
        if seen.evidence:
            yield self._say("card.evidence", count=seen.evidence)
        if told.story:
            story = mask_text(" ".join(told.story.split()))
            yield self._say(
                "card.story", story=f"{story[:_STORY_SHOWN]}…" if len(story) > _STORY_SHOWN else story
            )
        yield self._say("card.messages", count=seen.unanswered) if seen.unanswered else ""
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

    def _on_the_card(self, seen: Seen) -> list[Button]:
        """All of them, or, where they are too many, without the rarest and with 更多."""
        buttons = self._buttons(seen)
        if len(buttons) <= MOST_BUTTONS:
            return buttons
        rare = iter([f"step:{step}" for step in _RARE])
        while len(buttons) >= MOST_BUTTONS and (hidden := next(rare, None)) is not None:
            buttons = [button for button in buttons if button.does != hidden]
        return [*buttons, Button(self._name("button", "others"), "menu:more")]

    def _buttons(self, seen: Seen) -> list[Button]:
        offered = set(lifecycle.possible(seen.case))
        if seen.case.status not in lifecycle.DONE:
            offered |= {Step.ESCALATE, Step.RECUSE}
            offered |= {Step.LINK} if seen.case.kind is not Kind.CONSULTATION else set()
            offered |= {Step.EXTEND} if seen.extendable else set()
            offered |= {Step.ASK_RECUSAL} if seen.case.holder and not seen.recusal_asked else set()
            offered |= (
                {Step.WITHDRAW} if seen.case.kind is Kind.REPORT and not seen.informer_withdrew else set()
            )
        elif seen.case.kind is Kind.COMPLAINT and seen.case.status is not Status.ARCHIVED:
            offered.add(Step.LINK)  # art. 27: that both sides are content makes no violation go away
        if seen.case.quiet:
            offered -= {Step.ASK_SUPPLEMENT}
        if seen.publication == "agreed":
            offered.add(Step.PUBLISH)
        over = seen.case.status in lifecycle.DONE
        if seen.request is not None and not (over and seen.request.kind is not ApprovalKind.PUBLICATION):
            offered |= {Step.APPROVE, Step.REFUSE}
            offered -= {Step.ESCALATE} if seen.request.kind is ApprovalKind.ESCALATION else set()
        if seen.recusal_asked:
            offered.add(Step.DECIDE_RECUSAL)
        if lifecycle.is_at_work(seen.case) and not (seen.case.holder and _is_handler(seen.viewer)):
            offered.add(Step.HAND_OVER)
        if seen.viewer is not None and records.fitting(seen.case, seen.viewer.role):
            offered.add(Step.RECORD)
        may_be_written_to = seen.case.citizen is not None and (not seen.case.quiet or seen.unanswered)
        if may_be_written_to and messages.may_be_open(seen.case):
            offered.add(Step.WRITE)
        offered.add(Step.REVEAL)
        steps = [step for step in _ORDER if step in offered and self._may(seen, step)]
        # What is decided is the request that stands on the card, not another one that is open too.
        decides = {"request": str(seen.request.id)} if seen.request is not None else {}
        buttons = [
            Button(
                self._name("button", step),
                f"step:{step}",
                decides if step in (Step.APPROVE, Step.REFUSE) else {},
            )
            for step in steps
        ]
        if seen.viewer is not None and seen.case.due_at is not None:
            buttons.append(Button(self._name("button", "why_due"), "why"))
        return buttons

    def _may(self, seen: Seen, step: Step) -> bool:
        if seen.viewer is None:  # in the duty group: what an officer may; the presser is checked at the press
            return step in _IN_THE_GROUP and step in access.RIGHTS[Role.OFFICER]
        actor = Actor(officer=seen.viewer, stands_in_for=seen.stands_in_for)
        return access.may(actor, step, seen.case, request=seen.request)

    def _say(self, code: str, **facts: object) -> str:
        return self._texts.say(code, **facts)

    def _name(self, group: str, code: str | None) -> str:
        return self._texts.name(group, code)


def _is_handler(viewer: Officer | None) -> bool:
    """He takes for himself what nobody holds; his unit's head names whom he will."""
    return viewer is not None and viewer.role is Role.HANDLER


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
