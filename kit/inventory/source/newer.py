"""Files that are written for a newer Python than the one that has read them: the files are not at fault."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from platform import python_version

from kit import target as target_room
from kit.facts.target import Target
from kit.inventory.source.records import FileRecord

#: statements that an older parser refuses, each with the first Python that has it
_SYNTAX = (
    (re.compile(r"\s*lazy\s+(?:import|from)\s+[\w.]+"), (3, 15)),  # PEP 810
    (re.compile(r"(?:.*[^\w\"'])?(?:[tT][rR]?|[rR][tT])[\"']"), (3, 14)),  # PEP 750
    (re.compile(r"\s*except\*?\s+(?:\w+\.)*[A-Z]\w*(?:\s*,\s*(?:\w+\.)*[A-Z]\w*)+\s*:"), (3, 14)),  # PEP 758
    (re.compile(r"\s*(?:async\s+def|def|class|type)\s+\w+\s*\[[^\]]*="), (3, 13)),  # PEP 696
    (re.compile(r"\s*type\s+\w+\s*(?:\[.*\])?\s*="), (3, 12)),  # PEP 695
    (re.compile(r"\s*(?:async\s+def|def|class)\s+\w+\s*\["), (3, 12)),
    (re.compile(r"\s*except\s*\*"), (3, 11)),  # PEP 654
    (re.compile(r"\s*(?:match\s+[^=]+|case\s+.+):\s*(?:#.*)?$"), (3, 10)),  # PEP 634
)


@dataclass(frozen=True)
class Newer:
    """The paths of those files, and the sentence about all of them; none without such files."""

    paths: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


def find_newer(files: Sequence[FileRecord], target: Target) -> Newer:
    """Every file that could not be parsed, where the target requires a newer Python; where it requires none, those with
    a statement that only a newer Python has.
    """
    broken = [file for file in files if file.error is not None]
    reader = target.interpreter.version if target.interpreter else python_version()
    required = target_room.required_python(target.path) if broken else None
    if required is not None:
        paths = [file.path for file in broken] if required.is_newer_than(reader) else []
        needed = f"the target requires {required}"
    else:
        found = {file.path: _first_python(target.path, file) for file in broken}
        newest = {path: python for path, python in found.items() if python and python > _version(reader)}
        paths = list(newest)
        needed = f"their syntax is that of Python {'.'.join(map(str, max(newest.values(), default=())))}"
    if not paths:
        return Newer()
    files_are = "1 source file was" if len(paths) == 1 else f"{len(paths):,} source files were"
    return Newer(
        frozenset(paths),
        (f"{files_are} only searched for imports: {needed}, and Python {reader} has read the source.",),
    )


def _first_python(root: Path, file: FileRecord) -> tuple[int, int] | None:
    """The first Python that knows the statement at which parsing broke off, or one next to it."""
    line, said = file.error or (1, "")
    if "iterable unpacking cannot be used in comprehension" in said:  # before PEP 798
        return 3, 15
    if "f-string" in said:  # before PEP 701 the same quotes could not be used inside
        return 3, 12
    try:
        lines = (root / file.path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    near = lines[max(line - 1, 0) : line]
    return next((python for text in near for pattern, python in _SYNTAX if pattern.match(text)), None)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])
