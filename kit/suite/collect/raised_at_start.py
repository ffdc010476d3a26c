"""Finds the line of the target that raises while pytest starts, in the traceback that pytest prints then."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TRACEBACK = "Traceback (most recent call last):\n"

#: a frame in a file of the target, whose paths are relative; the folder of an environment can lie in the target
_FRAME = re.compile(
    r'^ *File "(?!<|/|[A-Za-z]:|[^"]*site-packages)(?P<path>[^"]+)", line (?P<line>\d+), in ', re.MULTILINE
)
_ERROR = re.compile(r"^[A-Za-z_][\w.]*(?:: .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class RaisedAtStart:
    """``error`` left the target at ``path``:``line``; ``meanwhile`` is what pytest was doing, where it says so."""

    error: str
    path: str
    line: int
    meanwhile: str


def raised_at_start(output: str) -> RaisedAtStart | None:
    """What the last traceback in ``output`` says; ``None`` where it does not lead through a file of the target."""
    before, found, trace = output.rpartition(_TRACEBACK)
    frames = list(_FRAME.finditer(trace))
    error = _ERROR.search(trace, frames[-1].end()) if found and frames else None
    if error is None:
        return None
    meanwhile = before.rpartition("ERROR: ")[2] if "ERROR: " in before else ""
    told = " ".join(meanwhile.partition("This error occurred")[0].split()).rstrip(":")
    return RaisedAtStart(error[0], frames[-1]["path"].replace("\\", "/"), int(frames[-1]["line"]), told)
