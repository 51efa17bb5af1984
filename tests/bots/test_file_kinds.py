"""Which files the desk keeps: told by their first bytes, never by their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.file_kinds import mime_of
from bots.sandbox import samples

KEPT = {
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "image/png": samples.png(),
    "image/webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "application/pdf": b"%PDF-1.7\n",
    "audio/amr": samples.AMR,
    "audio/ogg": samples.OGG,
    "audio/mpeg": b"ID3\x04\0",
    "video/mp4": b"\0\0\0\x18ftypisom\0\0\2\0",
}


@pytest.mark.parametrize(("mime", "content"), KEPT.items(), ids=KEPT.keys())
def test_photos_papers_and_recordings_are_kept(mime: str, content: bytes) -> None:
    assert mime_of(content) == mime


@pytest.mark.parametrize("head", [b"\xff\xfb", b"\xff\xf3"])
def test_a_recording_without_a_title_is_one_too(head: bytes) -> None:
    assert mime_of(head + bytes(10)) == "audio/mpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><html>",
        b"<?xml version='1.0'?>",
        b"MZ\x90\0",
        b"\x7fELF",
        b"#!/bin/sh\nrm -rf /",
        b"PK\x03\x04",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        b"{\\rtf1",
        b"\xd0\xcf\x11\xe0",  # an old Word document, with its macros
        b"javascript:alert(1)",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"",
        b"\xff\xd8",
        b"%PDF",
        "投诉".encode(),
    ],
)
def test_programs_pages_and_archives_are_not(content: bytes) -> None:
    assert mime_of(content) is None


@pytest.mark.parametrize("content", KEPT.values(), ids=KEPT.keys())
def test_the_mark_must_stand_at_the_beginning(content: bytes) -> None:
    """A page that carries a picture somewhere inside is a page."""
    assert mime_of(b"<html>" + content) is None


@given(st.binary(max_size=40))
def test_any_bytes_are_of_a_known_kind_or_of_none(content: bytes) -> None:
    assert mime_of(content) in (None, *KEPT)
