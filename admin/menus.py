"""What a step asks before it is done: a ground, a unit, an outcome, the usual reasons, or typed words."""

from __future__ import annotations

from collections.abc import Iterator

from admin.card import Button, Card, rows_of
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
        """`name`: a step, or `close_words:OUTCOME`."""
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
            text, buttons = (
                self._texts.say("menu.close_words"),
                list(self._reasons("close_words", Step.CLOSE, chosen)),
            )
        else:
            text, buttons = self._texts.say(f"menu.{step}"), list(self._reasons(step, Step(step), ""))
        title = self._texts.say(
            "card.title", kind=self._texts.name("kind", case.kind), number=case.number, major=""
        )
        return Card(f"{title}\n{text}", (*rows_of(buttons), (self._button("back", "card"),)))

    def _grounds(self) -> tuple[str, list[Button]]:
        listed = "\n".join(self._texts.name("ground", ground) for ground in Ground)
        text = self._texts.say("menu.decline", grounds=listed)
        return text, [
            Button(self._texts.name("ground_short", ground), "do:decline", {"ground": ground})
            for ground in Ground
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

    def _reasons(self, name: str, step: Step, outcome: str) -> Iterator[Button]:
        chosen = {"outcome": outcome} if outcome else {}
        for reason in self._texts.lines(f"reason.{name}"):
            yield Button(reason, f"do:{step}", {"words": reason, **chosen})
        yield Button(self._texts.say("button.other"), f"ask:{step}", chosen)

    def _button(self, label: str, does: str, **facts: str) -> Button:
        return Button(self._texts.name("button", label), does, facts)
