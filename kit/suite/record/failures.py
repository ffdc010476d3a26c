"""From what the probe saw of an exception to a failure as a fact: whose code, mapped paths, no secrets."""

from __future__ import annotations

import hashlib
import linecache
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from kit.facts.failures import ExceptionInfo, Failure, Frame, Owner, Phase
from kit.facts.target import Target
from kit.masking import mask, mask_beginning, mask_end
from kit.platform.paths import HERE
from kit.suite.process.messages import WarningRaised
from kit.suite.record.test_names import names_of

#: library frames that are kept at the top and at the deep end of a stack
_LIBRARY_TOP, _LIBRARY_DEEP = 3, 5

#: what is kept of a message, of a warning, and of the end of what a test printed, in characters
_LONGEST_MESSAGE, _LONGEST_WARNING, _LONGEST_TAIL = 10_000, 1_000, 2_000

#: what is kept of the stacks of all threads
_LONGEST_STACKS = 10_000

#: own and test frames that are kept at both ends, for endless recursions
_OWN_EACH_END = 50

#: the machinery between the runner and the test, which says nothing about the failure
_HARNESS = re.compile(
    r"/(?:_pytest|pluggy|importlib)/[\w/]+\.py$|/pytest/__main__\.py$|/kit/probes/(?:start|suite/\w+)\.py$|^<frozen "
)
_IMPORT_SYSTEM = "<frozen importlib"
_LIBRARY = re.compile(r"(?:^|/)(?:site-packages|dist-packages)/|/lib/python\d")

#: a line of faulthandler's: `  File "/a/b.py", line 12 in function`
_STACK_LINE = re.compile(r'^  File "(?P<path>.*)", line (?P<line>\d+) in (?P<function>.*)$')
#: where an object is, as Python shows it
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
_THREAD_LINE = re.compile(r"^(?P<who>Current thread|Thread) 0x")


