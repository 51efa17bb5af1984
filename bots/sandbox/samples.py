"""Small files to send: real enough for a decoder, made without one."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 64, height: int = 48, grey: int = 230) -> bytes:
    """A valid picture of one shade."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([grey]) * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


#: Starts like the recordings of the two apps; nothing can be heard.
AMR = b"#!AMR\n" + bytes(64)
OGG = b"OggS" + bytes(64)
