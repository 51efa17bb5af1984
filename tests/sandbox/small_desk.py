"""A desk of one page: four questions, a card for the staff, a word to the citizen. For trying the sandbox.

`python -m tests.sandbox.small_desk [port]` shows it with the four phones.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from bots.sandbox import Sandbox, serve
from bots.sandbox.bot_account import Bot
from bots.sandbox.phone_book import Handset, Link, Look, PhoneBook, Seat, Suggestion
from bots.sandbox.phones import Phones
from bots.sandbox.wechat_user import WeChatUser

KINDS = ["投诉", "举报", "咨询"]


@dataclass
class Draft:
    """Where a citizen stands."""

    step: str = "start"
    merchant: str = ""
    photos: int = 0


@dataclass
class Case:
    number: str
    merchant: str
    citizen: str


@dataclass
class SmallDesk:
    sandbox: Sandbox
    drafts: dict[str, Draft] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)

    def __post_init__(self) -> None:
        telegram = self.sandbox.telegram
        self.citizen_bot = telegram.add_bot("111111:citizen", username="tousu_bot", name="示例县投诉")
        self.staff_bot = telegram.add_bot("222222:staff", username="tousu_staff_bot", name="投诉工作台")
        self.officers = [telegram.person("赵敏"), telegram.person("钱进")]
        self.head = telegram.person("孙主任")
        self.duty = telegram.group("值班群", bots=(self.staff_bot,), people=tuple(self.officers))
        self.base = ""
        self.http = httpx.AsyncClient(verify=False, timeout=5)

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/wechat", self._wechat, methods=["GET", "POST"]),
            Route("/telegram/citizen", self._citizen, methods=["POST"]),
            Route("/telegram/staff", self._staff, methods=["POST"]),
        ]

    async def begin(self, base: str, own: str) -> None:
        self.base = base
        self.sandbox.call_back_at(f"{own}/wechat")
        await self.call(self.citizen_bot, "setWebhook", url=f"{own}/telegram/citizen")
        await self.call(self.staff_bot, "setWebhook", url=f"{own}/telegram/staff")
        for person in (*self.officers, self.head):
            person.start(self.staff_bot)

    async def call(self, bot: Bot, method: str, **fields: Any) -> Any:
        answer = await self.http.post(f"{self.base}/bot{bot.token}/{method}", json=fields)
        return answer.json()

    # the talk, the same on both platforms

    async def talk(self, citizen: str, text: str, *, photo: bool = False) -> tuple[str, list[str]]:
        draft = self.drafts.setdefault(citizen, Draft())
        match draft.step:
            case "kind" if text in KINDS:
                draft.step = "merchant"
                return f"{text}。请问商家（经营者）全称是什么？\n例：示例县甲超市人民路店", []
            case "merchant" if text:
                draft.step, draft.merchant = "evidence", text
                return "请发送小票、照片等证据的副本，可发多份。原件请自己留好。", ["完成", "上一步"]
            case "evidence" if photo:
                draft.photos += 1
                return f"已收到 {draft.photos} 份材料，可以继续发送。", ["完成"]
            case "evidence" if text == "完成":
                draft.step = "confirm"
                return f"请核对：\n经营者：{draft.merchant}\n证据：{draft.photos} 份", ["提交", "修改"]
            case "confirm" if text == "提交":
                number = f"SL-2026-{len(self.cases) + 1:04}"
                self.cases[number] = Case(number, draft.merchant, citizen)
                self.drafts[citizen] = Draft()
                await self._card(self.cases[number])
                return f"您的投诉已登记，编号 {number}。\n我们将在 7 个工作日内告知您是否受理。", []
            case _:
                draft.step = "kind"
                return "您好，这里是示例县市场监管局投诉举报中心。\n您要办理哪一项？", KINDS

    async def _card(self, case: Case) -> None:
        text = f"🆕 {case.number}　投诉 · 食品\n经营者：{case.merchant}\n建议承办：消保股（小票、超市）\n时限：12月3日 前决定是否受理"
        await self.call(
            self.staff_bot,
            "sendMessage",
            chat_id=self.duty.id,
            text=text,
            protect_content=True,
            reply_markup=_keyboard([["受理", "不予受理"], ["要求补正", "升级"]], case.number),
        )

    async def notify(self, citizen: str, text: str) -> None:
        if citizen.startswith("o"):
            body = {"touser": citizen, "msgtype": "text", "text": {"content": text}}
            account = self.sandbox.wechat.account
            token = await self.http.post(
                f"{self.base}/cgi-bin/stable_token",
                json={
                    "grant_type": "client_credential",
                    "appid": account.app_id,
                    "secret": account.app_secret,
                },
            )
            address = f"{self.base}/cgi-bin/message/custom/send"
            query = {"access_token": token.json()["access_token"]}
            await self.http.post(address, params=query, content=json.dumps(body, ensure_ascii=False))
        else:
            await self.call(self.citizen_bot, "sendMessage", chat_id=int(citizen), text=text)

    # adapters

    async def _wechat(self, request: Request) -> Response:
        query = request.query_params
        if request.method == "GET":
            return Response(query["echostr"])
        account = self.sandbox.wechat.account
        crypto = WeChatCrypto(account.token, account.aes_key, account.app_id)
        body = await request.body()
        message = parse_message(
            crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        )
        if message.type == "event" and message.event == "unsubscribe":
            return Response("success")
        said = message.content if message.type == "text" else ""
        shown = self.drafts.get(message.source + "#", None)
        choices = shown.merchant.split("|") if shown else []
        if said.isdigit() and 0 < int(said) <= len(choices):
            said = choices[int(said) - 1]
        text, choices = await self.talk(message.source, said, photo=message.type == "image")
        self.drafts[message.source + "#"] = Draft(merchant="|".join(choices))
        lines = [text, *(f"{number}. {label}" for number, label in enumerate(choices, 1))]
        reply = TextReply(content="\n".join(lines), message=message).render()
        return Response(crypto.encrypt_message(reply, query["nonce"], query["timestamp"]))

    async def _citizen(self, request: Request) -> Response:
        update = await request.json()
        press, message = update.get("callback_query"), update.get("message")
        if press:
            await self.call(self.citizen_bot, "answerCallbackQuery", callback_query_id=press["id"])
            await self.call(
                self.citizen_bot,
                "editMessageText",
                chat_id=press["message"]["chat"]["id"],
                message_id=press["message"]["message_id"],
                text=f"{press['message']['text']}\n✔ {press['data']}",
            )
            chat, said, photo = press["message"]["chat"]["id"], press["data"], False
        elif message:
            chat, said, photo = message["chat"]["id"], message.get("text", ""), "photo" in message
        else:
            return Response()
        text, choices = await self.talk(str(chat), said, photo=photo)
        rows = [choices[at : at + 2] for at in range(0, len(choices), 2)]
        answer = {"method": "sendMessage", "chat_id": chat, "text": text}
        return JSONResponse(answer | ({"reply_markup": _keyboard(rows)} if rows else {}))

    async def _staff(self, request: Request) -> Response:
        update = await request.json()
        press, message = update.get("callback_query"), update.get("message")
        if press:
            await self._staff_press(press)
        elif message and message["chat"]["type"] == "private":
            text = f"您好，{message['from']['first_name']}。今天 {len(self.cases)} 件在办。"
            return JSONResponse({"method": "sendMessage", "chat_id": message["chat"]["id"], "text": text})
        return Response()

    async def _staff_press(self, press: dict[str, Any]) -> None:
        action, _, number = press["data"].partition(":")
        case, name = self.cases[number], press["from"]["first_name"]
        await self.call(
            self.staff_bot, "answerCallbackQuery", callback_query_id=press["id"], text=f"{action}：已记录"
        )
        where = {
            "chat_id": press["message"]["chat"]["id"],
            "message_id": press["message"]["message_id"],
        }
        text = press["message"]["text"] + f"\n{action} · {name}"
        await self.call(self.staff_bot, "editMessageText", **where, text=text)
        if action == "升级":
            await self.call(
                self.staff_bot,
                "sendMessage",
                chat_id=self.head.account.id,
                text=f"{name} 上报 {number}\n经营者：{case.merchant}\n请批示。",
                reply_markup=_keyboard([["批准", "驳回"]], number),
            )
        else:
            await self.notify(case.citizen, f"您的投诉 {number} 有新进展：{action}。")


def _keyboard(rows: list[list[str]], number: str = "") -> dict[str, object]:
    def data(label: str) -> str:
        return f"{label}:{number}" if number else label

    return {
        "inline_keyboard": [[{"text": label, "callback_data": data(label)} for label in row] for row in rows]
    }


@asynccontextmanager
async def working(sandbox: Sandbox, port: int = 0) -> AsyncIterator[tuple[SmallDesk, str]]:
    """Sandbox and desk on two ports; the page with the phones is the desk's `/`."""
    desk = SmallDesk(sandbox)
    phones = Phones(a_book(desk), sandbox)
    routes = [*desk.routes, *phones.routes]
    async with sandbox.running() as base, serve(Starlette(routes=routes), port) as own:
        await desk.begin(base, own)
        yield desk, own
        phones.stop()
        await desk.http.aclose()


