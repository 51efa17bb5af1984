"""A bot: its token, its unconfirmed updates, where they go, what it told of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from bots.sandbox.bot_updates import Updates
from bots.sandbox.telegram_account import Account


@dataclass(frozen=True, kw_only=True)
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40


@dataclass(kw_only=True, eq=False)
class Bot:
    account: Account
    token: str
    updates: Updates
    #: Privacy mode is on unless BotFather was told otherwise: in groups only commands, mentions, answers.
    reads_groups: bool = False
    webhook: Webhook | None = None
    last_error: tuple[int, str] | None = None
    #: setMyCommands, setMyDescription … as given.
    told: dict[str, object] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.account.id

    def as_json(self) -> dict[str, object]:
        """getMe."""
        return self.account.as_json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_groups,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def webhook_json(self) -> dict[str, object]:
        """getWebhookInfo."""
        hook = self.webhook
        body: dict[str, object] = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }
        if hook is not None:
            body |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
        if self.last_error is not None:
            body |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        if self.updates.allowed:
            body["allowed_updates"] = list(self.updates.allowed)
        return body
