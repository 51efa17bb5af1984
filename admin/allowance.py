"""How often an account is heard in an hour: a flood costs us one answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from casestore.store import Tx
from casestore.tables import properties

_WINDOW = timedelta(hours=1)


def allows(tx: Tx, what: str, account: str, most: int, at: datetime) -> bool:
    """Whether this is among the first `most` of the hour that began with the first of them.

    Kept by a keyed fingerprint: who only knocked leaves no account behind.
    """
    key = f"{what}:{tx.sealer.index(what, account).hex()}"
    since, _, used = (properties.get(tx, key) or "").partition(" ")
    count = int(used) if since and at - datetime.fromisoformat(since) < _WINDOW else 0
    if count >= most:
        return False
    properties.put(tx, key, f"{since if count else at.isoformat()} {count + 1}")
    return True
