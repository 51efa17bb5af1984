"""Brings messages and events to the desk's callback, three times if need be."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from enum import StrEnum

import aiohttp

from bots.sandbox import faults, wechat_reply, wechat_xml
from bots.sandbox.clock import Clock
from bots.sandbox.faults import Fault, FaultKind, Faults
from bots.sandbox.transcript import Direction, Kind, Platform, Transcript
from bots.sandbox.wechat_account import WeChatAccount
from bots.sandbox.wechat_crypto import BadReply, WeChatCrypto
from bots.sandbox.wechat_reply import Reply


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Real seconds. WeChat waits 5 s and sends three times in all."""

    answer_within: float = 5.0
    tries: int = 3
    #: Before the next try when the last failed sooner: refused, reset, not 200.
    pause: float = 1.0


class Outcome(StrEnum):
    REPLIED = "replied"
    SILENT = "silent"  # `success` or empty: delivered, nothing to show
    UNREADABLE = "unreadable"  # answered, but with something that cannot be shown; not sent again
    UNANSWERED = "unanswered"  # all tries used up


@dataclass(frozen=True, kw_only=True)
class Delivery:
    key: str
    outcome: Outcome
    tries: int
    reply: Reply | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One message or event; the key is the same in all tries."""

    openid: str
    key: str
    chat: str
    message: int
    fields: wechat_xml.Fields


class Courier:
    """Knows nothing of order: each parcel travels by itself, as on the real platform."""

    def __init__(
        self,
        account: WeChatAccount,
        *,
        clock: Clock,
        transcript: Transcript,
        planned: Faults,
        patience: Patience,
    ) -> None:
        #: The desk's `/wechat`; set before the first message.
        self.address = ""
        self._account = account
        self._crypto = WeChatCrypto(account)
        self._clock = clock
        self._transcript = transcript
        self._faults = planned
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None
        self._twins: set[asyncio.Task[object]] = set()

    async def close(self) -> None:
        for twin in self._twins:
            twin.cancel()
        await asyncio.gather(*self._twins, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def verify(self) -> bool:
        """提交服务器配置: the address must answer the echostr of a signed GET, and nothing else."""
        stamp, nonce, echo = str(self._clock.seconds()), _digits(10), _digits(19)
        query = {"signature": self._crypto.signature(stamp, nonce), "timestamp": stamp, "nonce": nonce}
        try:
            async with self._client().get(self.address, params=query | {"echostr": echo}) as answer:
                return answer.status == 200 and await answer.read() == echo.encode()
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def deliver(self, parcel: Parcel) -> Delivery:
        """What came of it; the tries are in the transcript."""
        self._write(Kind.UPDATE, parcel, str(parcel.fields["MsgType"]))
        why = ""
        for number in range(1, self._patience.tries + 1):
            try:
                reply = await self._try(parcel, number)
            except _Unheard as unheard:
                why = str(unheard)
                if number < self._patience.tries and unheard.sooner:
                    await asyncio.sleep(self._patience.pause)
            except BadReply as bad:
                self._write(Kind.GIVEN_UP, parcel, str(bad))
                return Delivery(key=parcel.key, outcome=Outcome.UNREADABLE, tries=number, why=str(bad))
            else:
                self._write(Kind.ACKNOWLEDGED, parcel, f"try {number}")
                outcome = Outcome.SILENT if reply is None else Outcome.REPLIED
                return Delivery(key=parcel.key, outcome=outcome, tries=number, reply=reply)
        self._write(Kind.GIVEN_UP, parcel, why)
        return Delivery(key=parcel.key, outcome=Outcome.UNANSWERED, tries=self._patience.tries, why=why)

    async def _try(self, parcel: Parcel, number: int) -> Reply | None:
        fault = self._faults.take(faults.WECHAT_CALLBACK)
        if fault is not None:
            self._write(Kind.FAULT, parcel, fault.kind.value)
            match fault.kind:
                case FaultKind.UNSENT:
                    raise _Unheard("lost on the way", sooner=True)
                case FaultKind.LATE:
                    await asyncio.sleep(fault.seconds)
                case FaultKind.TWICE:
                    twin = asyncio.create_task(self._twin(parcel))
                    self._twins.add(twin)
                    twin.add_done_callback(self._twins.discard)
        self._write(Kind.PUSH, parcel, f"try {number}")
        body = await self._post(parcel, fault)
        return wechat_reply.read(body, self._crypto, self._account, parcel.openid)

    async def _twin(self, parcel: Parcel) -> object:
        """The second of a doubled request; nobody waits for its answer."""
        try:
            return await self._post(parcel, None)
        except _Unheard:
            return None

    async def _post(self, parcel: Parcel, fault: Fault | None) -> bytes:
        """A fresh timestamp, nonce and encryption each time."""
        stamp, nonce = str(self._clock.seconds()), _digits(10)
        sealed = self._crypto.encrypt(wechat_xml.write(parcel.fields))
        query = {
            "signature": self._crypto.signature(stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "openid": parcel.openid,
            "encrypt_type": "aes",
            "msg_signature": self._crypto.signature(stamp, nonce, sealed),
        }
        body = wechat_xml.write({"ToUserName": self._account.original_id, "Encrypt": sealed})
        try:
            async with self._client().post(self.address, params=query, data=body) as answer:
                if fault is not None and fault.kind is FaultKind.CUT:
                    raise _Unheard("hung up", sooner=True)
                content = await answer.read()
        except TimeoutError as late:
            raise _Unheard(f"no answer within {self._patience.answer_within} s", sooner=False) from late
        except aiohttp.ClientError as broken:
            raise _Unheard(f"{type(broken).__name__}", sooner=True) from broken
        if fault is not None and fault.kind is FaultKind.UNHEARD:
            raise _Unheard("the answer was lost", sooner=True)
        if answer.status != 200:
            raise _Unheard(f"HTTP {answer.status}", sooner=True)
        return content

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True, limit=0),
                timeout=aiohttp.ClientTimeout(total=self._patience.answer_within),
                headers={"User-Agent": "Mozilla/4.0", "Content-Type": "text/xml", "Pragma": "no-cache"},
            )
        return self._session

    def _write(self, kind: Kind, parcel: Parcel, detail: str) -> None:
        self._transcript.write(
            Platform.WECHAT,
            kind,
            Direction.IN,
            chat=parcel.chat,
            who=parcel.openid,
            message=parcel.message,
            key=parcel.key,
            detail=detail,
        )


class _Unheard(Exception):
    """A try without a usable answer. `sooner`: it failed before its time was over."""

    def __init__(self, why: str, *, sooner: bool) -> None:
        super().__init__(why)
        self.sooner = sooner


def _digits(count: int) -> str:
    return "".join(secrets.choice("123456789") for _ in range(count))
