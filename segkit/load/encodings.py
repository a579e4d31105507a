"""Which encoding a file that is not UTF-8 is likely in: said, never assumed."""

from __future__ import annotations

import re
from typing import BinaryIO

_SCRIPTS = {"cp1256": "[\u0600-\u06ff\u200c\u200f]", "cp1251": "[\u0400-\u04ff]", "cp1253": "[\u0370-\u03ff]"}
_MOST_LINES = 2_000


def suggest_encoding(stream: BinaryIO) -> str:
    """Name the encoding in which the bytes that are not ASCII make sense.

    Persian and Cyrillic text has its letters side by side; in Western text they stand alone between ASCII letters.
    """
    lines = []
    for chunk in iter(lambda: stream.read(2**20), b""):
        lines += [line for line in chunk.split(b"\n") if not line.isascii()]
        if len(lines) > _MOST_LINES:
            break
    data = b"\n".join(lines[:_MOST_LINES])
    if data.count(b"\0") > len(data) / 4:
        return "It looks like UTF-16; pass encoding='utf-16'."
    for encoding, letters in _SCRIPTS.items():
        text = data.decode(encoding, errors="replace")
        foreign = [c for c in text if ord(c) > 127 and c not in "\u00a0«»"]
        words = re.findall(r"[^\W\d_]+", text)
        whole = sum(len(word) for word in words if len(word) > 1 and all(ord(c) > 127 for c in word))
        if (
            foreign
            and whole > len(foreign) / 2
            and sum(bool(re.match(letters, c)) for c in foreign) >= 0.97 * len(foreign)
        ):
            return f"It decodes cleanly as {encoding}; pass encoding='{encoding}'."
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "Export it again as UTF-8, or pass encoding= with the one it was written in."
    return "If it comes from a Western Windows program, pass encoding='cp1252'; better, export it again as UTF-8."
