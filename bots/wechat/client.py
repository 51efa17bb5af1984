"""The platform's interface: wechatpy's client with timeouts, a stable token, and errors that hold no secret."""

from __future__ import annotations

import threading
import time
from typing import Any

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
        """The bytes of what a citizen sent. Raises ApiFailed; `code` 0 for more than 20 MB."""
        content: bytes = self._call(lambda: self._download(media_id))
        return content

    def _call(self, call: Any) -> Any:
        """Once, and once more with a fresh token if the platform says the token is bad."""
        used = self.access_token
        try:
            return self._checked(call)
        except ApiFailed as failed:
            if failed.code not in _TOKEN_ERRORS:
                raise
        self._renew(used)
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
        except (requests.RequestException, ValueError, TypeError, KeyError):
            raise ApiFailed(None, unsure=True) from None
        if not isinstance(result, bytes | dict):  # wechatpy takes any HTML for a success
            raise ApiFailed(None, unsure=True)
        return result

    def _renew(self, used: str) -> None:
        with self._lock:
            if used != self._token:
                return  # another thread did
            since = time.monotonic() - self._forced_at
            self._fetch_token(force=since >= _FORCE_APART_S)

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
        """Never by an address from a message: only by id, at the interface's own host, without redirects."""
        query = {"access_token": self.access_token, "media_id": media_id}
        with self._http.get(
            f"{self.API_BASE_URL}media/get",
            params=query,
            timeout=_TIMEOUT,
            stream=True,
            allow_redirects=False,
        ) as answer:
            if answer.status_code != 200:
                raise ApiFailed(None)
            if "json" in answer.headers.get("Content-Type", "") or "text" in answer.headers.get(
                "Content-Type", ""
            ):
                result = answer.json()
                raise ApiFailed(result.get("errcode") if isinstance(result, dict) else None)
            content = bytearray()
            for part in answer.iter_content(64 * 1024):
                content += part
                if len(content) > _MOST_BYTES:
                    raise ApiFailed(0)
            return bytes(content)
