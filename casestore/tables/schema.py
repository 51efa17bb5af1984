"""Every table of the desk. Moments are milliseconds since 1970 in UTC; sealed columns are bytes.

Portable: the same tables on SQLite and PostgreSQL. Migrations (casestore/migrations) make them;
a test holds the two together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def ms(moment: datetime) -> int:
    """A moment as it is stored."""
    return int(moment.timestamp() * 1000)


def moment(stored: int) -> datetime:
    """A stored moment."""
    return datetime.fromtimestamp(stored / 1000, UTC)


def _id() -> Column[int]:
    return Column("id", BigInteger, primary_key=True, autoincrement=False)


def _integer(name: str, **options: Any) -> Column[int]:
    return Column(name, BigInteger, nullable=False, **options)


def _words(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, nullable=False, **options)


def _maybe(name: str, kind: Any = BigInteger) -> Column[Any]:
    return Column(name, kind, nullable=True)


#: A few facts of the desk as a whole, e.g. which chat is the duty group.
properties = Table("properties", metadata, Column("key", Text, primary_key=True), _words("value"))

#: Running numbers, e.g. the day's serial of case numbers.
counters = Table("counters", metadata, Column("name", Text, primary_key=True), _integer("value"))

#: Every message that was taken in, once; `reply` is what was answered, byte for byte.
inbox = Table(
    "inbox",
    metadata,
    Column("bot", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    _integer("received_at"),
    _words("state"),
    _maybe("body", LargeBinary),
    _maybe("reply", LargeBinary),
    _maybe("error", Text),
)
# SQLite uses a partial index only for a query that spells out the same words: these are the words.
BODY_KEPT = text("body IS NOT NULL AND state = 'done'")
Index("ix_inbox_bodies", inbox.c.received_at, sqlite_where=BODY_KEPT, postgresql_where=BODY_KEPT)

citizens = Table(
    "citizens",
    metadata,
    _id(),
    _words("channel"),
    Column("account_index", LargeBinary, nullable=False),
    Column("account", LargeBinary, nullable=False),
    _integer("met_at"),
    _integer("last_word_at"),
    Column("reachable", Boolean, nullable=False),
    #: WeChat: how many 客服消息 the platform still takes since his last word.
    Column("pushes_left", Integer, nullable=False),
    _integer("pushes_until"),
    #: Looking up cases by number or code: how often in the hour that began then.
    _integer("queries_since"),
    Column("queries", Integer, nullable=False),
    UniqueConstraint("channel", "account_index"),
)

consents = Table(
    "consents",
    metadata,
    _id(),
    _integer("citizen"),
    _words("what"),
    _words("version"),
    Column("answer", Boolean, nullable=False),
    _integer("at"),
    _maybe("case_id"),
    Index(None, "citizen", "what"),
)

#: Where each citizen stands in his talk; the state is sealed.
talks = Table(
    "talks",
    metadata,
    Column("citizen", BigInteger, primary_key=True, autoincrement=False),
    Column("state", LargeBinary, nullable=False),
    Column("has_draft", Boolean, nullable=False),
    _integer("said_at"),
    Column("reminded", Boolean, nullable=False),
)
_HAS_DRAFT = text("has_draft")
Index("ix_talks_drafts", talks.c.said_at, sqlite_where=_HAS_DRAFT, postgresql_where=_HAS_DRAFT)

#: Where an officer stands who takes down a case for a caller; sealed. One at a time.
desk_talks = Table(
    "desk_talks",
    metadata,
    Column("officer", BigInteger, primary_key=True, autoincrement=False),
    Column("state", LargeBinary, nullable=False),
    _integer("said_at"),
)

# SQLite uses a partial index only for a query that spells out the same words: these are the words.
OPEN_CASE = text("status NOT IN ('closed', 'declined', 'withdrawn', 'archived')")

cases = Table(
    "cases",
    metadata,
    _id(),
    _words("number", unique=True),
    _words("kind"),
    _words("status"),
    _words("grade"),
    _words("channel"),
    _integer("version"),
    _integer("registered_at"),
    _maybe("citizen"),
    Column("anonymous", Boolean, nullable=False),
    Column("query_index", LargeBinary, nullable=False, unique=True),
    _words("merchant"),
    _words("district"),
    _words("object"),
    _words("nature"),
    _maybe("unit", Text),
    _maybe("overseen_by", Text),
    _maybe("holder"),
    _maybe("first_officer"),
    _maybe("amount_fen"),
    _maybe("happened_on", Text),
    _words("demands"),
    _maybe("ground", Text),
    _maybe("outcome", Text),
    _maybe("accepted_at"),
    _maybe("closed_at"),
    _words("due_limit"),
    _maybe("due_at"),
    _maybe("suggestion", Text),
    Column("particulars", LargeBinary, nullable=False),
    #: A fingerprint of the merchant's name, to find cases against the same one without reading names.
    _maybe("merchant_index", LargeBinary),
    #: About the office itself (S5-2.3(2)), brought for somebody else (art. 11).
    Column("own_office", Boolean, nullable=False, server_default=false()),
    Column("proxy", Boolean, nullable=False, server_default=false()),
    #: Who took it down for a caller; None where the citizen told it himself.
    _maybe("registered_by"),
    _maybe("end_ground", Text),
    _maybe("recovered_fen"),
    _maybe("rating", Integer),
    Column("quiet", Boolean, nullable=False, server_default=false()),
    Index(None, "merchant_index"),
    Index(None, "citizen", "id"),
    Index("ix_cases_queue", "due_at", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
    Index("ix_cases_of_unit", "unit", "due_at", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
    Index(
        "ix_cases_overseen", "overseen_by", "due_at", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE
    ),
    Index("ix_cases_of_holder", "holder", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
)

#: 关联: two cases that belong together, and how.
case_links = Table(
    "case_links",
    metadata,
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("other", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    _integer("at"),
    Index(None, "other"),
)

#: Append-only (triggers), chained by `mac`; only `words` may be erased, their `words_mac` stays.
case_events = Table(
    "case_events",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _words("kind"),
    _words("actor"),
    _integer("at"),
    _words("facts"),
    _maybe("words", LargeBinary),
    _maybe("words_mac", LargeBinary),
    Column("mac", LargeBinary, nullable=False),
)

#: 时限: the limits that run or ran for a case.
clocks = Table(
    "clocks",
    metadata,
    _id(),
    _integer("case_id"),
    _words("limit_code"),
    _integer("started_at"),
    _integer("due_at"),
    Column("provisional", Boolean, nullable=False),
    _maybe("ended_at"),
    _maybe("ended_by", Text),
    #: What a supervisor added, in the limit's own unit.
    Column("extra", Integer, nullable=False, server_default="0"),
    #: When it stood still: [[begin, end], …] in milliseconds; `paused_at` while it does.
    _words("pauses", server_default="[]"),
    _maybe("paused_at"),
    _maybe("paused_for", Text),
    Index(None, "case_id"),
)
Index(
    "ix_clocks_running",
    clocks.c.due_at,
    sqlite_where=clocks.c.ended_at.is_(None),
    postgresql_where=clocks.c.ended_at.is_(None),
)

#: 时限台账: what became of each limit of a case, and who did it. Append-only.
clock_ledger = Table(
    "clock_ledger",
    metadata,
    _id(),
    _integer("case_id"),
    _integer("clock"),
    _words("what"),
    _integer("at"),
    _integer("due_at"),
    _words("actor"),
    _words("facts"),
    Index(None, "case_id"),
)

#: 提醒: each rung of the ladder of each running limit, fired once for each moment it falls due.
reminders = Table(
    "reminders",
    metadata,
    _id(),
    _integer("case_id"),
    _integer("clock"),
    _words("rung"),
    _integer("fires_at"),
    _maybe("fired_at"),
    UniqueConstraint("clock", "rung", "fires_at"),
)
_UNFIRED = text("fired_at IS NULL")
Index("ix_reminders_due", reminders.c.fires_at, sqlite_where=_UNFIRED, postgresql_where=_UNFIRED)

#: Copies of what citizens sent. The bytes lie sealed in the data folder under `id`.
evidence = Table(
    "evidence",
    metadata,
    _id(),
    _integer("citizen"),
    _maybe("case_id"),
    _words("kind"),
    _words("state"),
    _words("source"),
    _integer("sent_at"),
    Column("file_ref", LargeBinary, nullable=False),
    Column("file_name", LargeBinary, nullable=False),
    Column("words", LargeBinary, nullable=False),
    _words("sha256"),
    _integer("size"),
    _words("mime"),
    Column("attempts", Integer, nullable=False),
    _integer("next_try_at"),
    Index(None, "case_id"),
)
PENDING = text("state = 'pending'")
Index("ix_evidence_pending", evidence.c.next_try_at, sqlite_where=PENDING, postgresql_where=PENDING)

officers = Table(
    "officers",
    metadata,
    _id(),
    _words("name"),
    _words("role"),
    _maybe("unit", Text),
    Column("on_duty", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    #: The private chat of the staff bot with this officer; None until he has joined.
    Column("account", Text, nullable=True, unique=True),
    #: While a supervisor is away, who decides in his place.
    _maybe("deputy"),
    _maybe("away_until"),
    #: The second factor of an approval, as a keyed fingerprint; None where it is switched off.
    _maybe("pin", LargeBinary),
    _maybe("pin_tries", Integer),
)

invitations = Table(
    "invitations",
    metadata,
    Column("code_index", LargeBinary, primary_key=True),
    _integer("officer"),
    _integer("expires_at"),
    _maybe("used_at"),
    _maybe("invited_by"),
    #: The private chat that showed the code and has still to confirm.
    _maybe("claimed_by", Text),
)

#: Append-only: what happened to the members of the staff, and by whom.
staff_ledger = Table(
    "staff_ledger", metadata, _id(), _integer("officer"), _words("what"), _words("actor"), _integer("at")
)

recusals = Table(
    "recusals",
    metadata,
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("officer", BigInteger, primary_key=True, autoincrement=False),
    _integer("at"),
)

approvals = Table(
    "approvals",
    metadata,
    _id(),
    _integer("case_id"),
    _words("kind"),
    _maybe("requested_by"),
    _integer("requested_at"),
    Column("reason", LargeBinary, nullable=False),
    _maybe("decision", Text),
    _maybe("decided_by"),
    _maybe("decided_at"),
    Column("decision_reason", LargeBinary, nullable=False),
    #: What is carried out once it is approved.
    _words("facts", server_default="{}"),
    _maybe("expires_at"),
    CheckConstraint("requested_by IS NULL OR decided_by IS NULL OR requested_by <> decided_by", name="two_people"),
    CheckConstraint("(decision IS NULL) = (decided_at IS NULL) AND "
                    "(decision IS NULL OR decision = 'lapsed') = (decided_by IS NULL)", name="decided"),
    Index("ix_approvals_open", "case_id", "kind", unique=True,
          sqlite_where=text("decision IS NULL"), postgresql_where=text("decision IS NULL")),
    Index(None, "case_id"),
)  # fmt: skip

#: Where a case's card stands in staff chats, so that it is edited there.
posts = Table(
    "posts",
    metadata,
    _id(),
    _integer("case_id"),
    _words("chat"),
    #: None: a group.
    _maybe("officer"),
    _maybe("message"),
    UniqueConstraint("case_id", "chat"),
)

#: What a button does. The token is random; nothing is read from it. The facts may hold what somebody typed.
buttons = Table(
    "buttons",
    metadata,
    Column("token", Text, primary_key=True),
    _integer("case_id"),
    _integer("case_version"),
    _words("chat"),
    _words("does"),
    #: Sealed: what was typed for a step waits here to be confirmed.
    Column("facts", LargeBinary, nullable=False),
    _integer("expires_at"),
    _maybe("used_at"),
    Index(None, "case_id"),
    Index(None, "expires_at"),
)

#: A step that waits for words an officer will type in his private chat.
prompts = Table(
    "prompts",
    metadata,
    Column("officer", BigInteger, primary_key=True, autoincrement=False),
    _integer("case_id"),
    _words("does"),
    Column("facts", LargeBinary, nullable=False),
    _integer("expires_at"),
)

#: What we owe somebody. One lane a chat: in a lane the order holds.
outbox = Table(
    "outbox",
    metadata,
    _id(),
    _words("bot"),
    _words("lane"),
    _words("kind"),
    _maybe("case_id"),
    Column("payload", LargeBinary, nullable=False),
    #: At most one waiting row has a given key: a card is refreshed once, with its newest content.
    Column("once", Text, nullable=True, unique=True),
    Column("urgency", Integer, nullable=False),
    _words("state"),
    _integer("due_at"),
    _maybe("expires_at"),
    Column("attempts", Integer, nullable=False),
    _maybe("error", Text),
    _maybe("sent_at"),
    Index(None, "case_id"),
)
_OWED = text("state IN ('ready', 'sending', 'waiting')")
_READY = text("state = 'ready'")
SENT = text("state = 'done'")
Index("ix_outbox_sent", outbox.c.sent_at, sqlite_where=SENT, postgresql_where=SENT)
Index("ix_outbox_lane", outbox.c.lane, outbox.c.id, sqlite_where=_OWED, postgresql_where=_OWED)
Index("ix_outbox_ready", outbox.c.bot, outbox.c.due_at, sqlite_where=_READY, postgresql_where=_READY)

#: What may never be changed: (table, column that may be emptied, or "").
APPEND_ONLY = (("case_events", "words"), ("clock_ledger", ""), ("staff_ledger", ""))
