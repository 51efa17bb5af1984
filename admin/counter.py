"""The counter: what an officer's press or typed words do. Every press is checked anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from admin import conversation, quotation
from admin.doing import DECISIONS, Doing, facts_of, given_of
from admin.menus import recovery
from admin.outgoing import Checkpoint
from admin.preview import CONFIRMED
from admin.steps import STEP_OF
from admin.why_due import people, why_due
from admin.word import StaffWord
from casestore import access, lifecycle, records
from casestore.codes import NEED_WORDS, Channel, EndGround, LinkKind, Outcome, Step
from casestore.desk import Desk
from casestore.errors import (
    BlankLeft,
    CaseError,
    CaseUnknown,
    FieldMissing,
    FieldUnclear,
    GroundNotNamed,
    PersonalDataFound,
    PinMissing,
    PinWrong,
    ReasonMissing,
    StatuteMissing,
    WayOutNotNamed,
)
from casestore.lifecycle import Facts
from casestore.model import Actor, Case, CaseId, Officer, OfficerId
from casestore.reading.text import clean, has_words
from casestore.records import Form
from casestore.store import Tx
from casestore.tables import (
    approvals,
    buttons,
    cases,
    clocks,
    deputies,
    events,
    evidence,
    officers,
    outbox,
    posts,
)
from casestore.tables.buttons import Button, Prompt
from casestore.tables.outbox import Draft, Urgency
from casestore.telling import STAFF_BOT, lane
from casestore.workdays import CHINA
from dialogs.platforms import PLATFORMS
from dialogs.replies import Replies
from dialogs.texts import Texts

_TOAST_LIVES = timedelta(seconds=15)
_MOST_WORDS = 2000
#: As Telegram counts: what is typed stands whole in the notice that is confirmed.
_size = PLATFORMS[Channel.TELEGRAM].size
_MOST_TOAST = 200
#: Asked for in words at once, without a menu of usual ones.
_TYPED = frozenset(
    {Step.MEDIATE, Step.EXTEND, Step.ASK_RECUSAL, Step.REOPEN, Step.WITHDRAW, Step.SETTLE, Step.WRITE}
)
#: Whose menu's sentence is also the question to type an answer to.
_QUESTIONS = (_TYPED | {Step.ANSWER}) - {Step.MEDIATE}
#: The guards that can be asked before the words are typed: nobody types minutes in vain.
_ASKED_FIRST = frozenset({Step.MEDIATE, Step.END_MEDIATION, Step.CLOSE})
_AS_IF_TOLD = Facts(
    outcome=Outcome.SETTLED, end_ground=EndGround.OTHER, recovered_fen=0, words="x",
    fields={field.name: "…" for field in records.ASKED_BY_STEP[Step.MEDIATE]},
)  # fmt: skip
#: After these the question stays open: he corrects what he typed.
_ONCE_MORE = (
    FieldMissing, FieldUnclear, PinWrong, PinMissing, ReasonMissing, CaseUnknown, StatuteMissing, PersonalDataFound,
    BlankLeft, GroundNotNamed, WayOutNotNamed,
)  # fmt: skip
#: Done at once, without asking for anything.
_PLAIN = frozenset({Step.ACCEPT, Step.TAKE_OVER, Step.FILE})


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

    @property
    def actor(self) -> Actor:
        """With the supervisors in whose place he stands at this moment."""
        return deputies.acting(self.tx, self.officer, self.at)


class Counter:
    """Presses and typed words of known people; commands are `admin.commands`."""

    def __init__(self, desk: Desk, texts: Texts, policy: Policy, templates: Replies | None = None) -> None:
        self._desk, self._texts, self._policy = desk, texts, policy
        self._doing = Doing(desk)
        self._checkpoint = Checkpoint(texts, desk.units, templates or Replies())

    # ── presses ──

    def pressed(self, tx: Tx, officer: Officer | None, word: StaffWord, at: datetime) -> None:
        """A button was pressed by whoever it was: the token alone says what it does."""
        if officer is None:
            self.toast(tx, word, self._texts.say("staff.unknown_person"), at)
            return
        press = _Press(tx, officer, word, at)
        button = buttons.find(tx, word.press)
        if button is None or button.chat != word.chat or button.expires_at < at:
            self.toast(tx, word, self._texts.say("staff.expired"), at)
            return
        try:
            self._carry_out(press, button)
        except CaseError as error:
            self.toast(tx, word, self._texts.refusal(error), at)
            self._desk.telling.show_card(tx, button.case, word.chat, at)

    def _carry_out(self, press: _Press, button: Button) -> None:
        tx, at = press.tx, press.at
        case = cases.get(tx, button.case)
        access.authorize(press.actor, Step.VIEW, case, recused=officers.recused(tx, case.id))
        verb, _, rest = button.does.partition(":")
        if verb == "open":
            self._open_in_private(press, case)
            self.toast(tx, press.word, "", at)
            return
        if button.does in (f"step:{Step.WRITE}", buttons.ANSWERS):
            # What came in between does not take the word from him.
            self._begin(press, case, Step.WRITE, {})
            return
        if button.used or button.case_version != case.version:
            self.toast(tx, press.word, self._what_happened(tx, case), at)
            self._desk.telling.show_card(tx, case.id, press.word.chat, at)
            return
        if verb == "card":
            self._desk.telling.show_card(tx, case.id, press.word.chat, at)
        elif verb == "menu":
            self._menu(press, case, rest, button.facts)
            return
        elif verb == "why":
            self._why_due(press, case)
        elif verb == "ask":
            self._ask(press, case, Step(rest), button.facts)
        elif verb == "reply":
            self._fill_in(press, case, rest, button.facts)
            return
        elif verb == "step" and Step(rest) not in _PLAIN:
            self._begin(press, case, Step(rest), button.facts)
            return
        elif rest == Step.APPROVE and self._desk.requests.rules.pin_for_approvals:
            self._ask(press, case, Step.APPROVE, button.facts)
        else:
            self._take(press, case.id, Step(rest), button.facts, button.case_version)
            buttons.use(tx, button.token, at)  # not by a refused press: it stays good for who may
            return
        self.toast(tx, press.word, "", at)

    def _begin(self, press: _Press, case: Case, step: Step, facts: Mapping[str, str]) -> None:
        """A step that asks something first. Whether it is allowed is said before, not after, the asking."""
        access.authorize(press.actor, step, case, recused=officers.recused(press.tx, case.id))
        if step is Step.DISPATCH:
            self._ensure_decided(press.tx, case)
        if step in _ASKED_FIRST:
            past = tuple(events.outline(press.tx, case.id))
            lifecycle.advance(lifecycle.Situation(case, _AS_IF_TOLD, (), past, press.at), step)
        if step is Step.WRITE:
            self._desk.messages.ensure_may_send(press.tx, case, press.at)
        if step is Step.REVEAL:
            self._reveal(press, case.id)
        elif step in _TYPED:
            self._ask(press, case, step, {"recovering": "yes"} if step is Step.SETTLE else {})
            self.toast(press.tx, press.word, "", press.at)
        else:
            request = facts.get("request", "")
            self._menu(press, case, f"{step}:{request}" if request else step.value, {})

    @staticmethod
    def _ensure_decided(tx: Tx, case: Case) -> None:
        """Raises AwaitsApproval."""
        situation = lifecycle.Situation(case, Facts(), approvals.of_case(tx, case.id))
        if (refusal := lifecycle.major_is_decided(situation)) is not None:
            raise refusal

    def _menu(self, press: _Press, case: Case, name: str, given: Mapping[str, str]) -> None:
        """A menu opens in the presser's private chat: the group's card stays everybody's."""
        tx, word, at, page = press.tx, press.word, press.at, int(given.get("page", "0"))
        show = self._desk.telling.show_card
        if word.is_group:
            posts.add(tx, case.id, word.account, press.officer.id)
            show(tx, case.id, word.account, at, anew=True, menu=name, page=page, given=given)
            self.toast(tx, word, self._texts.say("staff.in_private"), at)
        else:
            show(tx, case.id, word.chat, at, menu=name, page=page, given=given)
            self.toast(tx, word, "", at)

    def _ask(self, press: _Press, case: Case, step: Step, facts: Mapping[str, str]) -> None:
        if step in DECISIONS or step in CONFIRMED:  # the words are for what he read, not for what came later
            facts = {**facts, "seen": str(case.version)}
        buttons.ask(press.tx, press.officer.id, Prompt(case.id, step.value, facts), press.at)
        templates = [] if "usual" in facts else self._checkpoint.offered(case, step, facts)
        lines = (
            case.number,
            *(self._conversation(press.tx, case) if step is Step.WRITE else ()),
            self._question(press.tx, case, step, facts),
            *self._lines(step, facts),
            self._texts.say("staff.prompt"),
            self._texts.say("staff.templates") if templates else "",
        )
        given = {name: value for name, value in facts.items() if name != "seen"} | {"step": step.value}
        payload = {
            "chat": press.word.account,
            "text": "\n".join(filter(None, lines)),
            "buttons": [[reply.title, f"reply:{reply.code}", given] for reply in templates],
        }
        self._desk.telling.say_to_staff(press.tx, press.word.account, payload, case.id, press.at)

    def _conversation(self, tx: Tx, case: Case) -> list[str]:
        past, told = events.of_case(tx, case.id), cases.particulars(tx, case.id)
        whole = self._policy.pii_over_telegram
        return conversation.recent(self._texts, case, past, told, whole=whole)

    def _question(self, tx: Tx, case: Case, step: Step, facts: Mapping[str, str]) -> str:
        if step is Step.LINK:
            clue = facts["link"] == LinkKind.OPENED_FROM
            return self._texts.say("menu.link_clue" if clue else "menu.link_number")
        if step is Step.EXTEND:
            limit = self._desk.requests.extendable(tx, case.id)
            name = self._texts.name("limit", limit.code)
            length = f"{limit.extension}{limit.span_in_words}"
            return self._texts.say("menu.extend", limit=name, length=length, source=limit.source)
        if step is Step.RECORD:
            return self._texts.name("form", facts["form"])
        if step is Step.DECLINE:
            return self._texts.say("menu.statute" if facts.get("ground") in NEED_WORDS else "menu.explain")
        if step is Step.NOT_HANDLE:
            return self._texts.say("menu.way_words")
        return self._texts.say(f"menu.{step}") if step in _QUESTIONS else ""

    def _lines(self, step: Step, facts: Mapping[str, str]) -> list[str]:
        """What is typed in one message: a line for each field of the form, the last as long as it needs."""
        form = Step.CLOSE if "recovering" in facts else facts.get("form", step)
        fields = records.ASKED_BY_STEP.get(step, ())
        if step is Step.RECORD:
            fields = records.BY_FORM[Form(form)].fields
        elif "recovering" in facts:
            fields = recovery(step, facts)
        asked = [self._texts.name("field", f"{form}.{field.name}") for field in records.typed(fields)]
        if self._wants_pin(step):
            pin, opinion = self._texts.say("staff.your_pin"), self._texts.say("staff.your_opinion")
            asked = [pin] if "words" in facts else [pin, opinion]
            if len(asked) == 1:
                return asked
        if len(asked) < 2 or step is Step.END_MEDIATION:
            return asked if step is Step.RECORD or "recovering" in facts else []
        numbered = [self._texts.say("staff.line_of_form", n=n, asks=asks) for n, asks in enumerate(asked, 1)]
        return [self._texts.say("staff.lines_of_form"), *numbered]

    def _why_due(self, press: _Press, case: Case) -> None:
        """The days counted, in the presser's private chat."""
        running = [clock for clock in clocks.running(press.tx, case.id) if clock.limit.code == case.due_limit]
        if running:
            ledger = [entry for entry in clocks.ledger(press.tx, case.id) if entry.clock == running[0].id]
            known = people(press.tx, case.id, press.officer)
            text = why_due(self._texts, self._desk.clockwork.explain(running[0]), ledger, known)
            self.say(press.tx, press.word.account, f"{case.number}\n{text}", press.at)

    def _take(
        self, press: _Press, case: CaseId, step: Step, given: Mapping[str, str], seen: int | None = None
    ) -> None:
        """Do the step; the presser is told in a toast, everybody by the card. Raises CaseError."""
        tx, at = press.tx, press.at
        given = {**given, "words": clean(given.get("words", ""))[:_MOST_WORDS]}
        self._checkpoint.check(tx, cases.get(tx, case), step, given)
        code = self._doing.do(tx, case, step, press.actor, given, at, seen)
        done = self._texts.say("staff.done", step=self._texts.name("step", code))
        if press.word.press_id:
            self.toast(tx, press.word, done, at)
        else:
            self.say(tx, press.word.account, f"{cases.get(tx, case).number} {done}", at)

    # ── words for the citizen, read before they go out ──

    def _fill_in(self, press: _Press, case: Case, code: str, facts: Mapping[str, str]) -> None:
        """A template was chosen: nothing is waited for any more, it is read and sent, or written anew."""
        given = {name: value for name, value in facts.items() if name != "step"}
        given["words"], step = self._checkpoint.filled(case, code, given), Step(facts["step"])
        if not given["words"]:  # the office has taken it out of its file since
            self.toast(press.tx, press.word, self._texts.say("staff.expired"), press.at)
            return
        if "recovering" in given:  # the sum is still to be typed
            self._ask(press, case, step, {**given, "usual": given.pop("words")})
            self.toast(press.tx, press.word, "", press.at)
            return
        hints = self._checkpoint.check(press.tx, case, step, given)
        buttons.asked(press.tx, press.officer.id, press.at)
        self._show_before(press, case.id, step, given, hints)
        self.toast(press.tx, press.word, "", press.at)

    def _show_before(
        self,
        press: _Press,
        case: CaseId,
        step: Step,
        given: Mapping[str, str],
        hints: Sequence[str],
        seen: int | None = None,
    ) -> None:
        """What was typed is read once more, in the notice that carries it: 确认 below it sends it. Raises what
        the step would."""
        tx, chat, at = press.tx, press.word.account, press.at
        if step in CONFIRMED:
            facts = facts_of(step, given)
            self._desk.rehearse(tx, case, step, press.actor, facts, at, seen)
            given = given_of(facts)
        else:
            self._desk.opened(tx, case, press.actor, step, seen)
            given = {name: value for name, value in given.items() if name != "seen"}
        posts.add(tx, case, chat, press.officer.id)
        given = {**given, "typed": "yes", "hints": " ".join(hints)}
        self._desk.telling.show_card(tx, case, chat, at, anew=True, menu=f"confirm:{step}", given=given)

    # ── typed words ──

    def typed(self, tx: Tx, officer: Officer, word: StaffWord, at: datetime) -> bool:
        """Words a step waits for; False if none does."""
        prompt = buttons.asked(tx, officer.id, at)
        if prompt is None:
            return False
        words = clean(word.text)
        if fault := _fault_of(words):  # never cut in silence; the question stays open
            buttons.ask(tx, officer.id, prompt, at)
            self.say(tx, word.account, self._texts.say(fault, count=_size(words), most=_MOST_WORDS), at)
            return True
        press = _Press(tx, officer, word, at)
        case = cases.get(tx, prompt.case)
        seen = int(prompt.facts["seen"]) if "seen" in prompt.facts else None
        step, given = Step(prompt.does), {**prompt.facts, "words": words}
        if self._wants_pin(step):
            pin, _, opinion = words.partition("\n")
            given = {"words": opinion, **prompt.facts, "pin": pin.strip()}
        try:
            # Whom the case does not exist for any more learns nothing of it from the check.
            access.authorize(press.actor, Step.VIEW, case, recused=officers.recused(tx, case.id))
            hints = self._checkpoint.check(tx, case, step, given)
            if hints or step in CONFIRMED or step is Step.WRITE:
                self._show_before(press, prompt.case, step, given, hints, seen)
            else:
                self._take(press, prompt.case, step, given, seen)
        except CaseError as error:
            text = self._texts.refusal(error)
            if isinstance(error, _ONCE_MORE):
                buttons.ask(tx, officer.id, prompt, at)
                text = f"{text}\n{self._texts.say('staff.once_more')}"
            self.say(tx, word.account, text, at)
        return True

    def _wants_pin(self, step: Step) -> bool:
        return step is Step.APPROVE and self._desk.requests.rules.pin_for_approvals

    # ── looking ──

    def _open_in_private(self, press: _Press, case: Case) -> None:
        chat = press.word.account
        posts.add(press.tx, case.id, chat, press.officer.id)
        self._desk.telling.show_card(press.tx, case.id, chat, press.at, anew=True)

    def _reveal(self, press: _Press, case: CaseId) -> None:
        tx, word, at = press.tx, press.word, press.at
        if not self._policy.pii_over_telegram:
            text = self._texts.say("staff.reveal_off", number=cases.get(tx, case).number)
            self.toast(tx, word, text, at, alert=True)
            return
        found, told = self._desk.reveal(tx, case, press.actor, at)
        said = conversation.entire(self._texts, events.of_case(tx, case))
        whole = "\n".join(filter(None, (quotation.whole_text(self._texts, found.number, told), said)))
        for part in quotation.parts(whole):
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
        self.toast(tx, word, "", at)

    def _what_happened(self, tx: Tx, case: Case) -> str:
        """Who was faster, for whom presses an old button."""
        event = next(one for one in reversed(events.outline(tx, case.id)) if one.kind != "revealed")
        kind, _, number = event.actor.partition(":")
        if kind != "officer" or event.kind not in STEP_OF:
            return self._texts.say("staff.changed", number=case.number)
        return self._texts.say(
            "staff.by_other",
            number=case.number,
            name=officers.name(tx, OfficerId(int(number))),
            event=self._texts.name("step", STEP_OF[event.kind]),
            when=f"{event.at.astimezone(CHINA):%H:%M}",
        )

    # ── saying ──

    def say(self, tx: Tx, chat: str, text: str, at: datetime, case: CaseId | None = None) -> None:
        self._desk.telling.say_to_staff(tx, chat, {"chat": chat, "text": text}, case, at)

    def toast(self, tx: Tx, word: StaffWord, text: str, at: datetime, *, alert: bool = False) -> None:
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
    return "unreadable.too-long" if _size(words) > _MOST_WORDS else ""
