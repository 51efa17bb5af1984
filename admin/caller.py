"""来电、来人、来函 (S9-1b): an officer takes a case down for somebody who is not in a chat, by the same tree."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from casestore.codes import Channel, Consent
from casestore.errors import CaseError
from casestore.model import Officer
from casestore.reading.text import clean
from casestore.store import Tx
from casestore.tables import desk_talks
from casestore.workdays import china_day
from dialogs.asking import ENTRY
from dialogs.engine import Engine
from dialogs.numbered import text_of
from dialogs.progress import Progress
from dialogs.turn import Context, Filed, Said, Turn
from dialogs.words import Word, spoken

CHANNELS = {"来电": Channel.PHONE, "电话": Channel.PHONE, "来人": Channel.VISIT, "来访": Channel.VISIT,
            "来函": Channel.LETTER, "来信": Channel.LETTER}  # fmt: skip


class Filing(Protocol):
    def for_caller(self, tx: Tx, officer: Officer, channel: Channel, filed: Filed, at: datetime) -> str:
        """Register; the receipt to read to the caller. Raises CaseError."""


class CallerDesk:
    """Walks the officer through the tree; every text goes back to his private chat."""

    def __init__(self, engine: Engine, filing: Filing) -> None:
        self._engine, self._filing, self._texts = engine, filing, engine.texts

    def begin(self, tx: Tx, officer: Officer, wish: str, at: datetime) -> str:
        channel = CHANNELS.get(clean(wish))
        if channel is None:
            return self._texts.say("staff.new_usage")
        return self._keep(tx, officer, channel, self._engine.start(self._context(at)), at)

    def hear(self, tx: Tx, officer: Officer, text: str, at: datetime) -> str | None:
        """What to say back; None where he takes nothing down."""
        kept = desk_talks.load(tx, officer.id, at)
        if kept is None:
            return None
        state = json.loads(kept)
        progress = Progress.from_json(state["progress"])
        said = Said(text=clean(text), word=_known(spoken(text)))
        return self._keep(
            tx, officer, Channel(state["channel"]), self._engine.walk(progress, said, self._context(at)), at
        )

    def _keep(self, tx: Tx, officer: Officer, channel: Channel, turn: Turn, at: datetime) -> str:
        says = [text_of(say, self._texts) for say in turn.says]
        for effect in turn.effects:
            if isinstance(effect, Filed):
                try:
                    says.append(self._filing.for_caller(tx, officer, channel, effect, at))
                except CaseError as error:
                    says.append(self._texts.refusal(error))
        if turn.progress is None:
            desk_talks.forget(tx, officer.id)
        else:
            state = {"channel": channel, "progress": turn.progress.to_json()}
            desk_talks.save(tx, officer.id, json.dumps(state, ensure_ascii=False), at)
        return "\n\n".join(filter(None, says))

    def _context(self, at: datetime) -> Context:
        """The notice is read to the caller, not answered in a chat."""
        questions = self._engine.trees[ENTRY].questions.values()
        edition = next((question.edition for question in questions if question.record == Consent.PRIVACY), "")
        return replace(Context(today=china_day(at)), agreed=frozenset({(Consent.PRIVACY.value, edition)}))


def _known(word: Word | None) -> Word | None:
    """Words about one's own matters mean nothing here: the matter is the caller's."""
    return word if word in (Word.BACK, Word.EDIT, Word.CANCEL, Word.START) else None
