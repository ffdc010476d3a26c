"""Facts as pandas frames, for the notebooks: one row a fact, readable column names, sensible dtypes."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kit.facts.causes import Cause
from kit.facts.failures import Grouping
from kit.facts.inventory import CannotConfigure, Fan, ImportChain, ImportCycle, Importer, InventoryFacts
from kit.facts.suite import OUTCOMES, SuiteFacts


def mapped_classes(facts: InventoryFacts) -> pd.DataFrame:
    """One row a mapped class: ``class``, ``module``, ``where``, ``table``, ``base``, the numbers of ``columns`` and
    ``relationships``, ``extend_existing``, ``seen in`` (source, runtime or both)."""
    return _frame(
        [
            {
                "class": mapped.name,
                "module": mapped.module,
                "where": str(mapped.location),
                "table": mapped.table,
                "base": mapped.base,
                "columns": len(mapped.columns),
                "relationships": len(mapped.relationships),
                "extend_existing": mapped.extend_existing,
                "seen in": " + ".join(mapped.sides),
            }
            for mapped in facts.mapped_classes
        ],
        ["class", "module", "where", "table", "base", "columns", "relationships", "extend_existing", "seen in"],
        category=("seen in",),
    )


def collisions(facts: InventoryFacts) -> pd.DataFrame:
    """One row a party of a collision: ``name``, ``state``, ``role`` (primary or duplicate), ``where``, ``table``,
    ``columns``, ``relationships``, ``extend_existing``, ``importers``, ``why``."""
    return _frame(
        [
            {
                "name": collision.name,
                "state": _collision_state(collision.loaded),
                "role": "primary" if party.primary else "duplicate",
                "where": str(party.mapped.location),
                "table": party.mapped.table,
                "columns": len(party.mapped.columns),
                "relationships": len(party.mapped.relationships),
                "extend_existing": party.mapped.extend_existing,
                "importers": party.importers,
                "why": party.why,
            }
            for collision in facts.collisions
            for party in collision.classes
        ],
        ["name", "state", "role", "where", "table", "columns", "relationships", "extend_existing", "importers", "why"],
        category=("state", "role"),
    )


def findings(facts: InventoryFacts) -> pd.DataFrame:
    """One row a finding: ``severity``, ``kind``, ``title``, ``where`` (every party)."""
    return _frame(
        [
            {
                "severity": finding.severity.replace("_", " "),
                "kind": finding.kind,
                "title": finding.title,
                "where": ", ".join(map(str, finding.locations)),
            }
            for finding in facts.findings
        ],
        ["severity", "kind", "title", "where"],
        category=("severity", "kind"),
    )


def importers(facts: Iterable[Importer]) -> pd.DataFrame:
    """One row an importer: ``module``, ``name``, ``path``, ``line``, ``role``, ``scope``, ``via``, ``statement``."""
    return _frame(
        [
            {
                "module": importer.module,
                "name": importer.name,
                "path": importer.path,
                "line": importer.line,
                "role": importer.role,
                "scope": importer.scope,
                "via": importer.via,
                "statement": importer.statement,
            }
            for importer in facts
        ],
        ["module", "name", "path", "line", "role", "scope", "via", "statement"],
        category=("module", "role", "scope"),
    )


def scores(facts: InventoryFacts) -> pd.DataFrame:
    """One row a part of the score that makes a class of a collision the primary one: ``name``, ``where``, ``role``,
    ``part``, ``value`` (how much of it there is; an age in days), ``points``. Parts that no class has are left out."""
    return _frame(
        [
            {
                "name": collision.name,
                "where": str(party.mapped.location),
                "role": "primary" if party.primary else "duplicate",
                "part": part.what,
                "value": part.value,
                "points": part.points,
            }
            for collision in facts.collisions
            for party in collision.classes
            for part in party.score
            if part.value
        ],
        ["name", "where", "role", "part", "value", "points"],
        category=("role", "part"),
    )


def prediction(facts: Iterable[CannotConfigure]) -> pd.DataFrame:
    """One row a class that a test module misses when pytest runs it alone: ``test module`` (its path), ``misses`` (the
    name that is looked up), ``needed at`` (the first relationship that names it), ``relationships`` (how many do),
    ``defined at`` (every class of that name), ``loaded`` (how many of them that test module imports: with none it is
    missing, with two or more it is ambiguous)."""
    by_name = {
        (module.path, name): [missed for missed in module.missed if missed.name == name]
        for module in facts
        for name in dict.fromkeys(missed.name for missed in module.missed)
    }
    return _frame(
        [
            {
                "test module": path,
                "misses": name,
                "needed at": str(missed[0].needed_at),
                "relationships": len(missed),
                "defined at": ", ".join(map(str, missed[0].defined_at)) or None,
                "loaded": missed[0].loaded,
            }
            for (path, name), missed in by_name.items()
        ],
        ["test module", "misses", "needed at", "relationships", "defined at", "loaded"],
    )


def cycles(facts: Iterable[ImportCycle]) -> pd.DataFrame:
    """One row an import cycle, the shortest first: ``length``, ``modules`` (each imports the next, the last the first),
    ``imports`` (the statement of each step), ``entangled`` (how many modules reach each other in all)."""
    return _frame(
        [
            {
                "length": len(cycle.modules),
                "modules": " → ".join(cycle.modules),
                "imports": ", ".join(map(str, cycle.imports)),
                "entangled": cycle.entangled,
            }
            for cycle in facts
        ],
        ["length", "modules", "imports", "entangled"],
    )


def fans(facts: Iterable[Fan]) -> pd.DataFrame:
    """One row a module, the most imported first: ``module``, ``path``, ``role``, ``fan in`` (modules that import it
    when they are imported), ``fan out`` (modules that it imports)."""
    return _frame(
        [
            {
                "module": fan.module,
                "path": fan.path,
                "role": fan.role,
                "fan in": fan.fan_in,
                "fan out": fan.fan_out,
            }
            for fan in facts
        ],
        ["module", "path", "role", "fan in", "fan out"],
        category=("role",),
    )


def chains(facts: Iterable[ImportChain]) -> pd.DataFrame:
    """One row a chain of imports, the shortest first, of those to a module or of those that break without it:
    ``start``, ``steps``, ``through`` (every module from start to end), ``imports`` (the statement of each step)."""
    return _frame(
        [
            {
                "start": chain.modules[0],
                "steps": len(chain.imports),
                "through": " → ".join(chain.modules),
                "imports": ", ".join(map(str, chain.imports)),
            }
            for chain in facts
        ],
        ["start", "steps", "through", "imports"],
    )


def outcomes(suite: SuiteFacts) -> pd.Series[int]:
    """The accounting: how many tests had each outcome; adds up to what was collected."""
    accounting = suite.accounting
    counts = {outcome.replace("_", " "): getattr(accounting, outcome) for outcome in OUTCOMES}
    return pd.Series(counts, name="tests", dtype="int64")


def tests(suite: SuiteFacts) -> pd.DataFrame:
    """One row a finished test: ``test`` (its node id), ``path``, ``outcome``, ``phase``, ``seconds``, ``reason``,
    ``alone`` (what it did when it was run once more), ``left running`` (the processes that it left behind)."""
    return _frame(
        [
            {
                "test": result.nodeid,
                "path": result.path,
                "outcome": result.outcome,
                "phase": result.phase,
                "seconds": result.seconds,
                "reason": result.reason,
                "alone": result.alone.replace("_", " ") if result.alone else None,
                "left running": ", ".join(result.leaked) or None,
            }
            for result in suite.results
        ],
        ["test", "path", "outcome", "phase", "seconds", "reason", "alone", "left running"],
        category=("path", "outcome", "phase", "alone"),
    )


def warnings(suite: SuiteFacts) -> pd.DataFrame:
    """One row a distinct warning, the most frequent first: ``count``, ``category``, ``message``, ``where``, ``first
    seen in`` (a test)."""
    return _frame(
        [
            {
                "count": warning.count,
                "category": warning.category,
                "message": warning.message.partition("\n")[0],
                "where": f"{warning.path}:{warning.line}" if warning.path else None,
                "first seen in": warning.nodeid,
            }
            for warning in sorted(suite.warnings, key=lambda warning: -warning.count)
        ],
        ["count", "category", "message", "where", "first seen in"],
        category=("category",),
        whole=("count",),
    )


def coverage(suite: SuiteFacts) -> pd.DataFrame:
    """One row a source file, the least covered first: ``path``, ``statements``, ``covered``, ``percent``; no row when
    coverage was not measured."""
    modules = suite.coverage.modules if suite.coverage else ()
    return _frame(
        [
            {
                "path": module.path,
                "statements": module.statements,
                "covered": module.covered,
                "percent": round(module.percent, 1),
            }
            for module in sorted(modules, key=lambda module: module.percent)
        ],
        ["path", "statements", "covered", "percent"],
        whole=("statements", "covered"),
    )


def uncollectable(suite: SuiteFacts) -> pd.DataFrame:
    """One row a file that could not be collected: ``path``, ``error``, ``message``."""
    return _frame(
        [
            {
                "path": error.path,
                "error": error.failure.chain[-1].type,
                "message": error.failure.chain[-1].message.partition("\n")[0],
            }
            for error in suite.collection_errors
        ],
        ["path", "error", "message"],
    )


def categories(grouping: Grouping) -> pd.DataFrame:
    """One row a category that occurs: ``category``, ``tests``, ``share`` (in percent), ``what to do``."""
    total = sum(count for _, count in grouping.categories)
    return _frame(
        [
            {
                "category": category.title,
                "tests": count,
                # a category may hold only files that could not be collected, and they count no tests
                "share": round(100 * count / total, 1) if total else None,
                "what to do": category.advice,
            }
            for category, count in grouping.categories
        ],
        ["category", "tests", "share", "what to do"],
    )


def groups(grouping: Grouping) -> pd.DataFrame:
    """One row a group: ``tests``, ``category``, ``exception``, ``message``, ``frame``, ``example``, ``why``."""
    return _frame(
        [
            {
                "tests": group.count,
                "category": group.category,
                "exception": group.signature.exception,
                "message": group.signature.message,
                "frame": group.signature.frame,
                "example": group.sample_tests[0] if group.sample_tests else None,
                "why": group.why,
            }
            for group in grouping.groups
        ],
        ["tests", "category", "exception", "message", "frame", "example", "why"],
        category=("category",),
    )


def causes(found: Iterable[Cause]) -> pd.DataFrame:
    """One row a cause, the one to mend first on top: ``cause``, ``state``, ``tests blocked``, ``waiting``, ``files not
    collected``, ``where``, ``hidden behind``, ``next step``."""
    return _frame(
        [
            {
                "cause": cause.title,
                "state": cause.state,
                "tests blocked": cause.tests_blocked,
                "waiting": cause.waiting,
                "files not collected": len(cause.uncollectable),
                "where": ", ".join(map(str, cause.locations)),
                "hidden behind": cause.hidden_behind,
                "next step": cause.next_step,
            }
            for cause in found
        ],
        ["cause", "state", "tests blocked", "waiting", "files not collected", "where", "hidden behind", "next step"],
        category=("state",),
        whole=("waiting",),
    )


def _collision_state(loaded: bool | None) -> str:
    return {True: "there now", False: "waiting for an import", None: "suite not collected"}[loaded]


def _frame(
    rows: list[dict[str, object]], columns: list[str], *, category: tuple[str, ...] = (), whole: tuple[str, ...] = ()
) -> pd.DataFrame:
    dtypes = {**dict.fromkeys(category, "category"), **dict.fromkeys(whole, "Int64")}
    return pd.DataFrame(rows, columns=columns).astype(dtypes)
