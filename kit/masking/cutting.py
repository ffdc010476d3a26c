"""Long texts: masked as a whole, then cut, so that no secret is cut in two before it is recognized."""

from __future__ import annotations

from kit.masking.patterns import late
from kit.masking.text import mask

#: what is read beyond the part that is kept, in characters; few secrets are longer (a private key of 8,192 bits has
#: 6,400). The probes send as much more
MARGIN = 8_000

_FIRST_WORD, _LAST_WORD = late(r"\S*\s"), late(r"\s\S*\Z")


def mask_beginning(text: str, longest: int) -> str:
    """The first ``longest`` characters of ``text``, masked. A text that has ``MARGIN`` more was cut by its sender: its
    last word may be a part of a secret.
    """
    masked = mask(text)
    last = _LAST_WORD.search(masked, max(0, len(masked) - MARGIN)) if len(text) >= longest + MARGIN else None
    return masked[: min(longest, last.start())] if last else masked[:longest]


def mask_end(text: str, longest: int) -> str:
    """The last ``longest`` characters of ``text``, masked; else as :func:`mask_beginning`."""
    masked = mask(text)
    first = _FIRST_WORD.match(masked, 0, MARGIN) if len(text) >= longest + MARGIN else None
    return masked[max(len(masked) - longest, first.end() if first else 0) :]
