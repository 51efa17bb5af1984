"""What the desk answers to a callback, checked as strictly as anything a person is to see."""

from __future__ import annotations

from dataclasses import dataclass

from bots.sandbox import wechat_links, wechat_xml
from bots.sandbox.bubble import Content, Keyboard
from bots.sandbox.wechat_account import WeChatAccount
from bots.sandbox.wechat_crypto import BadReply, WeChatCrypto

LONGEST_TEXT_BYTES = 2048

_MEDIA = {
    "image": ("Image", Content.PHOTO),
    "voice": ("Voice", Content.VOICE),
    "video": ("Video", Content.VIDEO),
}
_ENVELOPE = {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}


@dataclass(frozen=True, kw_only=True)
class Reply:
    content: Content
    text: str = ""
    buttons: Keyboard = ()
    media_id: str = ""


def read(body: bytes, crypto: WeChatCrypto, account: WeChatAccount, openid: str) -> Reply | None:
    """None: nothing to show (`success`, empty, or handed to 客服). Raises BadReply."""
    if body.strip() in (b"", b"success"):
        return None
    return _message(_opened(body, crypto), account, openid)


def _opened(body: bytes, crypto: WeChatCrypto) -> dict[str, object]:
    envelope = {name: _text(value, name) for name, value in wechat_xml.read(body).items()}
    if set(envelope) != _ENVELOPE:
        raise BadReply(f"an encrypted reply holds {sorted(_ENVELOPE)}, not {sorted(envelope)}")
    sealed, stamp, nonce = envelope["Encrypt"], envelope["TimeStamp"], envelope["Nonce"]
    if not stamp.isdecimal() or not nonce:
        raise BadReply("TimeStamp or Nonce is missing")
    if not crypto.is_signed(envelope["MsgSignature"], stamp, nonce, sealed):
        raise BadReply("MsgSignature is wrong")
    return wechat_xml.read(crypto.decrypt(sealed))


def _message(fields: dict[str, object], account: WeChatAccount, openid: str) -> Reply | None:
    if fields.get("ToUserName") != openid or fields.get("FromUserName") != account.original_id:
        raise BadReply("ToUserName or FromUserName is wrong")
    if not _text(fields.get("CreateTime"), "CreateTime").isdecimal():
        raise BadReply("CreateTime is no number")
    match _text(fields.get("MsgType"), "MsgType"):
        case "text":
            content = _text(fields.get("Content"), "Content")
            if not content:
                raise BadReply("Content is empty")
            if len(content.encode()) > LONGEST_TEXT_BYTES:
                raise BadReply(f"Content has {len(content.encode())} bytes, over {LONGEST_TEXT_BYTES}")
            text, links = wechat_links.shown(content)
            return Reply(content=Content.TEXT, text=text, buttons=links)
        case "image" | "voice" | "video" as kind:
            element, shown_as = _MEDIA[kind]
            inner = fields.get(element)
            if not isinstance(inner, dict) or not inner.get("MediaId"):
                raise BadReply(f"{element}/MediaId is missing")
            return Reply(content=shown_as, media_id=_text(inner["MediaId"], "MediaId"))
        case "news":
            return Reply(content=Content.LINK, text=_article(fields))
        case "transfer_customer_service":
            return None
        case other:
            raise BadReply(f"MsgType {other!r} is unknown")


def _article(fields: dict[str, object]) -> str:
    articles = fields.get("Articles")
    item = articles.get("item") if isinstance(articles, dict) else None
    if fields.get("ArticleCount") != "1" or not isinstance(item, dict):
        raise BadReply("a news reply holds exactly one item")
    return f"{_text(item.get('Title'), 'Title')}\n{_text(item.get('Url'), 'Url')}"


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BadReply(f"{name} is missing or not a text")
    return value
