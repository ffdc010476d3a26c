"""Import a name of the target from the module that defines it: the one that is named has it no more, or is gone.

https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import Finding
from kit.fixes.options.shared.moved_imports import moved_imports, package_of, source_of
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"unresolved-import", "module-not-importable"})
KIND = "moved-own-name"
_URL = "https://docs.python.org/3/reference/simple_stmts.html#the-import-statement"
_FROM = re.compile(r"\s*from\s+(?P<dots>\.*)(?P<module>[A-Za-z_][\w.]*)\s+import\b")


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option, where a single module defines each name that the statement asks for."""
    findings = scene.findings(cause, "unresolved-import")
    statements = ((one, _FROM.match(scene.declarations.line(one.locations[0]))) for one in findings)
    finding, statement = next((pair for pair in statements if pair[1]), (None, None))
    if finding is None or statement is None:
        return
    path = finding.locations[0].path
    module = source_of(package_of(scene, path), len(statement["dots"]), statement["module"])
    homes = _Homes(scene, module, finding)
    try:
        changed = moved_imports(scene, finding.locations, homes.module, homes.of)
    except NotEditableError as error:
        yield without_patch(cause, KIND, f"Import what {homes.module} had from where it is now", error)
        return
    is_left = homes.is_gone and f"from {statement['dots']}{statement['module']} import" in changed.get(path, "")
    if path in changed and not is_left:
        moved = sorted(name for name, now in homes.known.items() if now)
        now = " and ".join(sorted({homes.known[name] or "" for name in moved}))
        title = f"Import {', '.join(moved)} from {now} ({finding.locations[0]})"
        why = f"{homes.module} {'does not exist' if homes.is_gone else 'does not have it'}, and {now} defines it"
        after: dict[str, str | None] = {**changed}
        yield option_of(cause, scene, Proposal(KIND, title, why, after, documentation=_URL))


@dataclass(frozen=True)
class _Homes:
    """Where names are defined that are imported from ``module``; where that exists, only the one of the ``finding`` is
    looked for.
    """

    scene: FixScene
    module: str
    finding: Finding
    known: dict[str, str | None] = field(default_factory=dict)

    @property
    def is_gone(self) -> bool:
        """Whether there is no such module."""
        return not self.scene.declarations.has_module(self.module)

    def of(self, name: str) -> str | None:
        """The only module of the app that defines the name; ``None`` where there is none, or more."""
        if name not in self.known:
            is_meant = self.is_gone or self.finding.id.endswith(f":{self.module}.{name}")
            places = self.scene.declarations.modules_defining(name) if is_meant else {}
            homes = [module for module, place in places.items() if not self.scene.is_test(place.path)]
            self.known[name] = homes[0] if len(homes) == 1 and homes[0] != self.module else None
        return self.known[name]
