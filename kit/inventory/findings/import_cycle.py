"""Modules with mapped classes that import each other while they are imported.

It works until one of them is imported first that takes a name from another before that one has it: "cannot import
name 'User' from partially initialized module". https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.inventory.findings.shared.view import View
from kit.inventory.imports.cycles import find_cycles

KIND = "import-cycle"


def find(view: View) -> Iterator[Finding]:
    """One finding for each cycle with at least two modules that map classes. A smell: the order of imports decides."""
    mapping = {mapper.fact.module for mapper in view.mappers}
    for cycle in find_cycles(view.graph):
        if len(mapping.intersection(cycle.modules)) > 1:
            steps = zip(cycle.imports, [*cycle.modules[1:], cycle.modules[0]], strict=True)
            yield Finding(
                id=f"{KIND}:{min(cycle.modules)}",
                kind=KIND,
                severity="smell",
                title=f"{' and '.join(cycle.modules)} import each other while they are imported"
                if len(cycle.modules) == 2
                else f"{len(cycle.modules)} modules with mapped classes import each other in a circle",
                locations=cycle.imports,
                evidence=tuple(f"{place} imports {module}" for place, module in steps),
                details={"modules": list(cycle.modules), "entangled": cycle.entangled},
            )
