"""What a command printed whose failure a test shows: the exceptions of ``subprocess`` hold it, and do not tell it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterator, Optional, Tuple

MOST_LINKS = 20


def streams_of(error: Optional[BaseException]) -> Iterator[Tuple[str, Any]]:
    """What commands have printed, by the name of the stream, of an exception and those that it came from."""
    for _ in range(MOST_LINKS):
        if error is None:
            return
        kind = type(error)
        if kind.__module__ == "subprocess" and kind.__name__ in ("CalledProcessError", "TimeoutExpired"):
            held = error.__dict__
            yield "stdout", held.get("output")
            yield "stderr", held.get("stderr")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def command_output(error: BaseException, longest: int) -> str:
    """The ends of these texts under their names, none longer than that; a text that was not captured is left out."""
    try:
        return "\n".join(texts_of(error, longest))
    except Exception:  # a class of a test may pose as one of these
        return ""


def texts_of(error: BaseException, longest: int) -> Iterator[str]:
    for name, text in streams_of(error):
        if type(text) is bytes:
            text = text[-longest:].decode("utf-8", "replace")
        if type(text) is str and text:
            yield "%s of the command:\n%s" % (name, text[-longest:])
