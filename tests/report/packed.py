"""Reads what lies compressed in a page."""

from __future__ import annotations

import base64
import zlib


def unpacked(text: str) -> str:
    """What a compressed part of a page holds; empty for a part that is not compressed."""
    try:
        return zlib.decompress(base64.b64decode(text, validate=True)).decode()
    except (ValueError, zlib.error):
        return ""
