"""Which files the desk keeps, told by their first bytes and never by their names."""

from __future__ import annotations

_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
)


def mime_of(content: bytes) -> str | None:
    """jpg, png, webp, pdf, amr, ogg, mp3, mp4; None for anything else (no SVG, HTML, programs, archives)."""
    for head, mime in _HEADS:
        if content.startswith(head):
            return mime
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return None
