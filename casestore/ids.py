"""Row ids: 64 bits, rising with time, known before the row is written (the seal is bound to them)."""

from __future__ import annotations

import threading
import time

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01
_WORKER_BITS, _SERIAL_BITS = 10, 12


class Ids:
    """Makes ids for one process; `worker` (0–1023) tells processes apart. Never goes back with the clock."""

    def __init__(self, worker: int = 0) -> None:
        self._worker = worker << _SERIAL_BITS
        self._lock = threading.Lock()
        self._last_ms, self._serial = 0, 0

    def __call__(self) -> int:
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._last_ms:
                self._last_ms, self._serial = now, 0
            else:
                self._serial += 1
                if self._serial >> _SERIAL_BITS:
                    self._last_ms, self._serial = self._last_ms + 1, 0
            return (self._last_ms - _EPOCH_MS) << (_WORKER_BITS + _SERIAL_BITS) | self._worker | self._serial
