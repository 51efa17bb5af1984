"""口令: a supervisor's second factor. Only its keyed fingerprint is kept; five wrong tries lock it."""

from __future__ import annotations

import hmac

from sqlalchemy import select, update

from casestore.errors import PinLocked, PinMissing, PinUnclear, PinWrong
from casestore.model import OfficerId
from casestore.store import Tx
from casestore.tables.schema import officers

MOST_TRIES = 5
_LEAST_DIGITS, _MOST_DIGITS = 4, 8


def put(tx: Tx, officer: OfficerId, pin: str, old: str = "") -> None:
    """Set it; to change one, `old` must be right. Raises PinUnclear, PinMissing, PinWrong, PinLocked."""
    if not (pin.isascii() and pin.isdigit() and _LEAST_DIGITS <= len(pin) <= _MOST_DIGITS):
        raise PinUnclear(least=_LEAST_DIGITS, most=_MOST_DIGITS)
    if is_set(tx, officer):
        check(tx, officer, old)
    _keep(tx, officer, pin=_fingerprint(tx, officer, pin), pin_tries=0)


def check(tx: Tx, officer: OfficerId, pin: str) -> None:
    """Raises PinMissing, PinWrong, PinLocked. A wrong try counts: the caller must let it be kept."""
    row = tx.execute(select(officers.c.pin, officers.c.pin_tries).where(officers.c.id == officer)).one()
    if row.pin is None or not pin:
        raise PinMissing()
    tries = row.pin_tries or 0
    if tries >= MOST_TRIES:
        raise PinLocked()
    if not hmac.compare_digest(bytes(row.pin), _fingerprint(tx, officer, pin)):
        _keep(tx, officer, pin_tries=tries + 1)
        if tries + 1 >= MOST_TRIES:
            raise PinLocked()
        raise PinWrong(left=MOST_TRIES - tries - 1)
    if tries:
        _keep(tx, officer, pin_tries=0)


def is_set(tx: Tx, officer: OfficerId) -> bool:
    return tx.execute(select(officers.c.pin).where(officers.c.id == officer)).scalar_one() is not None


def reset(tx: Tx, officer: OfficerId) -> None:
    """He sets a new one himself."""
    _keep(tx, officer, pin=None, pin_tries=None)


def _keep(tx: Tx, officer: OfficerId, **values: bytes | int | None) -> None:
    tx.execute(update(officers).where(officers.c.id == officer).values(**values))


def _fingerprint(tx: Tx, officer: OfficerId, pin: str) -> bytes:
    return tx.sealer.index("pin", f"{officer}:{pin}")
