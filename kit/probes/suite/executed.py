"""Which units of the app each test runs, also in the fixtures that it shares with others, and which ran while a file
was imported or collected.
"""

from __future__ import annotations

import os
import sys

from .units import Units

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Generator, List, Optional, Set, Tuple


class ExecutionRecorder:
    """Attributes what runs to tests, to fixtures, and to the import of files; sends it."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._units = Units(root, self._loading, self._loaded)
        self.works = self._units.begin()
        self._importing: List[str] = []  # files that are executed now, the outermost first
        self._during: Dict[int, Set[str]] = {}  # by unit: the files during whose import it ran, "" for none
        self._edges: Set[Tuple[str, str]] = set()  # a file that has made another one load, and that one
        self._test: Optional[Set[int]] = None
        self._fixtures: List[Set[int]] = []  # of the fixtures that are set up now
        self._of_fixture: Dict[int, Set[int]] = {}
        self._needs: Dict[int, Set[int]] = {}  # by fixture: others that it has asked for itself
        self._kept: List[Any] = []  # fixtures: their ids stand for them
        self._used: Set[int] = set()
        self._named = 0  # how many units kit knows by number
        self._numbers: Dict[int, int] = {}
        self._told: Set[str] = set()  # the files about which kit knows whether they are observed
        self._lost: Set[str] = set()

    # -- what pytest and the import system report

    def cover(self, finders: List[Any]) -> None:
        """pytest's import hook loads test modules and conftest files; it is there once pytest has begun."""
        for hook in finders:
            if type(hook).__name__ == "AssertionRewritingHook":
                hook.find_spec = self._watching(hook.find_spec)

    def _watching(self, usual: Callable[..., Any]) -> Callable[..., Any]:
        def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
            spec = usual(name, path, target)
            if spec is not None and self._units.is_own(spec.origin):
                self._units.seen[self._units.relative(spec.origin)] = False
                self._loading(spec.origin)
            return spec

        return find_spec

    def collecting(self, path: str) -> None:
        """A file is collected from now on."""
        self._flush()
        self._importing = [self._units.relative(path)] if self._units.is_own(path) else []

    def collected(self) -> None:
        """No file is collected any more."""
        self._flush()
        self._importing = []

    def _loading(self, path: str) -> None:
        self._flush()
        file, frame = self._units.relative(path), sys._getframe(1)
        importing: List[str] = []
        nearest = ""
        while frame is not None:
            code, is_own = frame.f_code, self._units.is_own(frame.f_code.co_filename)
            if is_own:
                own = self._units.relative(code.co_filename)
                nearest = nearest or own
                if code.co_name == "<module>":
                    importing.append(own)
            frame = frame.f_back  # type: ignore[assignment]
        if nearest and nearest != file:
            self._edges.add((nearest, file))
        if importing or self._test is not None:
            self._importing = importing[::-1]
        self._importing.append(file)

    def _loaded(self, path: str) -> None:
        self._flush()
        file = self._units.relative(path)
        if file in self._importing:
            del self._importing[self._importing.index(file) :]

    # -- tests

    def begin(self) -> None:
        """A test begins."""
        self._flush()
        self._test, self._importing, self._used = set(), [], set()

    def uses(self, item: Any) -> None:
        """The test has been set up and called: note the fixtures of a wider scope that it has used."""
        information = getattr(item, "_fixtureinfo", None)
        for definitions in getattr(information, "name2fixturedefs", {}).values():
            self._used.update(map(id, definitions))
        self._used.update(map(id, definitions_of(getattr(item, "_request", None))))

    def end(self) -> Set[int]:
        """The test is over: the units that it has run, those of its fixtures among them."""
        self._flush()
        ran, self._test = self._test or set(), None
        todo, seen = list(self._used), set(self._used)
        while todo:
            one = todo.pop()
            ran |= self._of_fixture.get(one, set())
            new = self._needs.get(one, set()) - seen
            seen |= new
            todo += new
        return ran

    def setting_up(self, definition: Any, request: Any) -> Generator[None, Any, None]:
        """Around the set-up of a fixture."""
        if str(getattr(definition, "scope", "function")) == "function":
            yield
            return
        self._flush()
        self._fixtures.append(set())
        try:
            yield
        finally:
            self._flush()
            ran = self._fixtures.pop()
            key = id(definition)
            if key not in self._of_fixture:
                self._kept.append(definition)
            self._of_fixture.setdefault(key, set()).update(ran)
            if "request" in getattr(definition, "argnames", ()):
                wanted = self._needs.setdefault(key, set())
                wanted.update(id(one) for one in definitions_of(request) if one is not definition)

    def _flush(self) -> None:
        found = self._units.take()
        if not found:
            return
        if self._importing or self._test is None:
            file = self._importing[-1] if self._importing else ""
            for number in found:
                self._during.setdefault(number, set()).add(file)
        if self._test is not None:
            self._test.update(found)
        for ran in self._fixtures:
            ran.update(found)

    # -- what kit gets

    def report(self, index: int, ran: Set[int]) -> Dict[str, Any]:
        """The message about a test, or (-1) about the import of the suite, with what is new since the last one."""
        new: List[Tuple[str, int]] = []

        def numbered(number: int) -> int:
            if number not in self._numbers:
                self._numbers[number] = len(self._numbers)
                new.append(self._units.places[number])
            return self._numbers[number]

        units = sorted(map(numbered, ran))
        during = [(numbered(number), sorted(files)) for number, files in self._during.items()]
        edges, self._edges = sorted(self._edges), set()
        self._during = {}
        seen = sorted(file for file, is_seen in self._units.seen.items() if is_seen and file not in self._told)
        unseen = sorted(file for file, is_seen in self._units.seen.items() if not is_seen and file not in self._lost)
        self._told.update(seen)
        self._lost.update(unseen)
        return {
            "kind": "executed",
            "index": index,
            "new": new,
            "units": units,
            "imports": during,
            "edges": edges,
            "seen": seen,
            "unseen": unseen,
        }

    def forget(self) -> None:
        """What has run until now belongs to nothing."""
        self._units.take()

    def renumber(self) -> None:
        """Another connection begins, on which kit knows no numbers yet."""
        self._numbers = {}

    def modules(self) -> None:
        """Note what was loaded in another way."""
        for module in list(sys.modules.values()):
            path: Any = getattr(module, "__dict__", {}).get("__file__")
            if self._units.is_own(path) and os.path.isabs(path):
                self._units.seen.setdefault(self._units.relative(path), False)


def definitions_of(request: Any) -> List[Any]:
    """The definitions of the fixtures that are active for a test."""
    try:
        return list(request._fixture_defs.values())
    except Exception:
        return []
