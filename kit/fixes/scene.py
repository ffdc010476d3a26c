"""What an option looks at: the tree as it is, and what is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from kit.facts.causes import Cause
from kit.facts.collisions import at
from kit.facts.fixes import FixOption
from kit.facts.inventory import Collision, Finding, InventoryFacts
from kit.facts.target import PytestConfig
from kit.fixes.patching.diff import edits_of, make_patch, size_of
from kit.fixes.patching.guarding import harm_to_tests
from kit.fixes.source.texts import NotEditableError, read_text
from kit.inventory import Declarations
from kit.masking import MASK


@dataclass(frozen=True)
class Clock:
    """A function of the target that tells the time with its zone."""

    module: str
    name: str
    path: str


@dataclass(frozen=True)
class FixScene:
    """``root`` is the folder to read: a scratch copy, in which earlier fixes may be applied. ``inventory`` is of it,
    ``source`` answers what it declares. ``test_paths``, ``config`` and ``packages`` (those of its interpreter that
    matter, with their versions) are the target's; ``libraries`` are the folders of what it has installed.
    """

    root: Path
    inventory: InventoryFacts
    source: Callable[[], Declarations] = Declarations
    test_paths: tuple[str, ...] = ()
    config: PytestConfig = field(default_factory=PytestConfig)
    packages: Mapping[str, str] = field(default_factory=dict)
    libraries: tuple[Path, ...] = ()

    @cached_property
    def declarations(self) -> Declarations:
        """What the source declares."""
        return self.source()

    @property
    def rootdir(self) -> PurePosixPath:
        """pytest's, relative to the root: node ids start there."""
        return PurePosixPath(self.config.rootdir)

    @cached_property
    def clock(self) -> Clock | None:
        """The function that most modules import to tell the time with its zone."""
        clocks = self.declarations.aware_clocks
        asked = Counter(f"{one.module}.{one.name}" for one in self.inventory.importers if one.name)
        best = max(sorted(clocks), key=lambda name: asked[name], default=None)
        if best is None:
            return None
        module, _, name = best.rpartition(".")
        return Clock(module, name, clocks[best].path)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {}

    def text(self, path: str) -> str:
        """A file's text. Raises :class:`NotEditableError`."""
        if path not in self._texts:
            self._texts[path] = read_text(self.root, path)
        return self._texts[path]

    def is_test(self, path: str) -> bool:
        """Whether a file is one of the tests, or a conftest.py."""
        below = tuple(f"{one.rstrip('/')}/" for one in self.test_paths if one != ".")
        return path.startswith(below) or path.rpartition("/")[2].startswith(("test_", "conftest"))

    def collision(self, cause: Cause) -> Collision | None:
        """The collision that a cause is about, among the classes that stand at its places."""
        found = (at(one, cause.locations, self.inventory) for one in self.inventory.collisions)
        return next((one for one in found if one), None)

    def findings(self, cause: Cause, kind: str) -> tuple[Finding, ...]:
        """The findings of a kind that stand at the cause's places."""
        places = {(place.path, place.line) for place in cause.locations}
        return tuple(
            finding
            for finding in self.inventory.findings
            if finding.kind == kind and any((place.path, place.line) in places for place in finding.locations)
        )


@dataclass(frozen=True)
class Proposal:
    """An option before its patch is made: ``after`` are the new texts by path (``None``: the file goes)."""

    kind: str
    title: str
    why: str
    after: Mapping[str, str | None]
    losses: tuple[str, ...] = ()
    on_tests: bool = False
    documentation: str = ""


def option_of(cause: Cause, scene: FixScene, proposal: Proposal) -> FixOption:
    """The option with its patch against the tree of the scene; without one where it would do harm to tests."""
    before = {path: scene.text(path) for path in proposal.after if (scene.root / path).exists()}
    tests = frozenset(path for path in proposal.after if scene.is_test(path))
    if harm := harm_to_tests(before, proposal.after, tests):
        return without_patch(cause, proposal.kind, proposal.title, NotEditableError(harm))
    edits = edits_of(before, proposal.after)
    size, patch = size_of(edits), make_patch(edits)
    return FixOption(
        id=f"{proposal.kind}:{cause.id}",
        cause=cause.id,
        kind=proposal.kind,
        title=proposal.title,
        why=proposal.why,
        patch=patch,
        losses=proposal.losses,
        on_tests=proposal.on_tests or any(scene.is_test(path) for path in size.files),
        documentation=proposal.documentation,
        files=size.files,
        lines_added=size.added,
        lines_removed=size.removed,
        asterisks=patch.count(MASK),
    )


def without_patch(cause: Cause, kind: str, title: str, error: NotEditableError) -> FixOption:
    """An option that is right and for which no patch could be written."""
    return FixOption(f"{kind}:{cause.id}", cause.id, kind, title, "", obstacle=str(error))
