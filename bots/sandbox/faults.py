"""Where a fault is asked for: the next so-many requests of a method go wrong in a named way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self

#: Methods under which faults of the platforms' own callbacks to the desk are asked for.
TELEGRAM_CALLBACK = "telegram/callback"
WECHAT_CALLBACK = "wechat/callback"
ANY = "*"


class FaultKind(StrEnum):
    # answers to API calls
    FLOOD = "flood"  # 429 with retry_after; 0 sends the bare 429
    SERVER_ERROR = "server_error"  # 500 with the platform's JSON
    BAD_GATEWAY = "bad_gateway"  # 502 and a page of HTML
    HTML = "html"  # 200 and a page of HTML
    EMPTY = "empty"  # 200 and nothing
    RESET = "reset"  # the connection is cut
    SLOW = "slow"  # the answer comes `seconds` late
    ERRCODE = "errcode"  # WeChat's JSON with `code`: 40001, 42001, 45009, -1 …
    # callbacks to the desk
    UNSENT = "unsent"  # never leaves; the try is used up
    UNHEARD = "unheard"  # arrives, the answer is lost: the platform thinks it timed out
    CUT = "cut"  # arrives, the platform hangs up at once
    TWICE = "twice"  # arrives twice, at the same time
    LATE = "late"  # leaves `seconds` late, so others overtake it


@dataclass(frozen=True, kw_only=True)
class Fault:
    kind: FaultKind
    #: Whether an API call takes effect although its answer is spoilt. FLOOD and ERRCODE never do.
    processed: bool = False
    retry_after: int = 0
    code: int = 0
    seconds: float = 0.0

    @classmethod
    def flood(cls, retry_after: int) -> Self:
        return cls(kind=FaultKind.FLOOD, retry_after=retry_after)

    @classmethod
    def errcode(cls, code: int) -> Self:
        return cls(kind=FaultKind.ERRCODE, code=code)

    @classmethod
    def reset(cls, *, processed: bool) -> Self:
        return cls(kind=FaultKind.RESET, processed=processed)

    @classmethod
    def bad_gateway(cls, *, processed: bool = False) -> Self:
        return cls(kind=FaultKind.BAD_GATEWAY, processed=processed)

    @classmethod
    def empty(cls, *, processed: bool = True) -> Self:
        return cls(kind=FaultKind.EMPTY, processed=processed)

    @classmethod
    def slow(cls, seconds: float) -> Self:
        return cls(kind=FaultKind.SLOW, processed=True, seconds=seconds)

    @classmethod
    def timeout(cls) -> Self:
        """A callback the desk gets and answers, but the platform never hears the answer."""
        return cls(kind=FaultKind.UNHEARD)


class Profile(Protocol):
    """Chooses faults by itself, e.g. from a seed; asked for every request nobody planned a fault for."""

    def choose(self, method: str) -> Fault | None: ...


class Faults:
    """Planned faults, first asked first struck, then those of the profile."""

    def __init__(self, profile: Profile | None = None) -> None:
        self.profile = profile
        self._planned: list[tuple[str, Fault]] = []

    def ask(self, method: str, fault: Fault, times: int = 1) -> None:
        """`method` as in the address: `sendMessage`, `message/custom/send`; a callback's constant; or ANY.

        `tousu_bot/sendMessage` strikes that bot only.
        """
        self._planned.extend([(method.lower(), fault)] * times)

    def take(self, method: str, bot: str = "") -> Fault | None:
        """The fault that strikes this request; it is used up."""
        names = (method.lower(), f"{bot}/{method}".lower(), ANY)
        for place, (asked, fault) in enumerate(self._planned):
            if asked in names:
                del self._planned[place]
                return fault
        return self.profile.choose(method) if self.profile is not None else None

    def clear(self) -> None:
        self._planned.clear()
