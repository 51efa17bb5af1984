"""The XML of WeChat messages, written and strictly read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from bots.sandbox.wechat_crypto import BadReply

Fields = Mapping[str, "str | int | Fields"]

#: Elements that may stand several times side by side.
REPEATED = frozenset({"item"})

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(fields: Fields) -> bytes:
    """Strings as CDATA, numbers bare, mappings nested, as the real platform writes them."""
    return f"<xml>{_inner(fields)}</xml>".encode()


def _inner(fields: Fields) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: str | int | Fields) -> str:
    if isinstance(value, Mapping):
        return _inner(value)
    if isinstance(value, int):
        return str(value)
    clean = _ILLEGAL.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{clean}]]>"


def read(body: bytes) -> dict[str, object]:
    """Text or nested dict by name; repeated items keep the last. Raises for what a reply must not hold."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(body, True)
    except expat.ExpatError as broken:
        raise BadReply(f"not well-formed XML: {broken}") from broken
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root: dict[str, object] = {}
        self._path: list[tuple[str, dict[str, object], list[str]]] = []

    def doctype(self, *_: object) -> None:
        raise BadReply("a DOCTYPE is not allowed")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if attributes:
            raise BadReply(f"<{name}> has attributes")
        if not self._path and name != "xml":
            raise BadReply(f"the root is <{name}>, not <xml>")
        if self._path:
            siblings = self._path[-1][1]
            if name in siblings and name not in REPEATED:
                raise BadReply(f"<{name}> stands twice")
            siblings[name] = ""
        self._path.append((name, {}, []))

    def text(self, data: str) -> None:
        self._path[-1][2].append(data)

    def end(self, name: str) -> None:
        _, children, texts = self._path.pop()
        if children and "".join(texts).strip():
            raise BadReply(f"<{name}> mixes text and elements")
        if self._path:
            self._path[-1][1][name] = children or "".join(texts)
        else:
            self.root = children
