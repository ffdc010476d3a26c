"""The record pipe of ``main.py``, and the form of paths, errors and classes in its records."""

from __future__ import annotations

import inspect
import json
import os
import sys
import traceback

from ..own_files import is_own

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Optional, Set, Tuple


# more than kit keeps, since it masks secrets before it cuts (see kit.masking.cutting)
LONGEST_MESSAGE = 10_000 + 8_000


class RecordPipe:
    """The record pipe. The target must neither inherit it nor find it among its standard streams."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self.descriptor = descriptor
        self.missing: Set[str] = set()

    def say(self, kind: str, **record: Any) -> None:
        text = json.dumps(dict(record, kind=kind), ensure_ascii=False)  # a lone surrogate is replaced
        data = text.encode("utf-8", "replace") + b"\n"
        while data:
            data = data[os.write(self.descriptor, data) :]

    def private(self, owner: Any, name: str, default: Any = None) -> Any:
        """An attribute that SQLAlchemy does not promise; when it is gone, one record says so."""
        found = getattr(owner, name, self)
        if found is self:
            if name not in self.missing:
                self.missing.add(name)
                self.say("missing", name=name)
            return default
        return found


class TargetPaths:
    """Paths as the target's tree has them: relative to its root where they lie in it."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)
        self.known: Dict[str, str] = {}

    def of_file(self, path: str) -> str:
        if path not in self.known:  # many classes share a file
            real = os.path.realpath(path)
            inside = is_own(real, self.root)
            self.known[path] = os.path.relpath(real, self.root).replace(os.sep, "/") if inside else real
        return self.known[path]

    def of_class(self, cls: type, wants_line: bool) -> Tuple[Optional[str], Optional[int]]:
        """Path and line of a class; what is not known is ``None``."""
        file = getattr(sys.modules.get(cls.__module__), "__file__", None)
        line = cls.__dict__.get("__firstlineno__")
        if wants_line and line is None:
            try:
                line = inspect.getsourcelines(cls)[1]
            except Exception:
                line = None
        return (self.of_file(file) if file else None), line

    def of_error(self, error: BaseException) -> Tuple[Optional[str], Optional[int]]:
        """The last frame of the target's own code, or the place of a syntax error in it."""
        frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        if isinstance(error, SyntaxError) and error.filename:
            frames.append((error.filename, error.lineno or 1))
        own = [(self.of_file(path), line) for path, line in frames if not path.startswith("<")]
        own = [place for place in own if not os.path.isabs(place[0]) and "site-packages" not in place[0]]
        return own[-1] if own else (None, None)


def error_record(error: BaseException, place: TargetPaths) -> Dict[str, Any]:
    path, line = place.of_error(error)
    try:
        message = str(error)
    except Exception:
        message = "(its text could not be made)"
    return {
        "exception": "%s.%s" % (type(error).__module__, type(error).__qualname__),
        "message": message[:LONGEST_MESSAGE],
        "path": path,
        "line": line,
    }


def qualified(cls: type) -> List[str]:
    return [cls.__module__, cls.__qualname__]
