"""Access tokens: `stable_token` and the old `token`, each with its own token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bots.sandbox.clock import Clock
from bots.sandbox.wechat_refusal import ApiRefusal

LASTS = timedelta(seconds=7200)
#: Before its end a stable token is renewed, and the old one stays good until its own end.
RENEWED_BEFORE = timedelta(minutes=5)
FORCED_APART = timedelta(seconds=30)
FORCED_A_DAY = 20
OLD_STYLE_A_DAY = 2000


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    text: str
    until: datetime


class AccessTokens:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stable: list[AccessToken] = []
        self._old_style: AccessToken | None = None
        self._issued: set[str] = set()
        self._dead: set[str] = set()
        self._forced: list[datetime] = []
        self._fetched: dict[date, int] = {}

    def stable(self, *, force: bool) -> AccessToken:
        """The same again and again; a new one within 5 minutes of the end, or when forced.

        Forcing kills the former tokens at once; within 30 s of the last time it does nothing.
        """
        now = self._clock.now()
        self._stable = [token for token in self._stable if token.until > now]
        if force and not (self._forced and now - self._forced[-1] < FORCED_APART):
            if sum(moment.date() == now.date() for moment in self._forced) >= FORCED_A_DAY:
                raise ApiRefusal(45009)
            self._forced.append(now)
            self._dead |= {token.text for token in self._stable}
            self._stable = []
        if not self._stable or self._stable[-1].until - now < RENEWED_BEFORE:
            self._stable.append(self._made())
        return self._stable[-1]

    def old_style(self) -> AccessToken:
        """Each fetch kills the one before."""
        today = self._clock.now().date()
        self._fetched[today] = self._fetched.get(today, 0) + 1
        if self._fetched[today] > OLD_STYLE_A_DAY:
            raise ApiRefusal(45009)
        if self._old_style is not None:
            self._dead.add(self._old_style.text)
        self._old_style = self._made()
        return self._old_style

    def remaining(self, token: AccessToken) -> int:
        """expires_in."""
        return int((token.until - self._clock.now()).total_seconds())

    def ensure_good(self, text: str) -> None:
        """Raises 41001, 40001 (superseded), 42001 (over) or 40014 (never was one)."""
        if not text:
            raise ApiRefusal(41001)
        if text in self._dead:
            raise ApiRefusal(40001)
        known = [*self._stable, *([self._old_style] if self._old_style else [])]
        token = next((token for token in known if token.text == text), None)
        if token is None:
            raise ApiRefusal(42001 if text in self._issued else 40014)
        if token.until <= self._clock.now():
            raise ApiRefusal(42001)

    def _made(self) -> AccessToken:
        token = AccessToken(text="88_" + secrets.token_urlsafe(100), until=self._clock.now() + LASTS)
        self._issued.add(token.text)
        return token
