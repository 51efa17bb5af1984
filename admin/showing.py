"""From what is owed to a staff chat to what is shown there: cards with fresh tokens, lists, copies.

Rendered in the transaction that sends it, so a card always shows what is true when it goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from admin import conversation
from admin.card import Card, Cards
from admin.look import look
from admin.menus import Menus
from admin.quotation import quoted
from casestore import access, messages
from casestore.codes import EvidenceKind, Step
from casestore.errors import NotAuthorised, StaffRecused
from casestore.model import Actor, Case, CaseId, Evidence, EvidenceId, Officer
from casestore.store import Tx
from casestore.tables import buttons, cases, events, evidence, officers, posts
from casestore.tables.evidence import Copies
from casestore.tables.outbox import Kind, Owed
from casestore.tables.posts import Post
from dialogs.texts import Texts

_NUMBERS_IN_A_ROW = 5
_MOST_CAPTION = 200
#: By the kind the bytes are, told by their first ones; the sender's own name of the file is never used.
_EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf", "audio/amr": "amr",
    "audio/ogg": "ogg", "audio/mpeg": "mp3", "video/mp4": "mp4", "text/plain": "txt",
}  # fmt: skip

#: Rows of (label, token).
Keyboard = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Shown:
    """A text with buttons. `post`: whose card it is; `edits`: the message it takes the place of."""

    chat: str
    text: str
    keyboard: Keyboard = ()
    edits: int | None = None
    post: int | None = None


@dataclass(frozen=True)
class Toast:
    """The answer to a press; an empty one only ends its waiting."""

    press: str
    text: str
    alert: bool


@dataclass(frozen=True)
class CopyShown:
    """A copy of evidence, opened for sending."""

    chat: str
    kind: EvidenceKind
    name: str
    caption: str
    content: bytes


class Showing:
    """Renders for every staff platform alike."""

    def __init__(
        self, cards: Cards, menus: Menus, texts: Texts, copies: Copies, *, pii_over_telegram: bool = False
    ) -> None:
        self._cards, self._menus, self._texts, self._copies = cards, menus, texts, copies
        self._pii_over_telegram = pii_over_telegram

    def prepare(self, tx: Tx, owed: Owed, at: datetime) -> Shown | Toast | CopyShown | None:
        """None where there is nothing to show any more."""
        match owed.kind:
            case Kind.TOAST:
                return Toast(owed.payload["press"], owed.payload["text"], owed.payload["alert"])
            case Kind.CARD:
                return self._card(tx, owed, at)
            case Kind.FILE:
                return self._copy(tx, owed)
            case _:
                return self._text(tx, owed, at)

    def _card(self, tx: Tx, owed: Owed, at: datetime) -> Shown | None:
        chat, case = str(owed.payload["chat"]), CaseId(owed.payload["case"])
        post = posts.at(tx, case, chat)
        if post is None:
            return None
        edits = None if owed.payload["anew"] else post.message
        if post.officer is None and officers.recused(tx, case):
            # Somebody of the group stays away from it (回避): it is handled in private chats from now on.
            posts.remove(tx, post.id)
            return Shown(chat, self._texts.say("staff.moved"), (), post.message) if post.message else None
        try:
            viewer = officers.get(tx, post.officer) if post.officer is not None else None
            seen = look(tx, case, viewer, at)
        except NotAuthorised as refusal:  # recused, suspended, or no longer of this unit: the card goes
            posts.remove(tx, post.id)
            code = "staff.recused" if isinstance(refusal, StaffRecused) else "staff.gone"
            return Shown(chat, self._texts.say(code), (), post.message) if post.message else None
        menu = owed.payload["menu"]
        if menu == "more":
            card = self._cards.more(seen)
        elif menu:
            story = seen.particulars.story if seen.particulars is not None else ""
            past = events.outline(tx, case) if menu == Step.RECORD else ()
            page, given, told = owed.payload["page"], owed.payload["given"], seen.particulars
            colleagues = _colleagues(tx, seen.case) if menu == Step.HAND_OVER else ()
            card = self._menus.draw(
                seen.case, menu, page, viewer, story, past, told, colleagues, given, seen.repeats
            )
        else:
            card = self._cards.draw(seen, at)
        return Shown(chat, card.text, self._tokens(tx, card, post, at), edits, post.id)

    def _tokens(self, tx: Tx, card: Card, post: Post, at: datetime) -> Keyboard:
        case = cases.get(tx, post.case)
        buttons.drop_older(tx, case, post.chat)
        return tuple(
            tuple(
                (button.label, buttons.make(tx, case, post.chat, button.does, button.facts, at))
                for button in row
            )
            for row in card.rows
        )

    def _text(self, tx: Tx, owed: Owed, at: datetime) -> Shown | None:
        payload, chat = owed.payload, str(owed.payload["chat"])
        if payload.get("code") == messages.RECEIVED and owed.case is not None:
            found = self._message(tx, owed.case, chat, payload["facts"])
            if found is None:
                return None
            payload = {**payload, "text": found}
        text = payload["text"] if "text" in payload else self._coded(payload["code"], payload["facts"])
        opened = [cases.get(tx, CaseId(case)) for case in payload.get("open", ())]
        numbers = tuple(
            (str(number), buttons.make(tx, case, chat, "open", {}, at))
            for number, case in enumerate(opened, 1)
        )
        rows = tuple(
            numbers[start : start + _NUMBERS_IN_A_ROW] for start in range(0, len(numbers), _NUMBERS_IN_A_ROW)
        )
        for label, does, facts in payload.get("buttons", ()):
            case = cases.get(tx, CaseId(owed.case or 0))
            token = buttons.make(tx, case, chat, does, facts, at)
            rows = (*rows, ((self._texts.name("button", label), token),))
        if "answer" in payload:  # a button below the text that belongs to no case
            label = self._texts.name("button", payload["answer"])
            rows = (*rows, ((label, buttons.make_alone(tx, chat, payload["answer"], at)),))
        return Shown(chat, text, rows)

    def _message(self, tx: Tx, case_id: CaseId, chat: str, facts: dict[str, str]) -> str | None:
        """The citizen's words, while whoever they are for may still answer them."""
        viewer, case = officers.by_account(tx, chat), cases.get(tx, case_id)
        actor, recused = Actor(officer=viewer), officers.recused(tx, case_id)
        if viewer is None or not access.may(actor, Step.WRITE, case, recused=recused):
            return None
        told = cases.particulars(tx, case_id)
        words = conversation.shown(case, facts["words"], told, whole=self._pii_over_telegram)
        return self._coded(messages.RECEIVED, facts | {"words": quoted(words)})

    def _coded(self, code: str, facts: dict[str, str]) -> str:
        if "request" in facts:  # of which kind the request was that is decided or has lapsed
            code = f"{code}.{facts['request']}"
        if "channel" in facts:
            facts = facts | {"channel": self._texts.name("channel", facts["channel"])}
        if "limit" in facts:
            facts = facts | {"limit_name": self._texts.name("limit", facts["limit"])}
        return self._texts.say(f"staff.{code}", **facts)

    def _copy(self, tx: Tx, owed: Owed) -> CopyShown:
        item = evidence.get(tx, EvidenceId(owed.payload["evidence"]))
        return CopyShown(
            chat=str(owed.payload["chat"]),
            kind=item.kind,
            name=_file_name(tx, item),
            caption=quoted(item.words[:_MOST_CAPTION]),
            content=self._copies.open(item.id) if item.file_ref else item.words.encode(),
        )


def _colleagues(tx: Tx, case: Case) -> tuple[Officer, ...]:
    """The people of the unit who need not stay away from the case."""
    recused = officers.recused(tx, case.id)
    people = officers.of_unit(tx, case.unit) if case.unit is not None else []
    return tuple(officer for officer, _ in people if officer.id not in recused)


def _file_name(tx: Tx, item: Evidence) -> str:
    """TS-20261123-0001-2.jpg: the case's second copy."""
    extension = _EXTENSIONS.get(item.mime, "bin")
    if item.case is None:
        return f"{item.kind}.{extension}"
    place = [one.id for one in evidence.of_case(tx, item.case)].index(item.id) + 1
    return f"{cases.get(tx, item.case).number}-{place}.{extension}"
