"""Experiments before tests are run: each answers in a second or two what the tests would take long to show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.facts.fixes import Check
from kit.facts.wording import counted
from kit.fixes.trials.trial_copy import TrialCopy
from kit.target import run_probe

_LIMIT_S = 120.0
_SHOWN = 3


@dataclass(frozen=True)
class Effects:
    """What an app is like at run time. Errors are ``Type: message`` by path or module; ``None`` means that all is well
    there. ``statements`` are the DDL of ``create_all``, ``routes`` are ``METHOD path``. A part that was not reached is
    empty or ``None``; ``problem`` says why. ``is_warm``: the libraries of the suite were imported before.
    """

    compiled: Mapping[str, str | None] = field(default_factory=dict)
    imported: Mapping[str, str | None] = field(default_factory=dict)
    mappers: str | None = None
    statements: tuple[str, ...] | None = None
    ddl_error: str | None = None
    routes: tuple[str, ...] = ()
    problem: str | None = None
    is_warm: bool = False


def read_effects(copy: TrialCopy, modules: Collection[str], changed: Sequence[str]) -> Effects:
    """Ask the target's interpreter in the scratch copy: whether the ``changed`` files compile and the ``modules``
    import, and what mappers, tables and routes are like then.
    """
    target, root = copy.target, copy.root
    request = {
        "compile": [path for path in changed if path.endswith((".py", ".pyi")) and (root / path).exists()],
        "modules": sorted(modules),
        "paths": [str(root / one) for one in target.import_roots],
    }
    if records := copy.server.effects(target, request, _LIMIT_S):
        return _effects(_by_kind(records), is_warm=True)
    run = run_probe(target, "effects.main", request, root=root, timeout_s=_LIMIT_S)
    by_kind = _by_kind(run.records)
    problem = "the probe did not finish: " + _last_line(run.output)
    return _effects(by_kind, problem=None if "routes" in by_kind else problem)


def _by_kind(records: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        found.setdefault(record.get("kind", ""), []).append(record)
    return found


def _effects(
    by_kind: Mapping[str, list[dict[str, Any]]], *, problem: str | None = None, is_warm: bool = False
) -> Effects:
    last = (by_kind.get("ddl") or [{}])[-1]
    return Effects(
        compiled={record["path"]: record["error"] for record in by_kind.get("compiled", [])},
        imported={record["module"]: record["error"] for record in by_kind.get("imported", [])},
        mappers=(by_kind.get("mappers") or [{}])[-1].get("error"),
        statements=tuple(last["statements"]) if "statements" in last else None,
        ddl_error=last.get("error"),
        routes=tuple((by_kind.get("routes") or [{"routes": ()}])[-1]["routes"]),
        problem=problem,
        is_warm=is_warm,
    )


def _last_line(output: str) -> str:
    return (output.strip().splitlines() or ["it printed nothing"])[-1]


def checks_of(before: Effects, after: Effects) -> tuple[Check, ...]:
    """What a patch has changed, check by check; ``holds`` is ``None`` where there is nothing to compare."""
    return (
        _compiles(after),
        _imports(before, after),
        _mappers(before, after),
        _schema(before, after),
        _routes(before, after),
    )


def stopper(checks: Sequence[Check]) -> str | None:
    """Why no test need be run: a file that does not compile, or a module that imported before and does not any more."""
    failed = [check for check in checks if check.name in ("compiles", "imports") and check.holds is False]
    return failed[0].detail if failed else None


def _compiles(after: Effects) -> Check:
    errors = [f"{path}: {error}" for path, error in after.compiled.items() if error]
    return Check("compiles", not errors if after.compiled else None, "; ".join(errors))


def _imports(before: Effects, after: Effects) -> Check:
    if not after.imported:
        return Check("imports", None, after.problem or "")
    newly = [f"{name}: {error}" for name, error in after.imported.items() if error and not before.imported.get(name)]
    fine = sum(error is None for error in after.imported.values())
    detail = "; ".join(newly[:_SHOWN]) if newly else f"{fine} of {len(after.imported)} modules import"
    return Check("imports", not newly, detail)


def _mappers(before: Effects, after: Effects) -> Check:
    if after.statements is None:
        return Check("mappers", None)
    if after.mappers is None:
        return Check("mappers", True, "all mappers configure")
    return Check("mappers", False if before.mappers is None else None, after.mappers)


def _schema(before: Effects, after: Effects) -> Check:
    if after.ddl_error and not before.ddl_error and before.statements:
        return Check("schema", False, after.ddl_error)
    if before.ddl_error or after.ddl_error or not (before.statements or after.statements):
        return Check("schema", None, after.ddl_error or before.ddl_error or "")
    if before.statements is None or after.statements is None:
        return Check("schema", None)
    return _same_statements(before.statements, after.statements)


def _same_statements(before: Sequence[str], after: Sequence[str]) -> Check:
    gone = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    twice = len(before) - len(set(before)) - (len(after) - len(set(after)))
    parts = [f"gone: {one}" for one in gone[:_SHOWN]] + [f"new: {one}" for one in new[:_SHOWN]]
    parts += [f"{counted(twice, 'statement')} less that stood there twice"] if twice > 0 else []
    same = not gone and not new
    return Check("schema", same, "; ".join(parts) or f"the same {counted(len(set(after)), 'statement')}")


def _routes(before: Effects, after: Effects) -> Check:
    if not before.routes and not after.routes:
        return Check("routes", None)
    gone, new = sorted({*before.routes} - {*after.routes}), sorted({*after.routes} - {*before.routes})
    parts = [f"gone: {one}" for one in gone[:_SHOWN]] + [f"new: {one}" for one in new[:_SHOWN]]
    more = len(gone) + len(new) - len(parts)
    parts += [f"{more} more"] if more > 0 else []
    return Check("routes", not gone and not new, "; ".join(parts) or f"the same {counted(len(after.routes), 'route')}")
