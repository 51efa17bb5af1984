"""XML from the callback, read strictly: flat, small, every field once."""

from __future__ import annotations

from xml.parsers import expat

MOST_BYTES = 64 * 1024
_MOST_ELEMENTS = 64
_MOST_DEPTH = 4


class Rejected(Exception):
    """A callback that is not the platform's, or not whole. Its reason is for the log, never for the caller."""


def fields(xml: bytes) -> dict[str, str]:
    """The texts of the root's children by name; what is nested deeper is left out. Raises Rejected."""
    if len(xml) > MOST_BYTES:
        raise Rejected("too large")
    _ensure_utf8(xml)
    reader = _Reader()
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise Rejected("not well-formed") from error
    return reader.found


def _ensure_utf8(xml: bytes) -> None:
    """expat, told UTF-8, still follows the marks of UTF-16."""
    try:
        text = xml.decode()
    except UnicodeDecodeError as error:
        raise Rejected("not UTF-8") from error
    if "\0" in text:
        raise Rejected("not text")


class _Reader:
    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._elements += 1
        if attributes or len(self._path) > _MOST_DEPTH or self._elements > _MOST_ELEMENTS:
            raise Rejected("not a message's shape")
        if len(self._path) == 1 and name != "xml":
            raise Rejected("root is not xml")
        if len(self._path) == 2:
            if name in self.found:
                raise Rejected("a field twice")
            self.found[name] = ""

    def end(self, _name: str) -> None:
        self._path.pop()

    def text(self, text: str) -> None:
        if len(self._path) == 2:
            self.found[self._path[1]] += text

    def doctype(self, *_: object) -> None:
        raise Rejected("doctype")


def write(values: dict[str, str | int]) -> str:
    """A flat message. Text can hold anything: `]]>` is split, what XML forbids is dropped."""
    parts = [
        f"<{name}>{value if isinstance(value, int) else f'<![CDATA[{_safe(value)}]]>'}</{name}>"
        for name, value in values.items()
    ]
    return f"<xml>{''.join(parts)}</xml>"


def _safe(text: str) -> str:
    legal = "".join(character for character in text if _is_legal(ord(character)))
    return legal.replace("]]>", "]]]]><![CDATA[>")


def _is_legal(code: int) -> bool:
    """Whether XML 1.0 has this character."""
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
