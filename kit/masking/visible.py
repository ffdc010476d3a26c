"""Characters that are not seen and do something: clear a screen, set a title, turn the direction of a line around."""

from __future__ import annotations

import re

#: control, bidirectional-override, zero-width and line-separator characters, and halves of surrogate pairs: a reader
#: must see that they are there, and a page or a terminal must not obey them
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]|\r(?!\n)"
)


def visible(text: str) -> str:
    """``text`` with each unseen character replaced by a visible one: ``ESC`` becomes ``␛``, U+202E ``⟨U+202E⟩``."""
    return _UNSEEN.sub(_shown, text)


def escaped_json(text: str) -> str:
    r"""A JSON text with each unseen character as an escape (``\u202e``): the same value, which no terminal obeys."""
    return _UNSEEN.sub(_as_json, text)


def escaped_line(line: bytes) -> bytes:
    """An encoded JSON text with each unseen character as an escape: a record that a terminal may show."""
    if line.isascii() and b"\x7f" not in line:
        return line
    return escaped_json(line.decode()).encode()


def escaped_xml(text: str) -> str:
    """An XML text with each unseen character as a reference (``&#8238;``), as far as XML can hold it."""
    return _UNSEEN.sub(lambda found: f"&#{ord(found.group())};", text)


def _shown(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\u27e8U+{code:04X}\u27e9"


def _as_json(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
