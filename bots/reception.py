"""The reception: one citizen's word in, what is said back out, inside one unit of work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bots.filing import Filing
from bots.inbound import Happening, Inbound, Media
from bots.service import Service, own_case
from bots.status import StatusDesk
from bots.talk import Talk
from casestore import numbers
from casestore.codes import Consent, EvidenceKind, EvidenceState
from casestore.desk import Desk
from casestore.errors import CaseError
from casestore.model import Evidence, EvidenceId
from casestore.reading.text import LIMIT_CHARS, clean, fold
from casestore.store import Tx
from casestore.tables import cases, citizens, evidence, properties
from casestore.tables.citizens import Citizen
from casestore.tables.schema import ms
from casestore.workdays import china_day
from dialogs.acts import OPENED_BY, Act
from dialogs.asking import ENTRY
from dialogs.engine import Engine
from dialogs.progress import Item, Mode, Progress
from dialogs.tree import Option
from dialogs.turn import Consented, Context, Effect, Filed, Said, Say, Turn
from dialogs.words import Word, spoken

WORD_MARK = "word:"
_MOST_FILE = 20 * 1024 * 1024
_HUMAN_AGAIN_MS = 60 * 60 * 1000


@dataclass(frozen=True)
class Answer:
    """`talk` is what to remember, `says` what to say, in order."""

    talk: Talk
    says: tuple[Say, ...] = ()


@dataclass(frozen=True)
class _Visit:
    """One word of one citizen: what every step of the answer needs."""

    tx: Tx
    citizen: Citizen
    talk: Talk
    inbound: Inbound
    context: Context
    at: datetime

    @property
    def progress(self) -> Progress | None:
        return self.talk.progress


class Reception:
    """Joins the engine, the desk and what only the store knows. Stateless between words."""

    def __init__(
        self, engine: Engine, desk: Desk, filing: Filing, status: StatusDesk, service: Service
    ) -> None:
        self._engine, self._desk, self._filing, self._status = engine, desk, filing, status
        self._service = service
        self._texts = engine.texts

    def hear(self, tx: Tx, citizen: Citizen, talk: Talk, inbound: Inbound, at: datetime) -> Answer:
        """The answer to one word. Raises nothing that a citizen can cause."""
        visit = _Visit(tx, citizen, talk, inbound, self._context(tx, citizen, talk, inbound, at), at)
        if inbound.happening is not None:
            return self._happened(visit, inbound.happening)
        if inbound.media is not None:
            return self._copy(visit, inbound.media)
        if inbound.press:
            return self._pressed(visit)
        text = clean(inbound.text)
        progress = talk.progress
        if inbound.forwarded and progress is not None and not self._engine.wants_a_story(progress):
            return self._material(visit, progress, text, note="media.forwarded")
        return self._words(visit, text)

    # ── words and presses ──

    def _words(self, visit: _Visit, text: str) -> Answer:
        word = spoken(text)
        if word is Word.MORE and (visit.progress is None or visit.progress.mode is not Mode.LEAVING):
            return self._next_page(visit)
        looked_up = self._looked_up(visit, text, word)
        if looked_up is not None:
            return self._aside(visit, looked_up)
        progress = visit.progress
        if word in (Word.HELP, Word.HUMAN, *OPENED_BY) or progress is None:
            return self._word(visit, word, text)
        if word is None and self._engine.is_material(progress, text, visit.context):
            return self._material(visit, progress, text)
        return self._walk(visit, progress, Said(text=text, word=word))

    def _word(self, visit: _Visit, word: Word | None, text: str = "") -> Answer:
        """A word that works everywhere, or the first one of a talk."""
        if word is Word.HELP:
            return self._aside(visit, self._engine.help(visit.progress))
        if word is Word.HUMAN:
            return self._human(visit)
        if word is Word.PROGRESS:
            return self._aside(visit, self._status.mine(visit.tx, visit.citizen, visit.at))
        if word in OPENED_BY and (visit.progress is None or visit.progress.tree == ENTRY):
            return self._open(visit, OPENED_BY[word])
        if word in OPENED_BY and visit.progress is not None and not self._is_answer(visit, word, text):
            act = self._texts.name("words", word)
            return self._aside(visit, self._texts.say("act_later", act=act))
        if visit.progress is None:
            if self._engine.needs_a_draft(text, word):
                return self._aside(visit, self._texts.say("engine.nothing_open"))
            held = "" if word is not None else text
            return self._say(visit, self._engine.start(visit.context, held=held))
        return self._walk(visit, visit.progress, Said(text=text, word=word))

    def _is_answer(self, visit: _Visit, word: Word, text: str) -> bool:
        """Whether a word that elsewhere begins an act answers what is asked: 撤回 chooses 撤回同意, and 已经解决
        is why he withdraws. In a complaint or a report it is never a part of the story."""
        progress = visit.progress
        if progress is None or not text:
            return False
        if self._engine.chooses(progress, text, visit.context):
            return True
        plain = fold(text) in (fold(self._texts.name("words", word)), f"/{word}")
        return progress.tree in set(Act) and not plain

    def _pressed(self, visit: _Visit) -> Answer:
        value = visit.talk.menu.get(visit.inbound.press)
        if value is None:
            return self._aside(visit, self._texts.say("stale"), asks_on=True)
        if value.startswith(WORD_MARK):
            return self._word(visit, Word(value.removeprefix(WORD_MARK)))
        if visit.progress is None:
            return self._aside(visit, self._texts.say("stale"), asks_on=True)
        return self._walk(visit, visit.progress, Said(pressed=value))

    def _looked_up(self, visit: _Visit, text: str, word: Word | None) -> str | None:
        """The status that a message asks for: 进度, a case number, a query code."""
        if word is Word.PROGRESS:
            return self._status.mine(visit.tx, visit.citizen, visit.at)
        asked = text.removeprefix("进度").removeprefix("/status").strip()
        if (number := numbers.read_case_number(asked)) is not None:
            return self._status.by_number(visit.tx, visit.citizen, number, visit.at)
        if (code := numbers.read_query_code(asked)) is not None:
            return self._status.by_code(visit.tx, visit.citizen, code, visit.at)
        return None

    def _next_page(self, visit: _Visit) -> Answer:
        """The rest of a long text; after the last page, the question again."""
        if not visit.talk.pages:
            return self._aside(visit, self._texts.say("paged_end"), asks_on=True)
        first, *rest = visit.talk.pages
        return Answer(replace(visit.talk, pages=tuple(rest)), (Say(text=first),))

    # ── copies ──

    def _copy(self, visit: _Visit, media: Media) -> Answer:
        if media.size > _MOST_FILE:
            return self._aside(visit, self._texts.say("media.too_large"))
        item = Item(self._keep(visit, media), media.file_name or media.kind.value)
        notes = {EvidenceKind.VOICE: "media.voice", EvidenceKind.LOCATION: "media.location"}
        progress = visit.progress
        if progress is not None:
            said = Said(evidence=(item,), note=notes.get(media.kind, "engine.evidence_early"))
            return self._walk(visit, progress, said)
        bringing = Progress(tree=ENTRY, version="", at="", evidence=(item,))
        own = self._own_cases(visit.tx, visit.citizen, Act.SUPPLEMENT)
        if own:
            context = replace(visit.context, own_cases=own)
            return self._say(visit, self._engine.start(context, Act.SUPPLEMENT, left=bringing))
        turn = self._engine.start(visit.context, left=bringing)
        first = Say(text=self._texts.say("media.idle"))
        return self._say(visit, replace(turn, says=(first, *turn.says)))

    def _keep(self, visit: _Visit, media: Media) -> EvidenceId:
        """Write down the copy; its bytes are fetched after this message is answered."""
        item = EvidenceId(visit.tx.ids())
        is_words = media.kind is EvidenceKind.LOCATION
        evidence.add(
            visit.tx,
            Evidence(
                id=item,
                citizen=visit.citizen.id,
                case=None,
                kind=media.kind,
                state=EvidenceState.KEPT if is_words else EvidenceState.PENDING,
                sent_at=visit.at,
                source=visit.citizen.channel,
                file_ref=media.file_ref,
                file_name=clean(media.file_name)[:120],
                words=clean(media.words)[:LIMIT_CHARS],
                size=media.size,
            ),
        )
        return item

    def _material(
        self, visit: _Visit, progress: Progress, text: str, note: str = "engine.evidence_early"
    ) -> Answer:
        """Words that are evidence."""
        words, channel = text[:LIMIT_CHARS], visit.citizen.channel
        item = evidence.written(visit.tx, visit.citizen.id, EvidenceKind.TEXT, channel, words, visit.at)
        return self._walk(visit, progress, Said(evidence=(Item(item.id, words[:20]),), note=note))

    # ── what is not words ──

    def _happened(self, visit: _Visit, happening: Happening) -> Answer:
        if happening is Happening.UNFOLLOWED:
            citizens.unreachable(visit.tx, visit.citizen.id)
            return Answer(visit.talk)
        if happening is Happening.SILENT:
            return Answer(visit.talk)
        if happening is Happening.FOLLOWED:
            return self._word(visit, Word.START)
        return self._aside(visit, self._texts.say(f"media.{happening}"), asks_on=True)

    def _human(self, visit: _Visit) -> Answer:
        now = ms(visit.at)
        if now - visit.talk.human_at < _HUMAN_AGAIN_MS:
            return self._aside(visit, self._texts.say("human_again"))
        group = properties.get(visit.tx, properties.DUTY_GROUP)
        if group is not None:
            mine = cases.of_citizen(visit.tx, visit.citizen.id, most=1)
            facts = {
                "channel": visit.citizen.channel.value,
                "number": mine[0].number if mine else "",
                "tree": visit.progress.tree if visit.progress else "",
            }
            payload = {"chat": group, "code": "human_wanted", "facts": facts}
            self._desk.telling.say_to_staff(visit.tx, group, payload, mine[0].id if mine else None, visit.at)
        remembered = replace(visit.talk, human_at=now)
        return self._aside(replace(visit, talk=remembered), self._texts.say("human"))

    def _open(self, visit: _Visit, act: Act) -> Answer:
        own = self._own_cases(visit.tx, visit.citizen, act)
        if not own and act is not Act.MY_DATA:
            return self._aside(visit, self._texts.say("acts.none", act=self._texts.name("words", act)))
        context = replace(visit.context, own_cases=own)
        return self._say(visit, self._engine.start(context, act, left=visit.progress))

    # ── answering ──

    def _walk(self, visit: _Visit, progress: Progress, said: Said) -> Answer:
        return self._say(visit, self._engine.walk(progress, said, visit.context))

    def _aside(self, visit: _Visit, text: str, *, asks_on: bool = False) -> Answer:
        """Say something and return to the question; `asks_on`: outside of a talk, begin one."""
        if visit.progress is not None:
            turn = self._engine.again(visit.progress, visit.context, text)
        elif asks_on:
            turn = self._engine.start(visit.context)
            turn = replace(turn, says=(Say(text=text), *turn.says))
        else:
            turn = Turn(progress=None, says=(Say(text=text, words=(Word.START, Word.PROGRESS)),))
        return self._say(visit, turn)

    def _say(self, visit: _Visit, turn: Turn) -> Answer:
        says = list(turn.says)
        for effect in turn.effects:
            told = self._carry_out(visit, effect)
            if told:
                says.append(Say(text=told, words=(Word.PROGRESS,)))
        return Answer(replace(visit.talk, progress=turn.progress, menu={}, pages=()), tuple(says))

    def _carry_out(self, visit: _Visit, effect: Effect) -> str:
        """Do what the turn decided; what there is to say of it."""
        if isinstance(effect, Consented):
            citizens.record_consent(
                visit.tx, visit.citizen.id, Consent(effect.what), effect.edition, effect.yes, visit.at
            )
            return ""
        if isinstance(effect, Filed):
            files = self._service.carry_out if effect.what in set(Act) else self._filing.file
            try:
                return files(visit.tx, visit.citizen, effect, visit.at)
            except CaseError as error:
                evidence.forget(visit.tx, [item.id for item in effect.evidence])
                return self._texts.refusal(error)
        evidence.forget(visit.tx, [item.id for item in effect.evidence])
        return ""

    # ── what only the store knows ──

    def _context(self, tx: Tx, citizen: Citizen, talk: Talk, inbound: Inbound, at: datetime) -> Context:
        context = Context(today=china_day(at))
        tree = talk.progress.tree if talk.progress else ENTRY
        if tree in set(Act):
            context = replace(context, own_cases=self._own_cases(tx, citizen, Act(tree)))
        if tree == ENTRY or inbound.press or spoken(inbound.text) is Word.BACK:
            edition = self._privacy_edition()
            if citizens.consented(tx, citizen.id, Consent.PRIVACY, edition):
                context = replace(context, agreed=frozenset({(Consent.PRIVACY.value, edition)}))
        return context

    def _privacy_edition(self) -> str:
        questions = self._engine.trees[ENTRY].questions.values()
        return next((question.edition for question in questions if question.record == Consent.PRIVACY), "")

    def _own_cases(self, tx: Tx, citizen: Citizen, act: Act) -> tuple[Option, ...]:
        return tuple(own_case(case) for case in self._service.own(tx, citizen, act))


def talk_has_draft(talk: Talk) -> bool:
    """Whether there is something that would be lost: answers or copies."""
    progress = talk.progress
    return progress is not None and bool(progress.answers or progress.evidence)
