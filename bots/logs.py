"""Logs: one JSON object a line, without tokens, telephones, names or the platforms' accounts."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_HIDDEN = (
    (re.compile(r"bot[0-9]{3,16}:[A-Za-z0-9_-]+"), "bot***"),
    (re.compile(r"[0-9]{6,16}:[A-Za-z0-9_-]{20,}"), "***"),
    (re.compile(r"((?:access_token|secret|appsecret|token|openid)=)[^&\s\"']+"), r"\1***"),
    (re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"), "1**********"),
    (re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])"), "***"),
)
#: Libraries that print addresses with tokens or whole bodies.
_QUIET = (
    "httpx",
    "httpcore",
    "urllib3",
    "aiohttp",
    "aiogram",
    "telegram",
    "asyncio",
    "requests",
    "jieba",
    "alembic",
)


def hide(text: str) -> str:
    """`text` without what must not be in a log; control characters cannot forge a line, JSON escapes them."""
    for pattern, mask in _HIDDEN:
        text = pattern.sub(mask, text)
    return text


def set_up(level: str = "INFO") -> None:
    """For the whole process, once."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _redact,
                structlog.processors.JSONRenderer(ensure_ascii=True),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = hide(value)
    return event
