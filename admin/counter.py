"""The counter: what an officer's press or typed words do. Every press is checked anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from admin import quotation
from admin.menus import NAMES_A_STATUTE, NEEDS_WORDS
from admin.preview import CONFIRMED, preview
from admin.steps import STEP_OF
from admin.word import StaffWord
from casestore import access, lifecycle
from casestore.codes import Ground, Outcome, Step
from casestore.desk import STAFF_BOT, Desk, lane
from casestore.errors import CaseChanged, CaseError, ReasonMissing
from casestore.lifecycle import Facts, Situation
from casestore.model import Actor, Case, CaseId, Officer, OfficerId, UnitCode
from casestore.reading.text import clean, has_words
from casestore.store import Tx
from casestore.tables import approvals, buttons, cases, events, evidence, officers, outbox, posts
from casestore.tables.buttons import Button, Prompt
from casestore.tables.outbox import Draft, Urgency
from casestore.workdays import CHINA
from dialogs.texts import Texts

_TOAST_LIVES = timedelta(seconds=15)
_MOST_WORDS = 1000
_MOST_TOAST = 200
#: Done at once, without asking for anything.
_PLAIN = frozenset({Step.ACCEPT, Step.TAKE_OVER, Step.FILE})
_DECISIONS = (Step.APPROVE, Step.REFUSE)


@dataclass(frozen=True)
class Policy:
    """What may travel over Telegram (PIPL art. 36): masked only, unless the settings say otherwise."""

    pii_over_telegram: bool = False


@dataclass(frozen=True)
class _Press:
    tx: Tx
    officer: Officer
    word: StaffWord
    at: datetime


class Counter:
    """Presses and typed words of known people; commands are `admin.commands`."""

    def __init__(self, desk: Desk, texts: Texts, policy: Policy) -> None:
        self._desk, self._texts, self._policy = desk, texts, policy

    # ── presses ──

    def pressed(self, tx: Tx, officer: Officer | None, word: StaffWord, at: datetime) -> None:
        """A button was pressed by whoever it was: the token alone says what it does."""
        if officer is None:
            self._toast(tx, word, self._texts.say("staff.unknown_person"), at)
            return
        press = _Press(tx, officer, word, at)
        button = buttons.find(tx, word.press)
        if button is None or button.chat != word.chat or button.expires_at < at:
            self._toast(tx, word, self._texts.say("staff.expired"), at)
            return
        try:
            self._carry_out(press, button)
        except CaseError as error:
            self._toast(tx, word, self._texts.refusal(error), at)
            self._desk.show_card(tx, button.case, word.chat, at)

    def _carry_out(self, press: _Press, button: Button) -> None:
        tx, at = press.tx, press.at
        case = cases.get(tx, button.case)
        actor = Actor(officer=press.officer)
        access.authorize(actor, Step.VIEW, case, recused=officers.recused(tx, case.id))
        verb, _, rest = button.does.partition(":")
        if verb == "open":
            self._open_in_private(press, case)
            self._toast(tx, press.word, "", at)
            return
        if button.used or button.case_version != case.version:
            self._toast(tx, press.word, self._what_happened(tx, case), at)
            self._desk.show_card(tx, case.id, press.word.chat, at)
            return
        if verb == "card":
            self._desk.show_card(tx, case.id, press.word.chat, at)
        elif verb == "menu":
            self._menu(press, case, rest, int(button.facts.get("page", "0")))
            return
        elif verb == "ask":
            self._ask(press, case, Step(rest), button.facts)
        elif verb == "step" and Step(rest) not in _PLAIN:
            self._begin(press, case, Step(rest))
            return
        else:
            self._take(press, case.id, Step(rest), button.facts, button.case_version)
            buttons.use(tx, button.token, at)  # not by a refused press: it stays good for who may
            return
        self._toast(tx, press.word, "", at)

    def _begin(self, press: _Press, case: Case, step: Step) -> None:
        """A step that asks something first. Whether it is allowed is said before, not after, the asking."""
        actor = Actor(officer=press.officer)
        access.authorize(actor, step, case, recused=officers.recused(press.tx, case.id))
        if step is Step.DISPATCH:
            self._ensure_decided(press.tx, case)
        if step is Step.REVEAL:
            self._reveal(press, case.id)
        elif step is Step.ANSWER:
            self._ask(press, case, step, {})
            self._toast(press.tx, press.word, "", press.at)
        else:
            self._menu(press, case, step.value, 0)

    @staticmethod
    def _ensure_decided(tx: Tx, case: Case) -> None:
        """Raises AwaitsApproval."""
        refusal = lifecycle.major_is_decided(Situation(case, Facts(), approvals.of_case(tx, case.id)))
        if refusal is not None:
            raise refusal

    def _menu(self, press: _Press, case: Case, name: str, page: int) -> None:
        """A menu opens in the presser's private chat: the group's card stays everybody's."""
        tx, word, at = press.tx, press.word, press.at
        if word.is_group:
            posts.add(tx, case.id, word.account, press.officer.id)
            self._desk.show_card(tx, case.id, word.account, at, anew=True, menu=name, page=page)
            self._toast(tx, word, self._texts.say("staff.in_private"), at)
        else:
            self._desk.show_card(tx, case.id, word.chat, at, menu=name, page=page)
            self._toast(tx, word, "", at)

    def _ask(self, press: _Press, case: Case, step: Step, facts: Mapping[str, str]) -> None:
        if step in _DECISIONS or step in CONFIRMED:  # the words are for what he read, not for what came later
            facts = {**facts, "seen": str(case.version)}
        buttons.ask(press.tx, press.officer.id, Prompt(case.id, step.value, facts), press.at)
        question = ""
        if step is Step.ANSWER:
            question = self._texts.say("menu.answer")
        elif step is Step.DECLINE:
            question = self._texts.say("menu.statute")
        text = "\n".join(filter(None, (f"{case.number}", question, self._texts.say("staff.prompt"))))
        self.say(press.tx, press.word.account, text, press.at)

    def _take(
        self, press: _Press, case: CaseId, step: Step, given: Mapping[str, str], seen: int | None = None
    ) -> None:
        """Do the step; the presser is told in a toast, everybody by the card. Raises CaseError."""
        tx, at = press.tx, press.at
        actor = Actor(officer=press.officer)
        words = clean(given.get("words", ""))[:_MOST_WORDS]
        needs_words = step in NEEDS_WORDS or given.get("ground") in NAMES_A_STATUTE
        if needs_words and not has_words(words):
            raise ReasonMissing(case=case)
        if step is Step.ESCALATE:
            self._desk.escalate(tx, case, actor, words, at)
        elif step in _DECISIONS:
            if seen is not None and cases.get(tx, case).version != seen:
                raise CaseChanged(case=cases.get(tx, case).number)
            self._desk.decide(tx, case, step, actor, words, at)
        elif step is Step.RECUSE:
            self._desk.recuse(tx, case, actor, at)
        else:
            facts = Facts(
                unit=UnitCode(given["unit"]) if "unit" in given else None,
                ground=Ground(given["ground"]) if "ground" in given else None,
                outcome=Outcome(given["outcome"]) if "outcome" in given else None,
                words=words,
            )
            self._desk.take(tx, case, step, actor, facts, at, seen)
        done = self._texts.say("staff.done", step=self._texts.name("step", step))
        if press.word.press_id:
            self._toast(tx, press.word, done, at)
        else:
            self._say_done(press, cases.get(tx, case), step, done, {**given, "words": words})

    def _say_done(self, press: _Press, case: Case, step: Step, done: str, given: Mapping[str, str]) -> None:
        """After typed words; where nobody read the notice before, it is shown as it was sent."""
        said = f"{case.number} {done}"
        is_told = step in CONFIRMED and case.citizen is not None
        notice = preview(self._texts, self._desk.units, case, step, given) if is_told else ""
        if notice:
            said = self._texts.say("staff.done_and_told", done=said, notice=notice).strip()
        self.say(press.tx, press.word.account, said, press.at)

    # ── typed words ──

    def typed(self, tx: Tx, officer: Officer, word: StaffWord, at: datetime) -> bool:
        """Words a step waits for; False if none does."""
        prompt = buttons.asked(tx, officer.id, at)
        if prompt is None:
            return False
        words = clean(word.text)
        if fault := _fault_of(words):  # never cut in silence; the question stays open
            buttons.ask(tx, officer.id, prompt, at)
            self.say(tx, word.account, self._texts.say(fault, count=len(words), most=_MOST_WORDS), at)
            return True
        press = _Press(tx, officer, word, at)
        seen = int(prompt.facts["seen"]) if "seen" in prompt.facts else None
        try:
            self._take(press, prompt.case, Step(prompt.does), {**prompt.facts, "words": words}, seen)
        except CaseError as error:
            self.say(tx, word.account, self._texts.refusal(error), at)
        return True

    # ── looking ──

    def _open_in_private(self, press: _Press, case: Case) -> None:
        chat = press.word.account
        posts.add(press.tx, case.id, chat, press.officer.id)
        self._desk.show_card(press.tx, case.id, chat, press.at, anew=True)

    def _reveal(self, press: _Press, case: CaseId) -> None:
        tx, word, at = press.tx, press.word, press.at
        if not self._policy.pii_over_telegram:
            text = self._texts.say("staff.reveal_off", number=cases.get(tx, case).number)
            self._toast(tx, word, text, at, alert=True)
            return
        found, told = self._desk.reveal(tx, case, Actor(officer=press.officer), at)
        for part in quotation.parts(quotation.whole_text(self._texts, found.number, told)):
            self.say(tx, word.account, part, at, case)
        items = evidence.of_case(tx, case)
        for item in items:
            if item.state == "kept":
                payload = {"chat": word.account, "evidence": item.id, "words": item.words}
                owed = Draft(
                    STAFF_BOT,
                    lane(STAFF_BOT, word.account),
                    outbox.Kind.FILE,
                    payload,
                    Urgency.CARD,
                    case=case,
                )
                outbox.put(tx, owed, at)
        for state, code in (
            ("pending", "file_pending"),
            ("failed", "file_failed"),
            ("refused", "file_failed"),
        ):
            count = sum(item.state == state for item in items)
            if count:
                self.say(tx, word.account, self._texts.say(f"staff.{code}", count=count), at)
        self._toast(tx, word, "", at)

    def _what_happened(self, tx: Tx, case: Case) -> str:
        """Who was faster, for whom presses an old button."""
        event = next(one for one in reversed(events.of_case(tx, case.id)) if one.kind != "revealed")
        kind, _, number = event.actor.partition(":")
        if kind != "officer":
            return self._texts.say("staff.changed", number=case.number)
        return self._texts.say(
            "staff.by_other",
            number=case.number,
            name=officers.name(tx, OfficerId(int(number))),
            event=self._texts.name("step", STEP_OF.get(event.kind)),
            when=f"{event.at.astimezone(CHINA):%H:%M}",
        )

    # ── saying ──

    def say(self, tx: Tx, chat: str, text: str, at: datetime, case: CaseId | None = None) -> None:
        self._desk.say_to_staff(tx, chat, {"chat": chat, "text": text}, case, at)

    def _toast(self, tx: Tx, word: StaffWord, text: str, at: datetime, *, alert: bool = False) -> None:
        payload = {"press": word.press_id, "text": text[:_MOST_TOAST], "alert": alert}
        press = lane("press", word.press_id)
        toast = Draft(STAFF_BOT, press, outbox.Kind.TOAST, payload, Urgency.TOAST, lives=_TOAST_LIVES)
        outbox.put(tx, toast, at)


def _fault_of(words: str) -> str:
    """The code of the sentence that asks for better words; "" for words that are."""
    if not words:
        return "unreadable.empty"
    if not has_words(words):
        return "unreadable.no-words"
    return "unreadable.too-long" if len(words) > _MOST_WORDS else ""
