"""A Bot API call that is refused."""

from __future__ import annotations


class Refusal(Exception):
    """`code` is the HTTP status and `error_code`; `parameters` are retry_after or migrate_to_chat_id."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, object]:
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


def bad(reason: str) -> Refusal:
    """The common 400."""
    return Refusal(400, f"Bad Request: {reason}")


def flooded(retry_after: int) -> Refusal:
    """429; with 0 the bare one, without parameters."""
    if not retry_after:
        return Refusal(429, "Too Many Requests")
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
