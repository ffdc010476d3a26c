"""Faults that break imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.plant.app import App, File, Place, Planting, header_end, in_one_file

_PACKAGES = ("acme_metrics", "pyledgerkit", "fast_rates", "orderly_csv")
_VARIABLES = ("ACME_TOKEN", "LEDGER_REGION", "RATES_BUCKET", "CSV_DIALECT")


def missing_package(app: App) -> Iterator[Planting]:
    """An import of a package that nobody installed."""
    for number, file in enumerate(_imported(app)):
        package, line = _PACKAGES[number % len(_PACKAGES)], file.after_imports
        text = file.with_lines(line, f"import {package}")
        yield in_one_file("missing-package", app, file, line, text, f"imports {package}")


def environment_variable(app: App) -> Iterator[Planting]:
    """A module that wants a variable of the environment that is not set."""
    for number, file in enumerate(_imported(app)):
        name, line = _VARIABLES[number % len(_VARIABLES)], file.after_imports
        text = file.with_lines(line, f'{name} = __import__("os").environ["{name}"]')
        yield in_one_file("environment-variable", app, file, line, text, f"wants {name}")


def module_error(app: App) -> Iterator[Planting]:
    """A module that looks a wrong key up while it is imported."""
    for file in _imported(app):
        line = file.after_imports
        text = file.with_lines(line, 'LIMITS = {"free": 10, "team": 100}', 'DEFAULT_LIMIT = LIMITS["gold"]')
        yield in_one_file("module-error", app, file, line + 1, text, "wrong key")


def circular_import(app: App) -> Iterator[Planting]:
    """A module imports from one that imports from it."""
    for importer, statement, imported in app.imports():
        defined = [node.name for node in importer.tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
        importable = all(part.isidentifier() for part in importer.module.split("."))
        if importer.is_test or importer is imported or not defined or statement not in importer.tree.body:
            continue
        if not importable:
            continue
        line = imported.before_imports
        text = imported.with_lines(line, f"from {importer.module} import {defined[-1]} as _{defined[-1].lower()}")
        places = (Place(imported.path, line), Place(importer.path, statement.lineno))
        yield Planting("circular-import", app.name, f"imports {importer.module}", places, ((imported.path, text),))


def name_renamed(app: App) -> Iterator[Planting]:
    """A name that others import has another one now, in its own module only."""
    seen = set()
    every = list(app.imports())
    for importer, statement, imported in every:
        defined = {
            node.name: node
            for node in imported.tree.body
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for alias in statement.names:
            if alias.name not in defined or importer is imported or (imported.path, alias.name) in seen:
                continue
            seen.add((imported.path, alias.name))
            text = re.sub(rf"\b{alias.name}\b", f"{alias.name}_v2", imported.text)
            importing = [
                Place(other.path, node.lineno)
                for other, node, whose in every
                if whose is imported and any(one.name == alias.name for one in node.names)
            ]
            places = (Place(imported.path, defined[alias.name].lineno), *importing)
            what = f"{alias.name} is {alias.name}_v2"
            yield Planting("name-renamed", app.name, what, places, ((imported.path, text),))


def module_moved(app: App) -> Iterator[Planting]:
    """A module has another name now, and those that import it do not know."""
    seen = set()
    every = list(app.imports())
    for importer, _, imported in every:
        if imported.path.endswith("__init__.py") or imported.path in seen or importer is imported:
            continue
        seen.add(imported.path)
        path = imported.path.removesuffix(".py") + "_core.py"
        importing = [Place(other.path, node.lineno) for other, node, whose in every if whose is imported]
        places = (*importing, Place(path, 1))
        yield Planting("module-moved", app.name, path, places, ((path, imported.text), (imported.path, None)))


def syntax_error(app: App) -> Iterator[Planting]:
    """A colon is missing."""
    for file in _imported(app):
        for function in file.functions:
            line, column = header_end(file, function)
            lines = file.text.splitlines()
            lines[line - 1] = lines[line - 1][:column] + lines[line - 1][column + 1 :]
            text = "\n".join(lines) + "\n"
            yield in_one_file("syntax-error", app, file, line, text, f"no colon behind {function.name}")


def _imported(app: App) -> list[File]:
    """Production files that hold functions or classes."""
    return [
        file
        for file in app.production
        if any(isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) for node in file.tree.body)
    ]


PLANTERS = (
    missing_package,
    environment_variable,
    module_error,
    circular_import,
    name_renamed,
    module_moved,
    syntax_error,
)
