"""Which test files a conftest keeps pytest from collecting, as far as its source tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from kit.inventory.source.walking import walk

_LISTS = frozenset({"collect_ignore", "collect_ignore_glob"})


def leaving_out(root: Path, path: str) -> str | None:
    """The conftest whose ``collect_ignore`` or ``collect_ignore_glob`` names the file, nearest first. Under which
    condition it does is not looked at, since only running it would tell.
    https://docs.pytest.org/en/stable/example/pythoncollection.html#customizing-test-collection
    """
    for folder in PurePosixPath(path).parents:
        conftest = str(folder / "conftest.py")
        inside = str(PurePosixPath(path).relative_to(folder))
        if any(fnmatch(inside, pattern) for pattern in _patterns(root / conftest)):
            return conftest
    return None


def _patterns(conftest: Path) -> Iterator[str]:
    """The strings of every statement that has to do with one of the lists."""
    try:
        tree = ast.parse(conftest.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)):
            inside = list(walk(node))
            if any(isinstance(one, ast.Name) and one.id in _LISTS for one in inside):
                yield from (one.value for one in inside if isinstance(one, ast.Constant) and isinstance(one.value, str))
