"""Which import statements led to each mapper and table, and what SQLAlchemy warned of (see ``main.py``)."""

from __future__ import annotations

import os
import sys
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from types import FrameType
    from typing import Any, Dict, List, Optional, Tuple, Type

    from .records import RecordPipe, TargetPaths


class Trace:
    """Listens while the target's modules are imported."""

    def __init__(self, out: RecordPipe, place: TargetPaths) -> None:
        self.out, self.place = out, place
        #: by identity of a mapper or table: ``[path, line]`` of each import statement, the outermost first
        self.chains: Dict[int, List[Tuple[str, int, str]]] = {}
        self.names: Dict[str, Optional[str]] = {}

    def listen(self) -> None:
        from sqlalchemy import Table, event, exc
        from sqlalchemy.orm import Mapper

        event.listen(Mapper, "instrument_class", self.remember)
        event.listen(Table, "after_parent_attach", self.remember)
        for category in (exc.SAWarning, exc.SADeprecationWarning):
            warnings.simplefilter("always", category)
        self.categories = (exc.SAWarning, exc.SADeprecationWarning)
        self.others, warnings.showwarning = warnings.showwarning, self.show

    def remember(self, made: Any, _owner: Any) -> None:
        self.chains[id(made)] = [step for step in self.frames() if step[2] == "<module>"]

    def chain(self, made: Any) -> List[List[Any]]:
        return [[path, line] for path, line, _ in self.chains.get(id(made), ())]

    def frames(self) -> List[Tuple[str, int, str]]:
        """The in-app frames of the moment, ``(path, line, function)``, the outermost first."""
        found = []
        frame: Optional[FrameType] = sys._getframe(1)
        while frame is not None:
            path = self.own(frame.f_code.co_filename)
            if path:
                found.append((path, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        return found[::-1]

    def own(self, filename: str) -> Optional[str]:
        if filename not in self.names:
            path = None if filename.startswith("<") else self.place.of_file(filename)
            is_own = path and not os.path.isabs(path) and "site-packages" not in path
            self.names[filename] = path if is_own else None
        return self.names[filename]

    def show(self, message: Any, category: Type[Warning], *rest: Any, **named: Any) -> None:
        if not issubclass(category, self.categories):
            self.others(message, category, *rest, **named)
            return
        own = self.frames()
        path, line = own[-1][:2] if own else (None, None)
        name = "%s.%s" % (category.__module__, category.__qualname__)
        self.out.say("warning", category=name, message=str(message)[:18000], path=path, line=line)


def say_files(out: RecordPipe, place: TargetPaths) -> None:
    """Files of the target that were imported under several names, each time anew."""
    loaded: Dict[str, Dict[int, str]] = {}
    for name, module in list(sys.modules.items()):
        # not getattr: a module that loads itself lazily would do it now
        file = getattr(module, "__dict__", {}).get("__file__") if name != "__main__" else None
        if isinstance(file, str):
            loaded.setdefault(file, {}).setdefault(id(module), name)
    for file, names in loaded.items():
        path = place.of_file(file) if len(names) > 1 else None
        if path and not os.path.isabs(path):
            out.say("file", path=path, modules=sorted(names.values()))
