"""From the fields of a WeChat message to an `Inbound`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping

from wechatpy.messages import MESSAGE_TYPES

from bots.inbound import Happening, Inbound, Media
from bots.wechat.envelope import Rejected
from casestore.codes import Channel, EvidenceKind

_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")
_MSG_ID = re.compile(r"[0-9]{1,20}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")

#: What a menu entry of the account says for the citizen.
MENU_WORDS = {"MENU_COMPLAIN": "我要投诉", "MENU_PROGRESS": "进度", "MENU_HELP": "帮助"}
#: What the platform sends us for an emoticon.
UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
_MEDIA = {
    "image": EvidenceKind.PHOTO,
    "voice": EvidenceKind.VOICE,
    "video": EvidenceKind.VIDEO,
    "shortvideo": EvidenceKind.VIDEO,
}
_EVENTS = {
    "subscribe": Happening.FOLLOWED,
    "unsubscribe": Happening.UNFOLLOWED,
    "scan": Happening.FOLLOWED,
}


def read(message: Mapping[str, str], bot: str, raw: bytes) -> Inbound:
    """Raises Rejected where a field the desk relies on is missing or has another shape."""
    openid, sent_at = message.get("FromUserName", ""), message.get("CreateTime", "")
    kind = message.get("MsgType", "").lower()
    if not _OPENID.fullmatch(openid) or not _SECONDS.fullmatch(sent_at) or not kind:
        raise Rejected("fields")
    ours = message.get("ToUserName", "")
    if not _OPENID.fullmatch(ours):
        raise Rejected("ToUserName")
    known = Inbound(channel=Channel.WECHAT, bot=bot, key="", account=openid, addressed_to=ours, raw=raw)
    if kind == "event":
        event = message.get("Event", "").lower()
        return _event(
            known, event, key_of(openid, sent_at, event, message.get("EventKey", "")[:128]), message
        )
    number = message.get("MsgId", "")
    if not _MSG_ID.fullmatch(number):
        raise Rejected("MsgId")
    known = _with(known, key=key_of(openid, number))
    if kind in _MEDIA:
        reference = message.get("MediaId", "")
        if not _MEDIA_ID.fullmatch(reference):
            raise Rejected("MediaId")
        return _with(known, media=Media(kind=_MEDIA[kind], file_ref=reference))
    return _READERS.get(kind, _unknown)(known, message)


def key_of(*parts: str) -> str:
    """The same for a repetition, another for another person; it names nobody."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _event(known: Inbound, event: str, key: str, message: Mapping[str, str]) -> Inbound:
    known = _with(known, key=key)
    if event == "click":
        words = MENU_WORDS.get(message.get("EventKey", ""))
        return _with(known, text=words) if words else _with(known, happening=Happening.UNKNOWN)
    return _with(known, happening=_EVENTS.get(event, Happening.SILENT))


def _text(known: Inbound, message: Mapping[str, str]) -> Inbound:
    text = message.get("Content", "")
    if text == UNSUPPORTED:
        return _with(known, happening=Happening.STICKER)
    return _with(known, text=text)


def _file(known: Inbound, _message: Mapping[str, str]) -> Inbound:
    return _with(known, happening=Happening.FILE)  # the platform gives an account no way to fetch it


def _location(known: Inbound, message: Mapping[str, str]) -> Inbound:
    place = MESSAGE_TYPES["location"](dict(message))
    words = f"位置：{place.label or ''}（{place.location_x}, {place.location_y}）"
    return _with(known, media=Media(kind=EvidenceKind.LOCATION, words=words))


def _link(known: Inbound, message: Mapping[str, str]) -> Inbound:
    link = MESSAGE_TYPES["link"](dict(message))
    return _with(known, text=f"{link.title or ''} {link.url or ''}".strip(), forwarded=True)


def _unknown(known: Inbound, _message: Mapping[str, str]) -> Inbound:
    return _with(known, happening=Happening.UNKNOWN)


def _with(known: Inbound, **changes: object) -> Inbound:
    return Inbound(**{**vars(known), **changes})


_READERS: dict[str, Callable[[Inbound, Mapping[str, str]], Inbound]] = {
    "text": _text,
    "file": _file,
    "location": _location,
    "link": _link,
}
