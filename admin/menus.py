"""What a step asks before it is done: a ground, a unit, an outcome, the usual reasons, or typed words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from admin.card import Button, Card, rows_of
from admin.preview import preview
from casestore import matters, premises, records
from casestore.codes import (
    NEED_WORDS,
    RECOVERING,
    Channel,
    EndGround,
    Ground,
    Kind,
    LinkKind,
    Outcome,
    ReportGround,
    Role,
    Status,
    Step,
)
from casestore.model import Case, Event, Officer, Particulars
from casestore.records import Field, Form, Shape
from casestore.units import Units
from dialogs.approved_answers import ApprovedAnswers
from dialogs.platforms import PLATFORMS, split
from dialogs.texts import Texts

_UNITS_A_PAGE = 6
_TELEGRAM, _TITLE = PLATFORMS[Channel.TELEGRAM], 100

#: The steps that need words, and which of their facts those words are.
NEEDS_WORDS = frozenset(
    {
        Step.ASK_SUPPLEMENT,
        Step.RETURN,
        Step.ESCALATE,
        Step.APPROVE,
        Step.REFUSE,
        Step.NOT_FILE,
        Step.MEDIATE,
        Step.END_MEDIATION,
        Step.ANSWER,
        Step.RECORD,
        Step.LINK,
        Step.EXTEND,
        Step.DECIDE_RECUSAL,
        Step.ASK_RECUSAL,
        Step.REOPEN,
        Step.WRITE,
    }
)

#: The links a person makes, by the kind of the case he stands at; a split is found by the desk.
LINKED_BY_HAND = {
    Kind.COMPLAINT: (LinkKind.JOINED, LinkKind.OPENED_FROM),
    Kind.REPORT: (LinkKind.REPEAT,),
}


def read_form(filled: str) -> tuple[Form, dict[str, str]]:
    """`consent;party=merchant` is the form and what was chosen so far."""
    form, *chosen = filled.split(";")
    return Form(form), dict(pair.split("=", 1) for pair in chosen)


#: S1-3.4, law.md: how a case of each kind can end at the unit. A mediation that failed is first ended on one
#: of the eight grounds of art. 23, then closed.
OUTCOMES = {
    (Kind.COMPLAINT, Status.TAKEN_OVER): RECOVERING,
    (Kind.COMPLAINT, Status.MEDIATING): RECOVERING,
    (Kind.COMPLAINT, Status.MEDIATION_ENDED): (Outcome.MEDIATION_ENDED,),
    (Kind.REPORT, Status.FILED): (Outcome.PUNISHED, Outcome.NO_PENALTY, Outcome.TRANSFERRED),
}
#: Asked once more, and then done.
_SURE = (Step.RECUSE, Step.ARCHIVE)
#: 约定时间: an answer within so many working days (S3-3.1).
PROMISES = (1, 3, 5)


def recovery(step: Step, given: Mapping[str, str]) -> tuple[Field, ...]:
    """挽回损失: what is typed where both sides agreed — the sum, and what to tell, unless usual words were chosen."""
    amount = Field("recovered", Shape.AMOUNT)
    return (amount,) if step is Step.SETTLE or "usual" in given else (amount, Field("words"))


class Menus:
    """Draws the menu of a step below the card's title."""

    def __init__(self, texts: Texts, units: Units, answers: ApprovedAnswers | None = None) -> None:
        self._texts, self._units, self._answers = texts, units, answers or ApprovedAnswers()

    def draw(
        self,
        case: Case,
        name: str,
        page: int = 0,
        viewer: Officer | None = None,
        story: str = "",
        past: Sequence[Event] = (),
        told: Particulars | None = None,
        colleagues: Sequence[Officer] = (),
        given: Mapping[str, str] | None = None,
        repeats: Sequence[Case] = (),
    ) -> Card:
        """`name`: a step, `approve:REQUEST`, `close_words:OUTCOME`, `form:FORM;FIELD=CHOICE…` for a record half
        filled, `approved:ANSWER`, `way:GROUND`, or `confirm:STEP` with what is `given` for it. `story`: what the
        citizen wrote, to find the approved answers that fit; `past`: what happened, to find the forms that are in
        turn; `told`: where the merchant is, to find the units that may have it; `colleagues`: who may go on with
        it; `repeats`: the earlier reports that this one repeats."""
        step, _, chosen = name.partition(":")
        if step == "form":
            return self._form(case, chosen)
        menus: dict[str, Callable[[], tuple[str, list[Button]]]] = {
            Step.DECLINE: self._grounds,
            Step.DISPATCH: lambda: self._unit_page(case, page, told or Particulars()),
            Step.CLOSE: lambda: (self._texts.say("menu.close"), list(self._outcomes(case))),
            Step.RECORD: lambda: (self._texts.say("menu.record"), list(self._forms(case, viewer, past))),
            Step.END_MEDIATION: self._ends,
            Step.DECIDE_RECUSAL: self._granted,
            Step.HAND_OVER: lambda: self._colleagues(case, viewer, colleagues),
            Step.LINK: lambda: (self._texts.say("menu.link"), list(self._links(case))),
            Step.ANSWER: lambda: self._how_to_answer(story),
            "approved": lambda: self._approved(chosen, story),
            "close_words": lambda: self._close_words(chosen),
            Step.NOT_FILE: self._not_file,
            Step.NOT_HANDLE: lambda: self._report_grounds(repeats),
            "way": lambda: self._ways(case, ReportGround(chosen)),
            "confirm": lambda: self._confirmation(case, Step(chosen), given or {}, repeats),
        }
        if step in menus:
            text, buttons = menus[step]()
        elif step in _SURE:
            text, buttons = self._texts.say(f"menu.{step}"), [self._button(step, f"do:{step}")]
        else:
            text, buttons = self._usual(step, Step(step), {"request": chosen} if chosen else {})
        return Card(f"{self._title(case)}\n{text}", (*rows_of(buttons), (self._button("back", "card"),)))

    def _title(self, case: Case) -> str:
        return self._texts.say(
            "card.title", kind=self._texts.name("kind", case.kind), number=case.number, major=""
        )

    def _granted(self) -> tuple[str, list[Button]]:
        return self._texts.say("menu.decide_recusal"), [
            Button(self._texts.name("granted", granted), "ask:decide_recusal", {"granted": granted})
            for granted in ("yes", "no")
        ]

    def _colleagues(
        self, case: Case, viewer: Officer | None, colleagues: Sequence[Officer]
    ) -> tuple[str, list[Button]]:
        """Whom the unit's head may name; a handler, himself."""
        himself = viewer.id if viewer is not None and viewer.role is Role.HANDLER else None
        return self._texts.say("menu.hand_over"), [
            Button(one.name, "do:hand_over", {"officer": str(one.id)})
            for one in colleagues
            if one.id != case.holder and himself in (None, one.id)
        ]

    def _links(self, case: Case) -> Iterator[Button]:
        for kind in LINKED_BY_HAND.get(case.kind, ()):
            yield Button(self._texts.name("link", kind), "ask:link", {"link": kind})

    def _how_to_answer(self, story: str) -> tuple[str, list[Button]]:
        return self._texts.say("menu.answer_how"), list(self._ways_to_answer(story))

    def _approved(self, code: str, story: str) -> tuple[str, list[Button]]:
        if code not in self._answers:  # the office has taken it out of its file since
            return self._how_to_answer(story)
        text = self._answers[code].text(self._texts)
        return text, [self._button("send", "do:answer", words=text)]

    def _close_words(self, outcome: str) -> tuple[str, list[Button]]:
        """The usual words that are true of this outcome."""
        chosen, does, words = {"outcome": outcome}, "menu:confirm:close", "words"
        if outcome in RECOVERING:  # the sum is typed before it is confirmed
            chosen, does, words = chosen | {"recovering": "yes"}, "ask:close", "usual"
        buttons = [
            Button(reason, does, {**chosen, words: reason})
            for reason in self._texts.lines(f"reason.close_words.{outcome}")
        ]
        return self._texts.say("menu.close_words"), [*buttons, self._button("other", "ask:close", **chosen)]

    def _not_file(self) -> tuple[str, list[Button]]:
        buttons = [
            Button(reason, "menu:confirm:not_file", {"words": reason})
            for reason in self._texts.lines("reason.not_file")
        ]
        return self._texts.say("menu.not_file"), [*buttons, self._button("other", "ask:not_file")]

    def _report_grounds(self, repeats: Sequence[Case]) -> tuple[str, list[Button]]:
        """A repeat is one only of an earlier report that it is linked to."""
        listed = "\n".join(self._texts.name("ground", ground) for ground in ReportGround)
        buttons = [
            Button(
                self._texts.name("ground_short", ground),
                f"menu:way:{ground}" if ground in NEED_WORDS else "menu:confirm:not_handle",
                {"ground": ground},
            )
            for ground in ReportGround
            if repeats or ground is not ReportGround.SAME_FACT_AGAIN
        ]
        return self._texts.say("menu.not_handle", grounds=listed), buttons

    def _ways(self, case: Case, ground: ReportGround) -> tuple[str, list[Button]]:
        """Whom the informer may turn to: the department that was suggested, the usual ways, or typed words."""
        usual = self._texts.lines(f"reason.way.{ground}")
        suggested = case.suggestion
        if ground is ReportGround.NOT_MARKET_SUPERVISION and suggested is not None and suggested.department:
            usual.insert(0, " ".join(filter(None, (suggested.department, suggested.hotline))))
        buttons = [Button(way, "menu:confirm:not_handle", {"ground": ground, "words": way}) for way in usual]
        other = self._button("other", "ask:not_handle", ground=ground)
        return self._texts.say("menu.way"), [*buttons, other]

    def _usual(self, name: str, step: Step, chosen: Mapping[str, str]) -> tuple[str, list[Button]]:
        return self._texts.say(f"menu.{name}"), list(self._reasons(name, step, chosen))

    def _forms(self, case: Case, viewer: Officer | None, past: Sequence[Event]) -> Iterator[Button]:
        for sheet in records.fitting(case, viewer.role if viewer else Role.OFFICER, past):
            name = self._texts.name("form", sheet.form)
            if records.next_choice(sheet.fields, {}) is None:
                yield Button(name, "ask:record", {"form": sheet.form})
            else:
                yield Button(name, f"menu:form:{sheet.form}")

    def _form(self, case: Case, filled: str) -> Card:
        """The next choice of a form; when all are made, the counter asks for the rest in words."""
        form, given = read_form(filled)
        sheet = records.BY_FORM[form]
        field = records.next_choice(sheet.fields, given)
        title = self._title(case)
        if field is None:
            return Card(title, ((self._button("back", "card"),),))
        asked = f"{self._texts.name('form', form)} · {self._texts.name('field', f'{form}.{field.name}')}"
        last = records.next_choice(sheet.fields, {**given, field.name: ""}) is None
        buttons = [
            Button(
                self._texts.name("choice", choice),
                "ask:record" if last else f"menu:form:{filled};{field.name}={choice}",
                {"form": form, **given, field.name: choice} if last else {},
            )
            for choice in field.choices
        ]
        return Card(f"{title}\n{asked}", (*rows_of(buttons), (self._button("back", "card"),)))

    def _ends(self) -> tuple[str, list[Button]]:
        listed = "\n".join(self._texts.name("end_ground", ground) for ground in EndGround)
        return self._texts.say("menu.end_mediation", grounds=listed), [
            Button(self._texts.name("end_ground_short", ground), "ask:end_mediation", {"end_ground": ground})
            for ground in EndGround
        ]

    def _grounds(self) -> tuple[str, list[Button]]:
        listed = "\n".join(self._texts.name("ground", ground) for ground in Ground)
        text = self._texts.say("menu.decline", grounds=listed)
        return text, [self._ground(ground) for ground in Ground]

    def _ground(self, ground: Ground) -> Button:
        """The seventh names its statute, in typed words."""
        label = self._texts.name("ground_short", ground)
        does = "ask:decline" if ground in NEED_WORDS else "menu:confirm:decline"
        return Button(label, does, {"ground": ground})

    def _confirmation(
        self, case: Case, step: Step, given: Mapping[str, str], repeats: Sequence[Case]
    ) -> tuple[str, list[Button]]:
        """The notice as the citizen will get it; only from here is it sent."""
        given = dict(given)
        hints, typed = given.pop("hints", "").split(), given.pop("typed", "")
        told = {**given, "first": matters.told_of(case, repeats)}
        notice = preview(self._texts, self._units, case, step, told)
        is_told = case.citizen is not None and (not case.quiet or step is Step.WRITE)
        text = self._texts.say("menu.confirm" if is_told else "menu.confirm_untold", notice=notice)
        if hints:
            named = "\n".join(self._texts.name("finding", hint) for hint in hints)
            text = f"{text}\n\n{self._texts.say('menu.hints', hints=named)}"
        return split(text, _TELEGRAM, _TELEGRAM.most - _TITLE)[0], [
            self._button("confirm", f"do:{step}", **given),
            *self._other_words(step, given, typed=bool(typed)),
        ]

    def _other_words(self, step: Step, given: Mapping[str, str], *, typed: bool) -> list[Button]:
        """To write it anew; or to explain a ground that stands for itself."""
        chosen = {name: value for name, value in given.items() if name not in ("words", "recovered_fen")}
        if typed:
            chosen |= {"recovering": "yes"} if "recovered_fen" in given else {}
            return [self._button("rewrite", f"ask:{step}", **chosen)]
        return [self._button("explain", "ask:decline", **chosen)] if step is Step.DECLINE else []

    def _unit_page(self, case: Case, page: int, told: Particulars) -> tuple[str, list[Button]]:
        """The suggested unit first, the others by page; a consumer station only for what lies in its premises."""
        suggested = case.suggestion.unit.code if case.suggestion else ""
        ordered = sorted(premises.targets(self._units, case, told), key=lambda unit: unit.code != suggested)
        pages = -(-len(ordered) // _UNITS_A_PAGE)
        page %= pages
        shown = ordered[page * _UNITS_A_PAGE : (page + 1) * _UNITS_A_PAGE]
        mark = self._texts.say("button.suggested")
        buttons = [
            Button(unit.name + (mark if unit.code == suggested else ""), "do:dispatch", {"unit": unit.code})
            for unit in shown
        ]
        if pages > 1:
            buttons.append(self._button("more", "menu:dispatch", page=str(page + 1)))
        return self._texts.say("menu.dispatch", page=page + 1, pages=pages), buttons

    def _outcomes(self, case: Case) -> Iterator[Button]:
        for outcome in OUTCOMES.get((case.kind, case.status), ()):
            yield Button(self._texts.name("outcome", outcome), f"menu:close_words:{outcome}")

    def _ways_to_answer(self, story: str) -> Iterator[Button]:
        """The approved answers that fit, the best first; his own words; a time agreed upon."""
        for found in self._answers.fitting(story):
            yield Button(found.title, f"menu:approved:{found.code}")
        yield self._button("answer_now", "ask:answer")
        for days in PROMISES:
            yield Button(self._texts.say("button.promise", days=days), "do:answer", {"days": str(days)})

    def _reasons(self, name: str, step: Step, chosen: Mapping[str, str]) -> Iterator[Button]:
        for reason in self._texts.lines(f"reason.{name}"):
            yield Button(reason, f"do:{step}", {"words": reason, **chosen})
        yield Button(self._texts.say("button.other"), f"ask:{step}", chosen)

    def _button(self, label: str, does: str, **facts: str) -> Button:
        return Button(self._texts.name("button", label), does, facts)
