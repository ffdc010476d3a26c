"""Standard output and error as kit writes to them: nothing from the target moves a terminal, and no secret passes."""

from __future__ import annotations

import codecs
import sys
from typing import Any, TextIO

from kit.cli.colours import with_colours
from kit.masking import visible, without_certain

#: the name under which :func:`_escaped` is known to Python's codecs
_ESCAPED = "kit-escaped"


class GuardedStream:
    """A stream that shows control characters instead of sending them, and masks secrets that are certain.

    All else is that of the stream below, which is ``unguarded``: what draws in a terminal itself writes there, after it
    has made what comes from the target visible.
    """

    def __init__(self, stream: TextIO) -> None:
        self.unguarded = stream

    def write(self, text: str) -> int:
        """Write ``text``."""
        self.unguarded.write(with_colours(visible(without_certain(text)), self.unguarded))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unguarded, name)


def guard_output() -> None:
    """From now on, whatever this process prints goes through the guard, and can be printed in any encoding."""
    codecs.register_error(_ESCAPED, _escaped)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, GuardedStream):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors=_ESCAPED)
            setattr(sys, name, GuardedStream(stream))


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""What the encoding of a stream lacks, as JSON writes it: on Windows the output is often not UTF-8."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end
