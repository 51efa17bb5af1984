"""How often an account is heard in an hour: a flood costs us one answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from casestore.store import Tx
from casestore.tables import properties

_WINDOW = timedelta(hours=1)
_PREFIX = "heard:"


def allows(tx: Tx, what: str, account: str, most: int, at: datetime) -> bool:
    """Whether this is among the first `most` of the hour that began with the first of them.

    Kept by a keyed fingerprint: who only knocked leaves no account behind.
    """
    key = f"{_PREFIX}{what}:{tx.sealer.index(what, account).hex()}"
    since, _, used = (properties.get(tx, key) or "").partition(" ")
    count = int(used) if since and at - datetime.fromisoformat(since) < _WINDOW else 0
    if count >= most:
        return False
    properties.put(tx, key, f"{since if count else at.isoformat()} {count + 1}")
    return True


def forget(tx: Tx, at: datetime) -> None:
    """What is counted for nothing any more."""
    for key, value in properties.beginning(tx, _PREFIX).items():
        if at - datetime.fromisoformat(value.partition(" ")[0]) >= _WINDOW:
            properties.drop(tx, key)
