"""XML from and for WeChat: read strictly, written so that no text can become markup."""

from __future__ import annotations

import contextlib
import re
import string
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.sandbox import wechat_xml
from bots.wechat.envelope import MOST_BYTES, Rejected, fields, write

#: All that XML 1.0 forbids, even as a reference.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

#: Text as hostile as it comes: any code point, and the marks of CDATA in pieces.
hostile = st.lists(
    st.one_of(
        st.text(st.characters(codec=None), max_size=20),
        st.sampled_from(
            ["]]>", "]]", "]", ">", "<![CDATA[", "<", "&", "</Content>", "<MsgType>", "\r", "\x0b"]
        ),
    ),
    max_size=12,
).map("".join)


def _reply(text: str, to: str = "oPerson1") -> bytes:
    values: dict[str, str | int] = {
        "ToUserName": to,
        "FromUserName": "gh_0123456789ab",
        "CreateTime": 1_763_899_200,
        "MsgType": "text",
        "Content": text,
    }
    return write(values).encode()


def _as_kept(text: str) -> str:
    """What a reader of XML gets of a text: nothing illegal, line ends as \\n."""
    return _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


@given(hostile)
def test_any_text_comes_back_as_it_was_and_adds_no_element(text: str) -> None:
    """Whatever a citizen typed and the desk echoes: one MsgType, and the text is literal."""
    written = _reply(text)

    read = fields(written) if len(written) <= MOST_BYTES else {}

    assert read["MsgType"] == "text"
    assert read["Content"] == _as_kept(text)
    assert list(read) == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]


@given(hostile, hostile)
def test_the_platforms_own_reader_agrees(text: str, name: str) -> None:
    """The other side, written apart from ours, reads the same: also through the openid."""
    read = wechat_xml.read(_reply(text, to=name))

    assert (read["Content"], read["ToUserName"]) == (_as_kept(text), _as_kept(name))


@pytest.mark.parametrize(
    "text",
    [
        "x]]></Content><MsgType><![CDATA[news]]></MsgType><Content><![CDATA[",
        "]]>]]>]]>",
        "]]]]>>",
        "<![CDATA[<![CDATA[",
        "&lt;&#60;&xxe;",
        "<!-- --><?pi?>",
    ],
)
def test_markup_in_a_reply_stays_literal(text: str) -> None:
    """security.md 2.2: CDATA injection gave wechatpy's reply two MsgType elements."""
    assert fields(_reply(text))["Content"] == text


def test_control_characters_are_dropped_and_the_rest_stays() -> None:
    """\\x00 and \\x0b are not XML, even escaped; tab, newline and emoji are."""
    assert fields(_reply("a\x00b\x0bc\x1b[2Jd\te\nf😀\ud800\ufffe"))["Content"] == "abc[2Jd\te\nf😀"


def test_numbers_are_bare_and_texts_are_not() -> None:
    assert write({"CreateTime": 5, "MsgType": "text"}) == (
        "<xml><CreateTime>5</CreateTime><MsgType><![CDATA[text]]></MsgType></xml>"
    )


def test_fields_deeper_down_are_left_out() -> None:
    """The desk reads flat messages; what the platform nests (a picture's sizes) is not a field."""
    read = fields(b"<xml><A>1</A><B><C>2</C><C>3</C></B></xml>")

    assert read == {"A": "1", "B": ""}


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_four_levels_are_read(depth: int) -> None:
    inner = b"<a>" * (depth - 1) + b"</a>" * (depth - 1)

    assert fields(b"<xml>" + inner + b"</xml>") == {"a": ""}


def test_the_64th_element_is_the_last() -> None:
    def xml(count: int) -> bytes:
        return b"<xml>" + b"".join(b"<f%d/>" % i for i in range(count - 1)) + b"</xml>"

    assert len(fields(xml(64))) == 63
    with pytest.raises(Rejected):
        fields(xml(65))


def test_64_kib_are_read_and_one_byte_more_is_not() -> None:
    def xml(size: int) -> bytes:
        return b"<xml><a>" + b"x" * (size - len(b"<xml><a></a></xml>")) + b"</a></xml>"

    assert len(fields(xml(64 * 1024))["a"]) > 65_000
    with pytest.raises(Rejected):
        fields(xml(64 * 1024 + 1))


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\xef\xbb\xbf",
        b"<xml>",
        b"<xml></xml><xml></xml>",
        b"<xml><a/><a/></xml>",
        b"<xml><a b='1'/></xml>",
        b"<xml a='1'/>",
        b"<html/>",
        b"<!DOCTYPE xml><xml/>",
        b"<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><x>&a;</x></xml>",
        b"<xml><x>&a;</x></xml>",
        b"<xml><x>&#0;</x></xml>",
        b"<xml><x>\x00</x></xml>",
        b"<xml><x>\xed\xa0\x80</x></xml>",
        b"<xml><x>\xc0\xae</x></xml>",
        "<xml><x>投诉</x></xml>".encode("gbk"),
        "<xml><x>投</x></xml>".encode("utf-16"),
        b"<xml><x></y></xml>",
    ],
)
def test_what_is_not_a_flat_small_message_is_rejected(xml: bytes) -> None:
    with pytest.raises(Rejected):
        fields(xml)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_rejected(noise: bytes) -> None:
    """No other error gets out of the reader, whatever comes in."""
    with contextlib.suppress(Rejected):
        fields(noise)


_xml_pieces = st.lists(
    st.one_of(
        st.sampled_from(["<xml>", "</xml>", "<a>", "</a>", "<a/>", "<!DOCTYPE", "<![CDATA[", "]]>", "&amp;", "&x;",
                         "<?xml version='1.0' encoding='GBK'?>", "<!--", "-->", "\0", "<a b='c'>"]),
        st.text(string.printable, max_size=5),
    ),
    max_size=20,
).map(lambda parts: "".join(parts).encode())  # fmt: skip


@given(_xml_pieces)
def test_pieces_of_xml_are_read_or_rejected(xml: bytes) -> None:
    """What is read is well-formed XML; the reader is never more generous than the grammar."""
    try:
        fields(xml)
    except Rejected:
        return

    expat.ParserCreate("UTF-8").Parse(xml, True)
