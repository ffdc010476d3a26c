"""What was printed or logged before a test failed: the error at the end of the last traceback in it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.failures import printed_type_and_message

_TRACEBACK = "Traceback (most recent call last):"
#: in a file of the target's, whose paths are relative; its environment can lie in the same folder
_FRAME = re.compile(r'^ *File "(?P<path>(?!/|<|[^"]*site-packages)[^"]+)", line (?P<line>\d+), in ', re.MULTILINE)
_EXIT_STATUS = re.compile(r"\breturncode\b|non-zero exit status|\bexit_code\b")
_TEXT = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|None"
_COMPLETED = re.compile(
    rf"CompletedProcess\(args=(?P<args>\[[^\n]*?\]|{_TEXT}), returncode=(?P<status>-?\d+)"
    rf"(?:, stdout=(?P<stdout>b?(?:{_TEXT})))?(?:, stderr=(?P<stderr>b?(?:{_TEXT})))?\)"
)
_CALLED = re.compile(rf"^Command '?(?P<args>\[[^\n]*?\]|{_TEXT})'? returned non-zero exit status (?P<status>\d+)")
_CAPTURED = "Captured stderr call:"
_PYTHON = re.compile(r"(?:^|/)(?:python|pypy)[\d.]*(?:\.exe)?$")


@dataclass(frozen=True)
class PrintedError:
    """The error of a traceback, and the lines of the target that it leads through, the last one first."""

    exception: str
    message: str
    places: tuple[Location, ...]

    @property
    def place(self) -> Location | None:
        """The line of the target that the traceback shows last."""
        return self.places[0] if self.places else None

    @property
    def told(self) -> str:
        """Type and message."""
        return f"{self.exception}: {self.message}"


def printed_error(scene: Scene, group: Group) -> PrintedError | None:
    """The error that is printed where a group failed on the exit status of a command; ``None`` where there is none."""
    if group.signature.exception != "CalledProcessError" and not _EXIT_STATUS.search(group.example):
        return None
    for text in (*_kept_by_test(group), group.example, *(failure.tail for failure in scene.failures_of(group))):
        if error := last_error(text):
            return error
    return None


def last_error(text: str) -> PrintedError | None:
    """The error of the last traceback in a text; ``None`` where it holds none."""
    if raised := printed_type_and_message(text):
        frames = reversed(list(_FRAME.finditer(text.rpartition(_TRACEBACK)[2])))
        return PrintedError(*raised, tuple(Location(one["path"], int(one["line"]), "raised") for one in frames))
    return None


@dataclass(frozen=True)
class Complaint:
    """The last line of what a command printed that failed: ``module`` or ``script`` of Python, or its name."""

    command: str
    text: str

    @property
    def path(self) -> str:
        """Where a module or a script of the target would stand, without the suffix."""
        return self.command.removesuffix(".py").replace(".", "/")


def complaint(scene: Scene, group: Group) -> Complaint | None:
    """What the command said that a group failed on; ``None`` where that shows no command, or it printed nothing."""
    found = _COMPLETED.search(group.example) or _CALLED.search(group.example)
    if found is None or found["status"] == "0":
        return None
    printed = [*_kept_by_test(group), *(failure.tail.partition(_CAPTURED)[2] for failure in scene.failures_of(group))]
    lines = [text.strip().splitlines()[-1] for text in printed if text.strip()]
    command = _command(_literal(found["args"]))
    return Complaint(command, lines[0].strip()) if command and lines else None


def _kept_by_test(group: Group) -> list[str]:
    """What the command printed, as the message of an assertion has it."""
    found = _COMPLETED.search(group.example)
    texts = [_literal(found["stderr"]), _literal(found["stdout"])] if found else []
    return [one.decode(errors="replace") if isinstance(one, bytes) else str(one or "") for one in texts]


def _command(args: object) -> str:
    """What a list of arguments starts: of Python the module or the script."""
    words = [str(one) for one in args] if isinstance(args, list | tuple) else str(args or "").split()
    if len(words) > 1 and _PYTHON.search(words[0]):
        words = [one for one in words[1:] if not one.startswith("-")]
    return words[0].rpartition("/")[2] if words and words[0].startswith("/") else "".join(words[:1])


def _literal(text: str | None) -> object:
    try:
        return ast.literal_eval(text or "None")
    except (ValueError, SyntaxError):
        return None
