"""An API call WeChat refuses: HTTP 200 with an errcode."""

from __future__ import annotations

from collections.abc import Mapping

#: Code and message as the platform writes them (全局返回码).
MESSAGES: Mapping[int, str] = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40010: "invalid voice size",
    40011: "invalid video size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40037: "invalid template_id",
    40066: "invalid url",
    40125: "invalid appsecret",
    40164: "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist",
    40200: "invalid account type",
    41001: "access_token missing",
    41005: "media data missing",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    46003: "menu no exist",
    47001: "data format error",
    48001: "api unauthorized",
}


class ApiRefusal(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(MESSAGES.get(code, "unknown error"))
        self.code = code

    def as_json(self) -> dict[str, object]:
        return {"errcode": self.code, "errmsg": f"{self} rid: 6743a1b2-0badcafe-5a11d0c5"}