def a_book(desk: SmallDesk) -> PhoneBook:
    telegram, wechat = desk.sandbox.telegram, desk.sandbox.wechat
    zhao, qian = desk.officers
    samples = (
        Suggestion(text="我要投诉"),
        Suggestion(text="示例县甲超市人民路店"),
        Suggestion(text="在甲超市买的饼干过期了，花了36元，要求退货并赔偿", label="饼干过期了，要求退赔"),
    )
    return PhoneBook(
        title="投诉 Tousu",
        sentence="消费者在微信或 Telegram 里说一句话，值班人员就地受理、分派、答复，法定时限自动计时。",
        links=(
            Link(label="使用说明", url="/readme"),
            Link(label="办件看板", url="/board"),
            Link(label="公示", url="/public"),
        ),
        steps=(
            "在微信手机上点「关注公众号」，再点「我要投诉」。",
            "按提示一问一答，发一张示例小票，最后提交。",
            "到工作人员的值班群，看卡片，点「受理」或「升级」。",
            "升级的件由领导批示；消费者会收到每一步的通知。",
        ),
        handsets=(
            Handset(
                look=Look.WECHAT,
                title="微信 · 消费者",
                caption="服务号里的聊天，编号作答",
                welcome="投诉、举报、咨询，一问一答办理",
                seats=(
                    Seat(title="李女士", people=(WeChatUser(wechat, "李女士"),)),
                    Seat(title="王先生", people=(WeChatUser(wechat, "王先生"),)),
                ),
                suggestions=samples,
            ),
            Handset(
                look=Look.TELEGRAM,
                title="Telegram · 消费者",
                caption="同一套问题，按钮作答",
                welcome="这个机器人能做什么？\n在聊天里投诉、举报、咨询，随时查进度。",
                seats=(Seat(title="安娜", people=(telegram.person("安娜"),), place=desk.citizen_bot),),
                suggestions=samples,
            ),
            Handset(
                look=Look.STAFF,
                title="工作人员",
                caption="值班群和各人的私聊",
                seats=(
                    Seat(title="值班群", people=(zhao, qian), place=desk.duty),
                    Seat(title=zhao.account.first_name, people=(zhao,), place=desk.staff_bot),
                    Seat(title=qian.account.first_name, people=(qian,), place=desk.staff_bot),
                ),
            ),
            Handset(
                look=Look.SUPERVISOR,
                title="领导",
                caption="审批上报的件",
                seats=(Seat(title="孙主任", people=(desk.head,), place=desk.staff_bot),),
            ),
        ),
    )


async def main() -> None:
    async with working(Sandbox(), int(sys.argv[1]) if len(sys.argv) > 1 else 8399) as (_, url):
        sys.stdout.write(f"{url}/\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
