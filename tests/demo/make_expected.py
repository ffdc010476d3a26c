"""The true facts about the demo, read off its tree: `python -m tests.demo.make_expected` writes expected.json.

Only what cannot be read off is written down here: which test functions show which defect.
"""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.demo import DEMO_ROOT
from tests.demo.trees import EVERY_FIX, Run, mended, run_suite

EXPECTED = Path(__file__).parent / "expected.json"
USERS_MODELS = "backend.app.users.models"
COLLISIONS = {
    "User": ["backend/app/auth/models.py", "backend/app/users/models.py"],
    "PaperTrade": ["backend/app/paper/models.py", "backend/app/copy/models.py"],
    "Subscription": ["backend/app/profile/models.py", "backend/app/admin/models.py"],
}
WAITING = ("PaperTrade", "Subscription")
TESTS = "backend/tests/test_"
# By defect: where it is (a path and a text on its line), and the test functions that show it.
DEFECTS: dict[str, tuple[str, str, list[str]]] = {
    "naive-datetimes": (
        "backend/app/auth/lockout.py",
        "datetime.utcnow()",
        ["lockout.py::test_account_is_locked_for_a_while"],
    ),
    "unregistered-route": (
        "backend/app/decisions/api.py",
        "ROUTERS =",
        [
            "outcome_api.py::test_kinds_of_outcome_are_listed",
            "outcome_api.py::test_result_is_classified",
            "outcome_api.py::test_summary_of_results",
        ],
    ),
    "feature-switch": (
        "backend/app/core/settings.py",
        "signal_blending: bool = False",
        ["signals.py::test_blend_follows_the_majority"],
    ),
    "moved-messages": (
        "backend/tests/test_quota_windows.py",
        "reached, try again after",
        ["quota_windows.py::test_refusal_says_when_to_try_again"],
    ),
    "hanging-scheduler": (
        "backend/schedulers/drain.py",
        "self._idle.wait()",
        ["drain.py::test_drain_returns_once_everything_is_settled"],
    ),
    "interpreter-exit": (
        "backend/schedulers/watchdog.py",
        "os._exit(STALLED)",
        ["watchdog.py::test_stalled_job_is_logged_and_reported"],
    ),
    "optional-package": (
        "backend/app/web3/signatures.py",
        "from eth_account import Account",
        [
            "signatures.py::test_owner_proves_a_wallet",
            "signatures.py::test_signature_of_something_else_is_refused",
        ],
    ),
}


def parsed(path: str) -> ast.Module:
    return ast.parse((DEMO_ROOT / path).read_text())


def sources() -> list[str]:
    return sorted(str(path.relative_to(DEMO_ROOT)) for path in DEMO_ROOT.rglob("*.py"))


def line_of(path: str, text: str) -> str:
    """`path:line` of the one line that holds a text."""
    lines = (DEMO_ROOT / path).read_text().splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return f"{path}:{number}"


def class_line(path: str, name: str) -> str:
    (found,) = [node for node in parsed(path).body if isinstance(node, ast.ClassDef) and node.name == name]
    return f"{path}:{found.lineno}"


def imports_of(tree: ast.AST, scope: str = "module") -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, scope
        else:
            inside = "function" if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else scope
            yield from imports_of(node, inside)


def imported_modules(path: str, node: ast.Import | ast.ImportFrom) -> list[str]:
    """The absolute names of the modules that a statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not node.level:
        return [node.module or ""]
    package = path.split("/")[: -node.level]
    return [".".join([*package, *([node.module] if node.module else [])])]


def importers(module: str) -> list[dict[str, Any]]:
    """Every import of a module in the tree, by path and line."""
    return [
        {
            "path": path,
            "line": node.lineno,
            "scope": scope,
            "role": "test" if path.startswith("backend/tests/") else "production",
            "alias": next((alias.asname for alias in node.names if alias.asname), None),
            "statement": ast.unparse(node),
        }
        for path in sources()
        for node, scope in imports_of(parsed(path))
        if module in imported_modules(path, node)
    ]


def relationship_strings(name: str) -> list[str]:
    """`path:line` of every relationship whose target is that name as a string."""
    return [
        f"{path}:{node.lineno}"
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "relationship"
        and node.args
        and ast.unparse(node.args[0]) == repr(name)
    ]


def mentioned_only(module: str) -> list[str]:
    """Files that hold a module's name but do not import it."""
    importing = {entry["path"] for entry in importers(module)}
    return [path for path in sources() if module in (DEMO_ROOT / path).read_text() and path not in importing]


def tests_of(defect: str, collected: list[str]) -> list[str]:
    functions = [TESTS + function for function in DEFECTS[defect][2]]
    return [nodeid for nodeid in collected if nodeid.split("[")[0] in functions]


def facts(healthy: Run, broken: Run) -> dict[str, Any]:
    """All facts, given the collections of the healthy and of the broken tree (its fail-fast traps apart)."""
    table = "backend/app/quotas/models.py"
    return {
        "total": len(healthy.collected),
        "collectable": len(broken.collected),
        "uncollectable": {
            path: sum(nodeid.startswith(f"{path}::") for nodeid in healthy.collected)
            for path in sorted(broken.uncollectable)
        },
        "importers": importers(USERS_MODELS),
        "mentioned_only": mentioned_only(USERS_MODELS),
        "collisions": [
            {
                "name": name,
                "classes": [class_line(path, name) for path in paths],
                "waiting": name in WAITING,
                "relationship_strings": relationship_strings(name),
            }
            for name, paths in COLLISIONS.items()
        ],
        "duplicate_index": {
            "name": "ix_quota_usages_user_id",
            "locations": [line_of(table, 'Index("ix_quota_usages_user_id"'), line_of(table, "index=True")],
            "fixture": "db",
            "tests": sum("db" in names for names in broken.fixtures.values()),
        },
        "index_in_two_files": {
            "name": "ix_users_display_name",
            "locations": [
                line_of("backend/app/users/models.py", 'Index("ix_users_display_name"'),
                line_of("backend/app/auth/models.py", "display_name: Mapped[str]"),
            ],
        },
        "annotation": line_of("backend/app/exports/routes.py", "-> ExportResponse | Response"),
        "fail_fast": [
            line_of("pyproject.toml", "--maxfail=1"),
            line_of("backend/tests/fail_fast.py", "config.option.maxfail = 1"),
        ],
        "defects": {
            name: {"location": line_of(path, text), "tests": tests_of(name, healthy.collected)}
            for name, (path, text, _) in DEFECTS.items()
        },
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        healthy = run_suite(mended(Path(folder, "healthy"), *EVERY_FIX), "--collect-only")
        broken = run_suite(mended(Path(folder, "broken"), "10"), "--collect-only")
    EXPECTED.write_text(json.dumps(facts(healthy, broken), indent=2) + "\n")


if __name__ == "__main__":
    main()
