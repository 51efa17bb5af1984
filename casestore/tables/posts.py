"""Where a case's card stands in staff chats, so that it is edited there and not sent again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from casestore.model import CaseId, OfficerId
from casestore.store import Tx
from casestore.tables import properties
from casestore.tables.schema import posts

_of_case = select(posts).where(posts.c.case_id == bindparam("case_")).order_by(posts.c.id)
_find = select(posts).where(posts.c.case_id == bindparam("case_"), posts.c.chat == bindparam("chat_"))
_insert = insert(posts)
_sent = update(posts).where(posts.c.id == bindparam("id_")).values(message=bindparam("message_"))


@dataclass(frozen=True)
class Post:
    """A card's place. `officer` is None in a group; `message` is None until the platform gave its id."""

    id: int
    case: CaseId
    chat: str
    officer: OfficerId | None
    message: int | None


def of_case(tx: Tx, case: CaseId) -> list[Post]:
    return [_from(row) for row in tx.execute(_of_case, {"case_": case})]


def at(tx: Tx, case: CaseId, chat: str) -> Post | None:
    row = tx.execute(_find, {"case_": case, "chat_": chat}).first()
    return _from(row) if row is not None else None


def add(tx: Tx, case: CaseId, chat: str, officer: OfficerId | None) -> Post:
    """The card's place in this chat; the one it has already, if it has."""
    found = at(tx, case, chat)
    if found is not None:
        return found
    row = {"id": tx.ids(), "case_id": case, "chat": chat, "officer": officer}
    tx.execute(_insert, row)
    return Post(int(str(row["id"])), case, chat, officer, None)


def sent(tx: Tx, post: int, message: int | None) -> None:
    """The platform's id of the message; None when it is gone and the card must be sent anew."""
    tx.execute(_sent, {"id_": post, "message_": message})


def move(tx: Tx, chat: str, to: str) -> None:
    """A group got another id: its cards are sent there anew, and it stays the duty group or the 值班室."""
    tx.execute(update(posts).where(posts.c.chat == chat).values(chat=to, message=None))
    for room in (properties.DUTY_GROUP, properties.NIGHT_ROOM):
        if properties.get(tx, room) == chat:
            properties.put(tx, room, to)


def remove(tx: Tx, post: int) -> None:
    tx.execute(posts.delete().where(posts.c.id == post))


def _from(row: object) -> Post:
    kept = row._mapping  # type: ignore[attr-defined]
    officer = kept["officer"]
    return Post(
        kept["id"], CaseId(kept["case_id"]), kept["chat"], OfficerId(officer) if officer is not None else None,
        kept["message"],
    )  # fmt: skip
