"""消费者: the people at the chat, known by channel and account only; the account is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, not_, select, update

from casestore.codes import Channel, Consent
from casestore.model import CaseId, CitizenId
from casestore.store import Tx
from casestore.tables.schema import cases, citizens, consents, moment, ms

_columns = [column for column in citizens.c if column.name not in ("account", "account_index")]
_find = select(*_columns).where(
    citizens.c.channel == bindparam("channel_"), citizens.c.account_index == bindparam("index_")
)
_get = select(*_columns).where(citizens.c.id == bindparam("id_"))
_account = select(citizens.c.account).where(citizens.c.id == bindparam("id_"))
_insert = insert(citizens)
_update = update(citizens).where(citizens.c.id == bindparam("id_"))
_said = _update.values(
    last_word_at=bindparam("at"),
    reachable=True,
    pushes_left=bindparam("pushes"),
    pushes_until=bindparam("until"),
)
_of_theirs = select(cases.c.id).where(cases.c.citizen == citizens.c.id)
_strangers = (
    select(citizens.c.id)
    .where(citizens.c.last_word_at < bindparam("before"), not_(_of_theirs.exists()))
    .limit(bindparam("most"))
)
_consent = insert(consents)
_last_consent = (
    select(consents.c.version, consents.c.answer)
    .where(consents.c.citizen == bindparam("citizen_"), consents.c.what == bindparam("what_"))
    .order_by(consents.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, kw_only=True)
class Citizen:
    """消费者. `pushes_left` and `pushes_until` are WeChat's quota of 客服消息 since his last word."""

    id: CitizenId
    channel: Channel
    met_at: datetime
    last_word_at: datetime
    reachable: bool
    pushes_left: int
    pushes_until: datetime
    queries_since: datetime
    queries: int


@dataclass(frozen=True)
class PushQuota:
    """How many messages a platform takes after a citizen's word, and for how long."""

    pushes: int
    lasts: timedelta


def meet(tx: Tx, channel: Channel, account: str, at: datetime, quota: PushQuota) -> Citizen:
    """The citizen with this account, who has just said something; a new one if he is unknown."""
    index = tx.sealer.index(f"account:{channel}", account)
    row = tx.execute(_find, {"channel_": channel, "index_": index}).first()
    now, until = ms(at), ms(at + quota.lasts)
    if row is not None:
        tx.execute(_said, {"id_": row.id, "at": now, "pushes": quota.pushes, "until": until})
        fresh = {"pushes_left": quota.pushes, "pushes_until": until, "last_word_at": now, "reachable": True}
        return _from(dict(row._mapping) | fresh)
    citizen = tx.ids()
    values = {
        "id": citizen,
        "channel": channel,
        "met_at": now,
        "last_word_at": now,
        "reachable": True,
        "pushes_left": quota.pushes,
        "pushes_until": until,
        "queries_since": now,
        "queries": 0,
    }
    sealed = tx.sealer.seal(account, _place(citizen))
    tx.execute(_insert, values | {"account_index": index, "account": sealed})
    return _from(values)


def get(tx: Tx, citizen: CitizenId) -> Citizen:
    return _from(dict(tx.execute(_get, {"id_": citizen}).one()._mapping))


def account(tx: Tx, citizen: CitizenId) -> str:
    """The openid or chat id to write to."""
    return tx.sealer.open(tx.execute(_account, {"id_": citizen}).scalar_one(), _place(citizen))


def use_push(tx: Tx, citizen: Citizen, at: datetime) -> bool:
    """Take one push from the platform's quota; False when none is left."""
    if citizen.pushes_left <= 0 or at >= citizen.pushes_until:
        return False
    tx.execute(_update.values(pushes_left=citizens.c.pushes_left - 1), {"id_": citizen.id})
    return True


def no_pushes_left(tx: Tx, citizen: CitizenId) -> None:
    """The platform says so, whatever we counted."""
    tx.execute(_update.values(pushes_left=0), {"id_": citizen})


def unreachable(tx: Tx, citizen: CitizenId) -> None:
    """He blocked the bot or unfollowed the account; his next word makes him reachable again."""
    tx.execute(_update.values(reachable=False), {"id_": citizen})


def count_query(tx: Tx, citizen: Citizen, at: datetime, most: int) -> bool:
    """Whether he may look up one more number or code in this hour."""
    if at - citizen.queries_since >= timedelta(hours=1):
        values = {"queries_since": ms(at), "queries": 1}
    else:
        values = {"queries_since": ms(citizen.queries_since), "queries": citizen.queries + 1}
    tx.execute(_update.values(**values), {"id_": citizen.id})
    return values["queries"] <= most


def strangers(tx: Tx, before: datetime, most: int = 200) -> list[CitizenId]:
    """Who has filed nothing and has said nothing since."""
    return [CitizenId(row.id) for row in tx.execute(_strangers, {"before": ms(before), "most": most})]


def is_stranger(tx: Tx, citizen: CitizenId, before: datetime) -> bool:
    """Whether he is one of them still."""
    found = tx.execute(_strangers.where(citizens.c.id == citizen), {"before": ms(before), "most": 1})
    return found.first() is not None


def forget(tx: Tx, citizen: CitizenId) -> None:
    """Him and what he agreed to; what else is kept of him is the caller's to forget."""
    tx.execute(delete(consents).where(consents.c.citizen == citizen))
    tx.execute(delete(citizens).where(citizens.c.id == citizen))


def record_consent(
    tx: Tx,
    citizen: CitizenId,
    what: Consent,
    version: str,
    answer: bool,
    at: datetime,
    case: CaseId | None = None,
) -> None:
    tx.execute(
        _consent,
        {
            "id": tx.ids(), "citizen": citizen, "what": what, "version": version,
            "answer": answer, "at": ms(at), "case_id": case,
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Given:
    """An answer to a consent, as it was given."""

    what: Consent
    version: str
    answer: bool
    at: datetime


def given(tx: Tx, citizen: CitizenId) -> list[Given]:
    """His last answer to each consent."""
    rows = tx.execute(select(consents).where(consents.c.citizen == citizen).order_by(consents.c.id))
    last = {row.what: Given(Consent(row.what), row.version, bool(row.answer), moment(row.at)) for row in rows}
    return list(last.values())


def consented(tx: Tx, citizen: CitizenId, what: Consent, version: str) -> bool:
    """Whether his last answer to this version was yes."""
    row = tx.execute(_last_consent, {"citizen_": citizen, "what_": what}).first()
    return row is not None and bool(row.answer) and row.version == version


def _place(citizen: int) -> str:
    return f"citizens|account|{citizen}"


def _from(values: dict[str, object]) -> Citizen:
    kept = dict(values)
    kept["channel"] = Channel(str(values["channel"]))
    for name in ("met_at", "last_word_at", "pushes_until", "queries_since"):
        kept[name] = moment(int(str(values[name])))
    return Citizen(**kept)  # type: ignore[arg-type]
