"""The interface the desk calls: `/cgi-bin/…`, HTTP 200 with an errcode."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bots.sandbox import wechat_links, wechat_menu
from bots.sandbox.bubble import Content
from bots.sandbox.faults import Fault, FaultKind
from bots.sandbox.spoilt import spoil
from bots.sandbox.transcript import Direction, Kind, Platform
from bots.sandbox.wechat_menu import MenuItem
from bots.sandbox.wechat_platform import JOB_FINISHED, Contact, WeChatPlatform
from bots.sandbox.wechat_refusal import ApiRefusal
from bots.sandbox.wechat_reply import LONGEST_TEXT_BYTES
from bots.sandbox.wechat_tokens import AccessToken

CLIENT_ID_LASTS = timedelta(minutes=10)

Body = Mapping[str, object]
Handler = Callable[[Request], Awaitable[object]]

_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\u(?!00[0-7])")
_SLOT = re.compile(r"\{\{(\w+)\.DATA\}\}")
_MEDIA = {"image": Content.PHOTO, "voice": Content.VOICE, "video": Content.VIDEO}


class WeChatApi:
    def __init__(self, platform: WeChatPlatform) -> None:
        self._platform = platform
        self._client_ids: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._template_id = 3_000_000_000
        self._handlers: Mapping[tuple[str, str], Handler] = {
            ("POST", "stable_token"): self._stable_token,
            ("GET", "token"): self._old_token,
            ("POST", "message/custom/send"): self._custom_send,
            ("POST", "message/template/send"): self._template_send,
            ("POST", "media/upload"): self._media_upload,
            ("GET", "media/get"): self._media_get,
            ("POST", "menu/create"): self._menu_create,
            ("GET", "menu/get"): self._menu_get,
            ("GET", "menu/delete"): self._menu_delete,
            ("GET", "getcallbackip"): self._addresses,
            ("GET", "get_api_domain_ip"): self._addresses,
        }

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/cgi-bin/{name:path}", self._call, methods=["GET", "POST"]),
            Route("/sandbox/video/{media_id}", self._video),
        ]

    async def _call(self, request: Request) -> Response:
        name = request.path_params["name"]

        async def carry_out() -> Response:
            try:
                answer = await self._answer(request, name)
            except ApiRefusal as refusal:
                self._note(Kind.REFUSED, f"{name}: {refusal.code} {refusal}")
                answer = refusal.as_json()
            return answer if isinstance(answer, Response) else JSONResponse(answer)

        fault = self._platform.faults.take(name)
        if fault is None:
            return await carry_out()
        self._note(Kind.FAULT, f"{name}: {fault.kind} {fault.code or ''}".strip())
        return await spoil(fault, carry_out, _fault_json)

    async def _answer(self, request: Request, name: str) -> object:
        handler = self._handlers.get((request.method, name))
        if handler is None:
            if ("POST", name) in self._handlers:
                raise ApiRefusal(43002)
            raise ApiRefusal(40066)
        if not name.endswith("token"):
            self._platform.tokens.ensure_good(request.query_params.get("access_token", ""))
        return await handler(request)

    # tokens

    async def _stable_token(self, request: Request) -> object:
        body = await _json(request)
        self._ensure_owner(request, body)
        force = body.get("force_refresh", False)
        if not isinstance(force, bool):
            raise ApiRefusal(47001)
        return self._token_json(self._platform.tokens.stable(force=force))

    async def _old_token(self, request: Request) -> object:
        self._ensure_owner(request, request.query_params)
        return self._token_json(self._platform.tokens.old_style())

    def _token_json(self, token: AccessToken) -> object:
        return {"access_token": token.text, "expires_in": self._platform.tokens.remaining(token)}

    def _ensure_owner(self, request: Request, body: Body) -> None:
        if body.get("grant_type") not in ("client_credential",):
            raise ApiRefusal(40002)
        if body.get("appid") != self._platform.account.app_id:
            raise ApiRefusal(40013)
        if body.get("secret") != self._platform.account.app_secret:
            raise ApiRefusal(40125)
        address = request.client.host if request.client is not None else ""
        if self._platform.whitelist and address not in self._platform.whitelist:
            raise ApiRefusal(40164)

    # messages

    async def _custom_send(self, request: Request) -> object:
        """客服消息. Non-ASCII text must come as UTF-8: `\\uXXXX` escapes are shown as they are written."""
        body = await _json(request, literal_escapes=True)
        contact = self._reader(body)
        kind = str(body.get("msgtype", ""))
        part = body.get(kind)
        if not isinstance(part, dict):
            raise ApiRefusal(40008 if kind not in ("text", "msgmenu", *_MEDIA) else 44004)
        if kind == "text":
            _ensure_length(str(part.get("content", "")))
        elif kind in _MEDIA:
            self._platform.media.fetch(str(part.get("media_id", "")))
        elif kind != "msgmenu":
            raise ApiRefusal(40008)
        self._platform.quota.ensure_left(contact.openid)
        self._show(contact, kind, part)
        self._platform.quota.spend(contact.openid)
        return {"errcode": 0, "errmsg": "ok"}

    def _show(self, contact: Contact, kind: str, part: Body) -> None:
        if kind == "text":
            text, links = wechat_links.shown(str(part["content"]))
            self._platform.say(contact, Content.TEXT, text=text, buttons=links)
        elif kind == "msgmenu":
            choices = part.get("list")
            if not isinstance(choices, list) or not choices:
                raise ApiRefusal(47001)
            buttons = tuple((wechat_links.menu_button(str(c["content"]), str(c["id"])),) for c in choices)
            parts = [str(part.get("head_content", "")), str(part.get("tail_content", ""))]
            text = "\n".join(line for line in parts if line)
            self._platform.say(contact, Content.TEXT, text=text, buttons=buttons)
        else:
            self._platform.say(contact, _MEDIA[kind], media_id=str(part["media_id"]))

    async def _template_send(self, request: Request) -> object:
        """The same client_msg_id for the same person within 10 minutes sends nothing again."""
        body = await _json(request)
        contact = self._reader(body)
        template_id, client_id = str(body.get("template_id", "")), str(body.get("client_msg_id", ""))
        if not template_id or (self._platform.templates and template_id not in self._platform.templates):
            raise ApiRefusal(40037)
        data = body.get("data")
        if not isinstance(data, dict):
            raise ApiRefusal(47001)
        now = self._platform.clock.now()
        sent, at = self._client_ids.get((contact.openid, client_id), (0, now))
        if client_id and sent and now - at < CLIENT_ID_LASTS:
            return {"errcode": 0, "errmsg": "ok", "msgid": sent}
        self._template_id += 1
        if client_id:
            self._client_ids[contact.openid, client_id] = (self._template_id, now)
        self._platform.say(contact, Content.TEXT, text=self._filled(template_id, data))
        self._platform.happen(
            contact,
            JOB_FINISHED,
            "",
            told="模板消息已送达",
            MsgID=self._template_id,
            Status="success",
        )
        return {"errcode": 0, "errmsg": "ok", "msgid": self._template_id}

    def _filled(self, template_id: str, data: Mapping[str, object]) -> str:
        values = {name: str(item.get("value", "")) for name, item in data.items() if isinstance(item, dict)}
        template = self._platform.templates.get(template_id)
        if template is None:
            return "\n".join(f"{name}：{value}" for name, value in values.items())
        return _SLOT.sub(lambda slot: values.get(slot[1], ""), template)

    def _reader(self, body: Body) -> Contact:
        contact = self._platform.contacts.get(str(body.get("touser", "")))
        if contact is None:
            raise ApiRefusal(40003)
        if not contact.follows:
            raise ApiRefusal(43004)
        return contact

    # media

    async def _media_upload(self, request: Request) -> object:
        async with request.form() as form:
            file = form.get("media")
            if not isinstance(file, UploadFile):
                raise ApiRefusal(41005)
            media = self._platform.media.upload(
                request.query_params.get("type", ""),
                await file.read(),
                name=file.filename or "media",
                mime=file.content_type or "application/octet-stream",
            )
        return {"type": media.kind, "media_id": media.id, "created_at": int(media.at.timestamp())}

    async def _media_get(self, request: Request) -> object:
        """The bytes; for a video the address where they are."""
        media = self._platform.media.fetch(request.query_params.get("media_id", ""))
        if media.kind == "video":
            return {"video_url": str(request.url_for("_video", media_id=media.id))}
        suffix = media.name.rpartition(".")[2]
        headers = {"Content-disposition": f'attachment; filename="{media.id}.{suffix}"'}
        return Response(media.content, media_type=media.mime, headers=headers)

    async def _video(self, request: Request) -> Response:
        media = self._platform.media.find(request.path_params["media_id"])
        return Response(status_code=404) if media is None else Response(media.content, media_type=media.mime)

    # menu and addresses

    async def _menu_create(self, request: Request) -> object:
        self._platform.menu = wechat_menu.read(await _json(request))
        self._note(Kind.MENU, "created")
        return {"errcode": 0, "errmsg": "ok"}

    async def _menu_get(self, _: Request) -> object:
        if not self._platform.menu:
            raise ApiRefusal(46003)
        return {"menu": {"button": [_item_json(item) for item in self._platform.menu]}}

    async def _menu_delete(self, _: Request) -> object:
        self._platform.menu = ()
        self._note(Kind.MENU, "deleted")
        return {"errcode": 0, "errmsg": "ok"}

    async def _addresses(self, _: Request) -> object:
        return {"ip_list": ["127.0.0.1"]}

    def _note(self, kind: Kind, detail: str) -> None:
        self._platform.transcript.write(Platform.WECHAT, kind, Direction.OUT, detail=detail)


def _item_json(item: MenuItem) -> dict[str, object]:
    if item.items:
        return {"name": item.label, "sub_button": [_item_json(below) for below in item.items]}
    target = {"type": "view", "url": item.url} if item.url else {"type": "click", "key": item.key}
    return {"name": item.label, "sub_button": [], **target}


async def _json(request: Request, *, literal_escapes: bool = False) -> Body:
    try:
        text = (await request.body()).decode()
        body = json.loads(_ESCAPED.sub(r"\1\\\\u", text) if literal_escapes else text)
    except (ValueError, RecursionError) as broken:
        raise ApiRefusal(47001) from broken
    if not isinstance(body, dict):
        raise ApiRefusal(47001)
    return body


def _ensure_length(content: str) -> None:
    if not content:
        raise ApiRefusal(44004)
    if len(content.encode("utf-8", "surrogatepass")) > LONGEST_TEXT_BYTES:
        raise ApiRefusal(45002)


def _fault_json(fault: Fault) -> Response:
    if fault.kind is FaultKind.ERRCODE:
        return JSONResponse(ApiRefusal(fault.code).as_json())
    if fault.kind is FaultKind.FLOOD:
        return JSONResponse(ApiRefusal(45009).as_json())
    return JSONResponse(ApiRefusal(-1).as_json(), 500)
