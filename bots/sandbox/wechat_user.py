"""A person with the WeChat app and the account's chat open."""

from __future__ import annotations

import asyncio

from bots.sandbox import wechat_links, wechat_menu
from bots.sandbox.bubble import Button, Content
from bots.sandbox.chat import Chat
from bots.sandbox.wechat_platform import Contact, WeChatPlatform
from bots.sandbox.wechat_push import Delivery
from bots.sandbox.wechat_quota import Occasion

#: What the platform tells the desk of a sticker, a sticker album, a forwarded chat …
UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"

Sent = asyncio.Task[Delivery]


class WeChatUser:
    """What the app lets a person do. Each act is on its way when it returns; awaiting it gives the outcome."""

    def __init__(self, platform: WeChatPlatform, name: str) -> None:
        self._platform = platform
        self._contact: Contact = platform.add_contact(name)

    @property
    def openid(self) -> str:
        return self._contact.openid

    @property
    def name(self) -> str:
        return self._contact.name

    @property
    def chat(self) -> Chat:
        return self._contact.chat

    @property
    def follows(self) -> bool:
        return self._contact.follows

    def subscribe(self) -> Sent:
        """关注."""
        self._contact.follows = True
        self._platform.quota.grant(self.openid, Occasion.FOLLOWED)
        return self._platform.happen(self._contact, "subscribe", "", told="关注")

    def unsubscribe(self) -> Sent:
        """取消关注: nothing can be sent to him any more."""
        self._contact.follows = False
        return self._platform.happen(self._contact, "unsubscribe", "", told="取消关注")

    def say(self, text: str) -> Sent:
        return self._text(text, {})

    def press_menu(self, item: str) -> Sent:
        """An item of the account's menu, by label or key; a key the menu lacks is an old menu's."""
        for leaf in wechat_menu.leaves(self._platform.menu):
            if item in (leaf.label, leaf.key) and leaf.url:
                return self._platform.happen(self._contact, "VIEW", leaf.url, told=leaf.label)
            if item in (leaf.label, leaf.key):
                return self._click(leaf.key, leaf.label)
        return self._click(item, item)

    def press_link(self, button: Button) -> Sent:
        """A line of a msgmenu, or a bizmsgmenu link: says its words, which count as a menu click."""
        content, menu_id = wechat_links.menu_choice(button)
        return self._text(content, {"bizmsgmenuid": menu_id}, Occasion.MENU)

    def send_image(self, content: bytes, *, name: str = "image.jpg") -> Sent:
        media = self._platform.media.keep("image", content, name=name, mime="image/jpeg")
        fields: dict[str, str | int] = {
            "MsgType": "image",
            "PicUrl": f"http://mmbiz.qpic.cn/sandbox/{media.id}/0",
            "MediaId": media.id,
        }
        return self._receive(Content.PHOTO, fields, file=media.id, file_name=name)

    def send_voice(self, content: bytes) -> Sent:
        """`Recognition` is empty, as since 2023."""
        media = self._platform.media.keep("voice", content, name="voice.amr", mime="audio/amr")
        fields: dict[str, str | int] = {
            "MsgType": "voice",
            "MediaId": media.id,
            "Format": "amr",
            "Recognition": "",
        }
        return self._receive(Content.VOICE, fields, file=media.id, file_name=media.name)

    def send_video(self, content: bytes) -> Sent:
        media = self._platform.media.keep("video", content, name="video.mp4", mime="video/mp4")
        thumb = self._platform.media.keep("thumb", b"\xff\xd8\xff", name="thumb.jpg", mime="image/jpeg")
        fields: dict[str, str | int] = {
            "MsgType": "video",
            "MediaId": media.id,
            "ThumbMediaId": thumb.id,
        }
        return self._receive(Content.VIDEO, fields, file=media.id, file_name=media.name)

    def send_file(self, content: bytes, *, name: str) -> Sent:
        """The desk gets name and size but no media_id: an account cannot fetch files."""
        media = self._platform.media.keep("file", content, name=name, mime="application/octet-stream")
        fields: dict[str, str | int] = {
            "MsgType": "file",
            "Title": name,
            "Description": "",
            "FileKey": media.id[:32],
            "FileTotalLen": len(content),
        }
        return self._receive(Content.DOCUMENT, fields, text=name, file=media.id, file_name=name)

    def send_location(self, latitude: float, longitude: float, label: str) -> Sent:
        fields: dict[str, str | int] = {
            "MsgType": "location",
            "Location_X": f"{latitude}",
            "Location_Y": f"{longitude}",
            "Scale": "15",
            "Label": label,
        }
        return self._receive(Content.LOCATION, fields, text=label)

    def send_link(self, title: str, url: str) -> Sent:
        fields: dict[str, str | int] = {"MsgType": "link", "Title": title, "Description": "", "Url": url}
        return self._receive(Content.LINK, fields, text=f"{title}\n{url}")

    def send_emoticon(self) -> Sent:
        """A sticker: the desk only hears that it cannot be shown."""
        fields: dict[str, str | int] = {"MsgType": "text", "Content": UNSUPPORTED}
        return self._receive(Content.STICKER, fields, text="[动画表情]")

    def _text(self, text: str, more: dict[str, str], occasion: Occasion = Occasion.SAID) -> Sent:
        fields = {"MsgType": "text", "Content": text, **more}
        return self._receive(Content.TEXT, fields, text=text, occasion=occasion)

    def _click(self, key: str, label: str) -> Sent:
        self._platform.quota.grant(self.openid, Occasion.MENU)
        return self._platform.happen(self._contact, "CLICK", key, told=label)

    def _receive(
        self,
        content: Content,
        fields: dict[str, str | int] | dict[str, str],
        *,
        text: str = "",
        file: str = "",
        file_name: str = "",
        occasion: Occasion = Occasion.SAID,
    ) -> Sent:
        if not self._contact.follows:
            raise LookupError(f"{self.name} does not follow the account")
        return self._platform.receive(
            self._contact,
            content,
            {**fields},
            text=text,
            file=file,
            file_name=file_name,
            occasion=occasion,
        )
