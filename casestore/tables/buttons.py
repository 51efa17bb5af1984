"""What a button does, and which words a step still waits for.

A token is random and means nothing by itself; it is bound to a chat, a case, the case's version and an
expiry, and used once.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from casestore.model import Case, CaseId, OfficerId
from casestore.store import Tx
from casestore.tables.schema import buttons, moment, ms, prompts

BUTTON_LASTS = timedelta(days=30)
PROMPT_LASTS = timedelta(minutes=30)
#: What the button below a citizen's message does: it is good for as long as it lasts, whatever happens meanwhile.
ANSWERS = "answer_message"

_insert = insert(buttons)
_get = select(buttons).where(buttons.c.token == bindparam("token_"))
_use = update(buttons).where(buttons.c.token == bindparam("token_"), buttons.c.used_at.is_(None))
_drop = delete(buttons).where(
    buttons.c.case_id == bindparam("case_"),
    buttons.c.chat == bindparam("chat_"),
    buttons.c.case_version < bindparam("version_"),
    buttons.c.does != ANSWERS,
)
_insert_prompt = upsert(prompts)
_put_prompt = _insert_prompt.on_conflict_do_update(
    index_elements=["officer"],
    set_={name: _insert_prompt.excluded[name] for name in ("case_id", "does", "facts", "expires_at")},
)


@dataclass(frozen=True)
class Button:
    """`does` is a verb of the staff's counter, `facts` what it needs, e.g. the unit to dispatch to."""

    token: str
    case: CaseId
    case_version: int
    chat: str
    does: str
    facts: Mapping[str, str]
    expires_at: datetime
    used: bool


@dataclass(frozen=True)
class Prompt:
    """A step that waits for words."""

    case: CaseId
    does: str
    facts: Mapping[str, str] = field(default_factory=dict)


def make(tx: Tx, case: Case, chat: str, does: str, facts: Mapping[str, str], at: datetime) -> str:
    """A fresh token, 22 characters."""
    token = secrets.token_urlsafe(16)
    tx.execute(
        _insert,
        {
            "token": token,
            "case_id": case.id,
            "case_version": case.version,
            "chat": chat,
            "does": does,
            "facts": _sealed(tx, facts, f"buttons|facts|{token}"),
            "expires_at": ms(at + BUTTON_LASTS),
        },
    )
    return token


def make_alone(tx: Tx, chat: str, does: str, at: datetime) -> str:
    """A token that belongs to no case."""
    token = secrets.token_urlsafe(16)
    facts = _sealed(tx, {}, f"buttons|facts|{token}")
    row = {"token": token, "case_id": 0, "case_version": 0, "chat": chat, "does": does, "facts": facts}
    tx.execute(_insert, row | {"expires_at": ms(at + BUTTON_LASTS)})
    return token


def find(tx: Tx, token: str) -> Button | None:
    row = tx.execute(_get, {"token_": token}).first()
    if row is None:
        return None
    return Button(
        row.token, CaseId(row.case_id), row.case_version, row.chat, row.does,
        json.loads(tx.sealer.open(row.facts, f"buttons|facts|{token}")),
        moment(row.expires_at), row.used_at is not None,
    )  # fmt: skip


def use(tx: Tx, token: str, at: datetime) -> bool:
    """Use it up; False if it was used before."""
    return tx.execute(_use.values(used_at=ms(at)), {"token_": token}).rowcount == 1


def drop_older(tx: Tx, case: Case, chat: str) -> None:
    """The buttons of earlier versions of the case in this chat are void; forget those long past."""
    tx.execute(_drop, {"case_": case.id, "chat_": chat, "version_": case.version - 1})


def ask(tx: Tx, officer: OfficerId, prompt: Prompt, at: datetime) -> None:
    """The officer's next words in his private chat are for this step; an older question is dropped."""
    row = {
        "officer": officer,
        "case_id": prompt.case,
        "does": prompt.does,
        "facts": _sealed(tx, prompt.facts, f"prompts|facts|{officer}"),
        "expires_at": ms(at + PROMPT_LASTS),
    }
    tx.execute(_put_prompt, row)


def asked(tx: Tx, officer: OfficerId, at: datetime) -> Prompt | None:
    """What the officer's words are for, and the question is answered with it."""
    row = tx.execute(select(prompts).where(prompts.c.officer == officer)).first()
    if row is None:
        return None
    tx.execute(delete(prompts).where(prompts.c.officer == officer))
    if row.expires_at < ms(at):
        return None
    facts = json.loads(tx.sealer.open(row.facts, f"prompts|facts|{officer}"))
    return Prompt(CaseId(row.case_id), row.does, facts)


def _sealed(tx: Tx, facts: Mapping[str, str], place: str) -> bytes:
    return tx.sealer.seal(json.dumps(dict(facts), ensure_ascii=False), place)