class FailureReader:
    """Makes facts of the probe's records for one run in one scratch copy."""

    def __init__(self, target: Target, root: Path) -> None:
        roots = tuple(dict.fromkeys((str(root), str(root.resolve()), target.root)))
        self._roots = tuple(map(HERE.recorded, roots))
        self._spellings = tuple(spelling for one in roots for spelling in HERE.spellings(one))
        self._root = root
        self._tests = tuple(path for path in target.test_paths if path != ".")
        self._place = lru_cache(maxsize=None)(self._place_of)
        self._frame = lru_cache(maxsize=None)(self._frame_of)  # a cascade passes through the same lines again and again

    def failure(
        self, links: Iterable[Mapping[str, Any]], phase: Phase, fixture: str | None = None, tail: str = ""
    ) -> Failure:
        """The failure of an exception chain; each of ``links`` is a :class:`~kit.wire.messages.Link`."""
        chain = tuple(map(self._exception, links))
        return Failure(
            _identify(phase, fixture, chain), phase, chain, fixture, mask_end(self._at_home(tail), _LONGEST_TAIL)
        )

    def warning(self, raised: WarningRaised) -> dict[str, Any]:
        """A warning as an event has it."""
        return {
            "category": self.text(raised.category),
            "message": mask_beginning(self._at_home(raised.message), _LONGEST_WARNING),
            "path": raised.path and self.path(raised.path),
            "line": raised.line,
            "nodeid": raised.nodeid and names_of([raised.nodeid])[0],
            "count": raised.count,
        }

    def from_stack(self, type_: str, reason: str, phase: Phase, stack: str) -> Failure:
        """The failure of a test, or a collection, that did not come back: ``stack`` is what faulthandler wrote. That of
        several threads is kept in whole, as what was printed last.
        """
        frames = self._frames(_read_stack(stack))
        chain = (ExceptionInfo(type_, "", reason, len(reason), frames),)
        tail = self.text(stack)[:_LONGEST_STACKS] if stack.count("hread 0x") > 1 else ""
        return Failure(_identify(phase, None, chain), phase, chain, tail=tail)

    def text(self, text: str) -> str:
        """Text of the target's, with its own paths instead of the scratch copy's, and without secrets."""
        return mask(self._at_home(text))

    def _at_home(self, text: str) -> str:
        for root in self._spellings:
            text = text.replace(root, "").replace(root.rstrip("/\\"), ".")
        return text

    def path(self, path: str) -> str:
        """Relative to the target's root; a file outside keeps its absolute path."""
        return self._place(path)[0]

    def _exception(self, record: Mapping[str, Any]) -> ExceptionInfo:
        message = mask_beginning(self._at_home(record["message"]), _LONGEST_MESSAGE)
        is_cut = record["length"] > _LONGEST_MESSAGE
        return ExceptionInfo(
            type=record["type"],
            module=record["module"],
            message=message,
            message_length=record["length"] if is_cut else len(message),
            frames=self._frames(record["frames"]),
            relation=record["relation"],
        )

    def _frames(self, raw: Sequence[Sequence[Any]]) -> tuple[Frame, ...]:
        raw = [(HERE.recorded(path), line, function) for path, line, function in raw]
        outside = next((at for at, (path, _, _) in enumerate(raw) if not _HARNESS.search(path)), len(raw))
        telling = [frame for frame in raw[outside:] if not frame[0].startswith(_IMPORT_SYSTEM)]
        return tuple(self._frame(*frame) for frame in _shortened(telling, self._owner))

    def _frame_of(self, path: str, line: int | None, function: str) -> Frame:
        place, owner = self._place(path)
        real = Path(path) if HERE.is_absolute(place) or place.startswith("<") else self._root / place
        source = linecache.getline(str(real), line or 0).strip()
        return Frame(place, line or 0, function, owner, mask(source) if source else "")

    def _owner(self, path: str) -> Owner:
        return self._place(path)[1]

    def _place_of(self, path: str) -> tuple[str, Owner]:
        """A path as it is recorded, and whose code it is."""
        path = HERE.recorded(path)
        whole = path if HERE.is_absolute(path) or path.startswith("<") else f"{self._roots[0]}/{path}"
        if _LIBRARY.search(whole):
            return whole, "library"
        for root in self._roots:
            if (inside := HERE.inside(whole, root)) is not None:
                return inside, "test" if inside != "." and self._is_test(inside) else "own"
        return whole, "library"

    def _is_test(self, path: str) -> bool:
        name = PurePosixPath(path).name
        if name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py"):
            return True
        return any(path == tests or path.startswith(f"{tests}/") for tests in self._tests)


def _identify(phase: Phase, fixture: str | None, chain: tuple[ExceptionInfo, ...]) -> str:
    """The same in every run, wherever objects are in memory, and no trace of a secret, since it is made of what is
    recorded.
    """
    told = _ADDRESS.sub("", repr((phase, fixture, chain)))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _shortened(raw: Sequence[Sequence[Any]], owner: Any) -> Iterable[Sequence[Any]]:
    """Without the library frames in the middle: what the target called, and where it ended, is what explains."""
    library = [at for at, (path, _, _) in enumerate(raw) if owner(path) == "library"]
    ours = [at for at in range(len(raw)) if at not in set(library)]
    kept = {*library[:_LIBRARY_TOP], *library[-_LIBRARY_DEEP:], *ours[:_OWN_EACH_END], *ours[-_OWN_EACH_END:]}
    return [frame for at, frame in enumerate(raw) if at in kept]


def _read_stack(text: str) -> list[tuple[str, int, str]]:
    """The stack of the thread that faulthandler was called in (else the one it wrote last, which is the main thread),
    outermost frame first.
    """
    stacks: list[list[tuple[str, int, str]]] = []
    current: list[tuple[str, int, str]] = []
    for line in text.splitlines():
        if thread := _THREAD_LINE.match(line):
            stacks.append([])
            current = stacks[-1] if thread["who"] == "Current thread" else current
        elif stacks and (found := _STACK_LINE.match(line)):
            stacks[-1].append((found["path"], int(found["line"]), found["function"]))
    return list(reversed(current or (stacks[-1] if stacks else [])))
