"""The platform's interface: wechatpy's client with timeouts, a stable token, and errors that hold no secret."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

_TIMEOUT = (3, 5)  # seconds to connect, to answer
_TOKEN_ERRORS = frozenset({40001, 40014, 42001})
_RENEW_BEFORE_S = 300
_FORCE_APART_S = 60
_MOST_BYTES = 20 * 1024 * 1024


class ApiFailed(Exception):
    """The call failed. `code`: the platform's errcode; None: it did not answer as an interface does.

    `unsure`: the request may have been carried out.
    """

    def __init__(self, code: int | None, *, unsure: bool = False) -> None:
        self.code, self.unsure = code, unsure
        super().__init__(f"errcode {code}" if code is not None else "no answer")


class Client(WeChatClient):  # type: ignore[misc]
    """Synchronous; call it from the adapter's own threads. Raises ApiFailed and nothing else."""

    def __init__(self, app_id: str, secret: str, base: str) -> None:
        self.API_BASE_URL = f"{base.rstrip('/')}/cgi-bin/"
        super().__init__(app_id, secret, timeout=_TIMEOUT, auto_retry=False)
        self._lock = threading.Lock()
        self._token, self._token_until = "", 0.0
        self._forced_at = -float(_FORCE_APART_S)

    @property
    def access_token(self) -> str:
        with self._lock:
            if time.monotonic() >= self._token_until:
                self._fetch_token(force=False)
            return self._token

    def send_text(self, openid: str, text: str) -> None:
        """One 客服消息."""
        self._call(lambda: self.message.send_text(openid, text))

    def send_template(self, openid: str, template: str, values: dict[str, str], once: str) -> None:
        """One template message; `once` (client_msg_id): a repetition within ten minutes is not sent again."""
        data = {
            "touser": openid,
            "template_id": template,
            "client_msg_id": once,
            "data": {name: {"value": value} for name, value in values.items()},
        }
        self._call(lambda: self.post("message/template/send", data=data))

    def make_menu(self, buttons: list[dict[str, str]]) -> None:
        self._call(lambda: self.menu.create({"button": buttons}))

    def fetch_media(self, media_id: str) -> bytes:
        """The bytes of what a citizen sent. Raises ApiFailed; `code` 0 for what is never fetched."""
        content: bytes = self._call(lambda: self._download(media_id))
        return content

    def _call(self, call: Any) -> Any:
        """Once, and once more with a fresh token if the platform says the token is bad."""
        used = self.access_token
        try:
            return self._checked(call)
        except ApiFailed as failed:
            if failed.code not in _TOKEN_ERRORS or not self._renewed(used):
                raise
        return self._checked(call)

    def _checked(self, call: Any) -> Any:
        try:
            result = call()
        except ApiFailed:
            raise
        except WeChatClientException as error:
            raise ApiFailed(error.errcode, unsure=error.errcode is None) from None
        except (requests.ConnectTimeout, requests.exceptions.SSLError):
            raise ApiFailed(None) from None
        except requests.ConnectionError as error:
            raise ApiFailed(None, unsure="NewConnectionError" not in repr(error)) from None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            raise ApiFailed(None, unsure=True) from None
        if not isinstance(result, bytes) and not _is_done(result):
            raise ApiFailed(None, unsure=True)
        return result

    def _renewed(self, used: str) -> bool:
        """Whether there is another token to try. A platform that likes none is not asked for ever new ones."""
        with self._lock:
            if used != self._token:
                return True  # another thread did
            if time.monotonic() - self._forced_at < _FORCE_APART_S:
                return False
            self._fetch_token(force=True)
            return True

    def _fetch_token(self, *, force: bool) -> None:
        """From `stable_token`: the secret travels in the body, and repeated calls do not kill the token."""
        if force:
            self._forced_at = time.monotonic()
        body = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": force,
        }
        try:
            answer = self._http.post(
                f"{self.API_BASE_URL}stable_token", json=body, timeout=_TIMEOUT, allow_redirects=False
            )
            result = answer.json()
        except (requests.RequestException, ValueError):
            raise ApiFailed(None) from None
        token = result.get("access_token") if isinstance(result, dict) else None
        if not isinstance(token, str) or not token:
            code = result.get("errcode") if isinstance(result, dict) else None
            raise ApiFailed(code if isinstance(code, int) else None)
        lasts = result.get("expires_in", 7200)
        lasts = lasts if isinstance(lasts, int) else 7200
        self._token = token
        self._token_until = time.monotonic() + max(lasts - _RENEW_BEFORE_S, lasts / 2)

    def _download(self, media_id: str) -> bytes:
        """Never by an address from a message: by id, at the interface's own host, without redirects."""
        query = {"access_token": self.access_token, "media_id": media_id}
        content, result = self._read(f"{self.API_BASE_URL}media/get", query)
        if result is None:
            return content
        address = result.get("video_url") if isinstance(result, dict) else None
        if not isinstance(address, str):  # no video either: the platform's refusal
            code = result.get("errcode") if isinstance(result, dict) else None
            raise ApiFailed(code if isinstance(code, int) else None)
        if not self._may_fetch(address):
            raise ApiFailed(0)
        return self._read(address, {})[0]

    def _read(self, address: str, query: dict[str, str]) -> tuple[bytes, Any]:
        """The bytes, and what they say where they are the interface's own JSON."""
        with self._http.get(
            address, params=query, timeout=_TIMEOUT, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code != 200:
                raise ApiFailed(None)
            kind = answer.headers.get("Content-Type", "")
            if "json" in kind or "text" in kind:
                return b"", answer.json()
            content = bytearray()
            for part in answer.iter_content(64 * 1024):
                content += part
                if len(content) > _MOST_BYTES:
                    raise ApiFailed(0)
            return bytes(content), None

    def _may_fetch(self, address: str) -> bool:
        """The interface's own host, or one on the open net: never an address only we can reach."""
        host = urlsplit(address).hostname or ""
        if not address.startswith(("https://", "http://")):
            return False
        if host == urlsplit(self.API_BASE_URL).hostname:
            return True
        found = socket.getaddrinfo(host, None)
        return all(ipaddress.ip_address(one[4][0]).is_global for one in found)


def _is_done(result: Any) -> bool:
    """wechatpy takes any HTML for a success."""
    return isinstance(result, dict) and result.get("errcode") == 0
