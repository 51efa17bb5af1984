"""One Bot API call, read from JSON, a form, a multipart body or the query string."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.types import Message, Scope

from bots.sandbox.bot_refusal import Refusal, bad

#: What the real server takes in one request.
LARGEST_UPLOAD = 50 * 2**20


@dataclass(frozen=True, kw_only=True)
class Upload:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Call:
    method: str
    #: As sent: JSON values, or strings from a form.
    fields: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Empty when absent. Must be valid UTF-8, which JSON's lone surrogates are not."""
        value = self.fields.get(name)
        if value is None:
            return ""
        text = value if isinstance(value, str) else json.dumps(value)
        try:
            text.encode()
        except UnicodeEncodeError as broken:
            raise bad("strings must be encoded in UTF-8") from broken
        return text

    def whole(self, name: str, default: int = 0) -> int:
        """Anything that is no whole number counts as the default, as on the real server."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def yes(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def parsed(self, name: str) -> object:
        """A field that is JSON inside, whether it came as JSON or as a string of JSON. None: absent."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            parsed: object = json.loads(value)
        except ValueError as broken:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from broken
        return parsed

    def upload(self, name: str) -> Upload | str:
        """The file of a field: uploaded under its own name or as `attach://other`; else its file_id."""
        if name in self.files:
            return self.files[name]
        value = self.text(name)
        if value.startswith("attach://"):
            attached = self.files.get(value.removeprefix("attach://"))
            if attached is None:
                raise bad("file must be non-empty")
            return attached
        return value


async def read(method: str, request: Request) -> Call:
    """Names are looked up in the body first, then in the query string."""
    fields: dict[str, object] = dict(request.query_params)
    files: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except (ValueError, RecursionError) as broken:
            raise bad("can't parse request: content must be a valid JSON object") from broken
        if not isinstance(body, dict):
            raise bad("can't parse request: content must be a valid JSON object")
        fields |= body
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_part_size=LARGEST_UPLOAD) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    content = await value.read()
                    if len(content) > LARGEST_UPLOAD:
                        raise Refusal(413, "Request Entity Too Large")
                    files[name] = Upload(
                        name=value.filename or name, mime=value.content_type or "", content=content
                    )
                else:
                    fields[name] = value
    return Call(method=method, fields=fields, files=files)


async def read_answer(content_type: str, body: bytes) -> Call | None:
    """The call inside a webhook's answer. None: there is none, or it cannot be read."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "query_string": b"",
        "headers": [(b"content-type", content_type.encode("latin-1", "replace"))],
    }
    try:
        call = await read("", Request(scope, receive))
    except Refusal:
        return None
    method = call.text("method")
    return Call(method=method, fields=call.fields, files=call.files) if method else None
