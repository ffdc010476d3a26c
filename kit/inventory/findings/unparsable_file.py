"""A source file that the target's own Python cannot parse. Its imports were found by line, its classes were not.

https://docs.python.org/3/library/exceptions.html#SyntaxError
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings.shared.view import View
from kit.inventory.source.left_out import leaving_out
from kit.inventory.source.records import FileRecord
from kit.inventory.source.roles import is_test_module, role_of

KIND = "unparsable-file"


def find(view: View) -> Iterator[Finding]:
    """One finding for each file. It blocks when something imports it or when pytest does.

    Templates and samples do not block, nor do tests for a newer Python that a conftest leaves out.
    """
    for file in view.files:
        if file.error is not None and file.path not in view.too_new:
            line, error = file.error
            importers = _importers(file, view)
            conftest = leaving_out(view.root, file.path) if _is_collected(file.path) else None
            blocks = importers or (_is_collected(file.path) and conftest is None)
            yield Finding(
                id=f"{KIND}:{file.path}",
                kind=KIND,
                severity="blocks_now" if blocks else "smell",
                title=f"{file.path} cannot be parsed",
                locations=(Location(file.path, line, "error"),),
                evidence=(
                    error,
                    *(f"Imported at {place}" for place in importers[:3]),
                    *([f"{conftest} keeps pytest from collecting it"] if conftest else []),
                ),
                details={"error": error, "importers": importers},
            )


def _importers(file: FileRecord, view: View) -> list[str]:
    module = view.names.modules.names.get(file.path)
    return [f"{item.path}:{item.line}" for item in view.importers.of_module(module)] if module else []


def _is_collected(path: str) -> bool:
    return role_of(path) == "test" and (is_test_module(path) or path.rpartition("/")[2] == "conftest.py")
