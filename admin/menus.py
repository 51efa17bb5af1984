"""What a step asks before it is done: a ground, a unit, an outcome, the usual reasons, or typed words."""

from __future__ import annotations

from collections.abc import Iterator

from admin.card import Button, Card, rows_of
from admin.preview import preview
from casestore.codes import Ground, Kind, Outcome, Step
from casestore.model import Case
from casestore.units import Units
from dialogs.texts import Texts

_UNITS_A_PAGE = 6

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
        Step.ANSWER,
    }
)

#: Art. 16(7) is only a ground together with the law that says so.
NAMES_A_STATUTE = frozenset({Ground.OTHER_LAW})

#: S1-3.4, law.md: how a case of each kind can end at the unit.
OUTCOMES = {
    Kind.COMPLAINT: (Outcome.AGREEMENT, Outcome.SETTLED, Outcome.MEDIATION_ENDED),
    Kind.REPORT: (Outcome.PUNISHED,),
}


class Menus:
    """Draws the menu of a step below the card's title."""

    def __init__(self, texts: Texts, units: Units) -> None:
        self._texts, self._units = texts, units

    def draw(self, case: Case, name: str, page: int = 0) -> Card:
        """`name`: a step, `close_words:OUTCOME`, `confirm:decline:GROUND`, or `confirm:close:OUTCOME:WORDS`."""
        step, _, chosen = name.partition(":")
        if step == Step.DECLINE:
            text, buttons = self._grounds()
        elif step == Step.DISPATCH:
            text, buttons = self._unit_page(case, page)
        elif step == Step.CLOSE:
            text, buttons = self._texts.say("menu.close"), list(self._outcomes(case))
        elif step == Step.RECUSE:
            text = self._texts.say("menu.recuse")
            buttons = [self._button("recuse", "do:recuse")]
        elif step == "close_words":
            text, buttons = self._texts.say("menu.close_words"), list(self._close_words(chosen))
        elif step == "confirm":
            text, buttons = self._confirmation(case, *chosen.split(":", 1))
        else:
            text, buttons = self._texts.say(f"menu.{step}"), list(self._reasons(Step(step)))
        title = self._texts.say(
            "card.title", kind=self._texts.name("kind", case.kind), number=case.number, major=""
        )
        return Card(f"{title}\n{text}", (*rows_of(buttons), (self._button("back", "card"),)))

    def _grounds(self) -> tuple[str, list[Button]]:
        listed = "\n".join(self._texts.name("ground", ground) for ground in Ground)
        text = self._texts.say("menu.decline", grounds=listed)
        return text, [self._ground(ground) for ground in Ground]

    def _ground(self, ground: Ground) -> Button:
        """The seventh names its statute, in typed words."""
        label = self._texts.name("ground_short", ground)
        if ground in NAMES_A_STATUTE:
            return Button(label, "ask:decline", {"ground": ground})
        return Button(label, f"menu:confirm:decline:{ground}")

    def _confirmation(self, case: Case, step: str, chosen: str) -> tuple[str, list[Button]]:
        """The notice as the citizen will get it; only from here is it sent."""
        if step == Step.DECLINE:
            given = {"ground": chosen}
        else:
            outcome, _, words = chosen.partition(":")
            given = {"outcome": outcome, "words": words}
        notice = preview(self._texts, self._units, case, Step(step), given)
        return self._texts.say("menu.confirm", notice=notice), [
            self._button("confirm", f"do:{step}", **given)
        ]

    def _unit_page(self, case: Case, page: int) -> tuple[str, list[Button]]:
        """The suggested unit first, the others by page."""
        suggested = case.suggestion.unit.code if case.suggestion else ""
        ordered = sorted(self._units, key=lambda unit: unit.code != suggested)
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
        for outcome in OUTCOMES.get(case.kind, ()):
            yield Button(self._texts.name("outcome", outcome), f"menu:close_words:{outcome}")

    def _reasons(self, step: Step) -> Iterator[Button]:
        for reason in self._texts.lines(f"reason.{step}"):
            yield Button(reason, f"do:{step}", {"words": reason})
        yield self._button("other", f"ask:{step}")

    def _close_words(self, outcome: str) -> Iterator[Button]:
        """The usual words that are true of this outcome."""
        for reason in self._texts.lines(f"reason.close_words.{outcome}"):
            yield Button(reason, f"menu:confirm:close:{outcome}:{reason}")
        yield self._button("other", "ask:close", outcome=outcome)

    def _button(self, label: str, does: str, **facts: str) -> Button:
        return Button(self._texts.name("button", label), does, facts)
