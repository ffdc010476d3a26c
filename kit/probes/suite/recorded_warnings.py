"""Warnings that the target's code raises: each distinct one is sent when it is first raised, its count at the end."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Optional, Tuple

    from ...wire.messages import FromProbe

    #: category, message, path, line
    Key = Tuple[str, str, str, int]


# more than kit keeps, since it masks secrets before it cuts (see kit.masking.cutting)
LONGEST = 1_000 + 8_000


class Warnings:
    """Those of one process. ``send`` says one: category, message, path, line, node id of the test, count."""

    def __init__(self) -> None:
        self._more: Dict[Key, int] = {}

    def take(self, send: Callable[[FromProbe], None], warning: Any, nodeid: Optional[str]) -> None:
        """A warning was recorded, during the test ``nodeid`` or (empty) outside of any."""
        category, message = warning.category, warning.message
        name = getattr(category, "__name__", str(category))
        try:
            text = str(message)[:LONGEST]
        except Exception:
            text = "<its __str__ failed>"
        key = (name, text, str(warning.filename), int(warning.lineno or 0))
        if key in self._more:
            self._more[key] += 1
        else:
            self._more[key] = 0
            self._send(send, key, nodeid, 1)

    def tell_counts(self, send: Callable[[FromProbe], None]) -> None:
        """Say how often each was seen besides the first time, and begin to count anew."""
        for key, more in self._more.items():
            if more:
                self._send(send, key, None, more)
        self._more = dict.fromkeys(self._more, 0)

    def _send(self, send: Callable[[FromProbe], None], key: Key, nodeid: Optional[str], count: int) -> None:
        category, message, path, line = key
        send(
            {
                "kind": "warning",
                "category": category,
                "message": message,
                "path": path,
                "line": line,
                "nodeid": nodeid or None,
                "count": count,
            }
        )
