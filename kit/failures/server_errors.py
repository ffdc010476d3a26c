"""Answers that say that a server failed: what divides them is the error behind them, not the path of the request.

    Bad response: 500 Internal Server Error (not 200 OK or 3xx redirect for http://localhost/orders)     WebTest
    500 Server Error: INTERNAL SERVER ERROR for url: http://localhost/orders                             requests
    Server error '500 Internal Server Error' for url 'http://localhost/orders'                           httpx

Where the server printed or logged its error, that error is part of what such a failure says. A status below 500 is an
answer about the request, and its path stays.
"""

from __future__ import annotations

import re

_TELLS = re.compile(r"^(?:Bad response: 5\d\d |5\d\d Server Error: .* for url: |Server error '5\d\d )")
#: of a message whose hosts were taken out
_PATH = re.compile(r"<url>[^\s'\"<>)]*")
_TRACEBACK = "Traceback (most recent call last):"
_RAISED = re.compile(
    r"^ *(?P<type>[A-Za-z_][\w.]*(?:Error|Exception|Exit|NotFound\w*)): (?P<message>.+)$", re.MULTILINE
)


def is_server_error(message: str) -> bool:
    """Whether a client says that a server failed to answer its request."""
    return _TELLS.match(message) is not None


def without_path(parameterised: str) -> str:
    """The parameterised message of such a client, without the path of the request."""
    return _PATH.sub("<url>", parameterised)


def printed_type_and_message(printed: str) -> tuple[str, str] | None:
    """Type and message of the error that the last traceback in a text ends with; ``None`` where there is none."""
    shown = printed.rpartition(_TRACEBACK)[2] if _TRACEBACK in printed else ""
    raised = next(_RAISED.finditer(shown), None)
    return (raised["type"].rpartition(".")[2], raised["message"].strip()) if raised else None
