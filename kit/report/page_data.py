"""Data that a page's script reads: JSON that is compressed and written as base64."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Final

from markupsafe import Markup

from kit.masking import refuse

_DATA: Final = re.compile(r'(<script type="text/plain" id="[\w-]+">)[\w+/=]*')


def packed(data: object) -> Markup:
    """JSON, compressed (zlib) and as base64: names of tests are much alike, and a report is sent by mail.

    Raises :class:`~kit.masking.gate.LeakError` for data that holds a secret: packed, nobody would see it there.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    refuse("The data of incident.html", text)
    packed_text = base64.b64encode(zlib.compress(text.encode("utf-8", "replace"), 9)).decode()
    return Markup(packed_text)  # noqa: S704  # letters, digits, +, / and =


def without_data(page: str) -> str:
    """A page in which packed data is empty, with the same lines: among thousands of random letters a word can have the
    shape of a secret by chance.
    """
    return _DATA.sub(r"\1", page)
