"""The simulated WeChat around one service account."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from bots.sandbox.bubble import Bubble, Content, Keyboard
from bots.sandbox.chat import Chat
from bots.sandbox.clock import Clock
from bots.sandbox.faults import Faults
from bots.sandbox.transcript import Direction, Kind, Platform, Transcript
from bots.sandbox.wechat_account import WeChatAccount
from bots.sandbox.wechat_media import MediaStore
from bots.sandbox.wechat_menu import MenuItem
from bots.sandbox.wechat_push import Courier, Delivery, Outcome, Parcel, Patience
from bots.sandbox.wechat_quota import Occasion, Quota
from bots.sandbox.wechat_tokens import AccessTokens
from bots.sandbox.wechat_xml import Fields

#: What a person reads when the desk's answer cannot be shown or never came.
OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试"

#: The event that follows a template message; nobody pressed anything, so no reply to it is shown.
JOB_FINISHED = "TEMPLATESENDJOBFINISH"


@dataclass(kw_only=True, eq=False)
class Contact:
    """A person as the account knows him."""

    openid: str
    name: str
    chat: Chat
    follows: bool = False


@dataclass(kw_only=True, eq=False)
class WeChatPlatform:
    account: WeChatAccount
    clock: Clock
    transcript: Transcript
    faults: Faults
    patience: Patience = field(default_factory=Patience)
    #: Addresses that may fetch tokens; empty: all. Others get 40164.
    whitelist: frozenset[str] = frozenset()
    #: Registered templates: id → text with {{name.DATA}}. None registered: any id is taken.
    templates: dict[str, str] = field(default_factory=dict)
    menu: tuple[MenuItem, ...] = ()
    contacts: dict[str, Contact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens = AccessTokens(self.clock)
        self.media = MediaStore(self.clock)
        self.quota = Quota(self.clock)
        self.courier = Courier(
            self.account,
            clock=self.clock,
            transcript=self.transcript,
            planned=self.faults,
            patience=self.patience,
        )
        self._message_id = 24_600_000_000_000_000 + secrets.randbelow(10**12)
        self._under_way: set[asyncio.Task[Delivery]] = set()

    def add_contact(self, name: str) -> Contact:
        openid = "o" + secrets.token_urlsafe(30)[:27]
        chat = Chat(f"wechat:{openid}", self.account.name, Platform.WECHAT, self.transcript)
        contact = Contact(openid=openid, name=name, chat=chat)
        self.contacts[openid] = contact
        return contact

    async def verify(self) -> bool:
        """Checks the callback address with an echostr, as when it is saved in the account's settings."""
        return await self.courier.verify()

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self.courier.close()

    def receive(
        self,
        contact: Contact,
        content: Content,
        fields: Fields,
        *,
        text: str = "",
        file: str = "",
        file_name: str = "",
        occasion: Occasion = Occasion.SAID,
    ) -> asyncio.Task[Delivery]:
        """A message of a person: on his screen at once, on its way to the desk; the reply is shown later."""
        number = self._show(contact, content, text=text, file=file, file_name=file_name, from_desk=False)
        self.quota.grant(contact.openid, occasion)
        self._message_id += 1
        key = str(self._message_id)
        return self._send(contact, number, key, {**fields, "MsgId": self._message_id})

    def happen(
        self, contact: Contact, event: str, key: str, *, told: str, **more: str | int
    ) -> asyncio.Task[Delivery]:
        """An event of a person; `told` is what the transcript says."""
        self.transcript.write(
            Platform.WECHAT,
            Kind.EVENT,
            Direction.IN,
            chat=contact.chat.key,
            who=contact.openid,
            text=told,
            detail=event,
        )
        at = self.clock.seconds()
        fields: Fields = {"MsgType": "event", "Event": event}
        if event != JOB_FINISHED:
            fields = {**fields, "EventKey": key}
        fields = {**fields, **more}
        return self._send(contact, 0, f"{contact.openid}+{at}+{event}+{key}", fields)

    def say(
        self,
        contact: Contact,
        content: Content,
        *,
        text: str = "",
        buttons: Keyboard = (),
        media_id: str = "",
    ) -> None:
        """A message of the account."""
        self._show(contact, content, text=text, buttons=buttons, file=media_id, from_desk=True)

    def notice(self, contact: Contact, text: str) -> None:
        """A grey line of the app."""
        self._show(contact, Content.NOTICE, text=text, from_desk=True)

    def _send(self, contact: Contact, number: int, key: str, fields: Fields) -> asyncio.Task[Delivery]:
        envelope: Fields = {
            "ToUserName": self.account.original_id,
            "FromUserName": contact.openid,
            "CreateTime": self.clock.seconds(),
        }
        parcel = Parcel(
            openid=contact.openid,
            key=key,
            chat=contact.chat.key,
            message=number,
            fields={**envelope, **fields},
        )
        task = asyncio.create_task(self._carry(contact, parcel))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _carry(self, contact: Contact, parcel: Parcel) -> Delivery:
        delivery = await self.courier.deliver(parcel)
        if not contact.follows or parcel.fields.get("Event") == JOB_FINISHED:
            return delivery
        reply = delivery.reply
        broken = delivery.outcome in (Outcome.UNREADABLE, Outcome.UNANSWERED)
        if broken or (reply is not None and reply.media_id and not self.media.is_alive(reply.media_id)):
            self.notice(contact, OUT_OF_ORDER)
        elif reply is not None:
            self.say(contact, reply.content, text=reply.text, buttons=reply.buttons, media_id=reply.media_id)
        return delivery

    def _show(
        self,
        contact: Contact,
        content: Content,
        *,
        from_desk: bool,
        text: str = "",
        buttons: Keyboard = (),
        file: str = "",
        file_name: str = "",
    ) -> int:
        number = contact.chat.number()
        bubble = Bubble(
            number=number,
            at=self.clock.now(),
            who=self.account.original_id if from_desk else contact.openid,
            name=self.account.name if from_desk else contact.name,
            from_desk=from_desk,
            content=content,
            text=text,
            buttons=buttons,
            file=file,
            file_name=file_name,
        )
        contact.chat.show(bubble)
        return number
