"""Reading the store from the shell, beside a running desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bots.cli.app import Config
from casestore.errors import StoreError
from casestore.seal import Sealer
from casestore.store import Reader


@contextmanager
def read_store(config: Config) -> Iterator[Callable[[Any], Any]]:
    """Look only: the file is opened read-only. Raises StoreError where there is none yet."""
    from bots.settings import load  # noqa: PLC0415

    settings = load(config)
    reader = Reader(settings.database_url, Sealer.from_file(settings.keys_file))
    if not reader.path.exists():
        raise StoreError(f"还没有数据库 {reader.path}，请先运行 tousu serve")
    try:
        yield reader.read
    finally:
        reader.close()
