"""Faults of the tests: fixtures, plugins, patches, and what a test leaves behind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.plant.app import App, File, Place, Planting, body_start, header_end, in_one_file

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def fixture_renamed(app: App) -> Iterator[Planting]:
    """A fixture that tests ask for has another name."""
    asked = {argument.arg for file in app.tests for function in file.functions for argument in function.args.args}
    for file, fixture in _fixtures(app):
        if fixture.name in asked and not any("name=" in file.source(mark) for mark in fixture.decorator_list):
            lines = file.text.splitlines()
            lines[fixture.lineno - 1] = lines[fixture.lineno - 1].replace(
                f"def {fixture.name}", f"def {fixture.name}_2", 1
            )
            text = "\n".join(lines) + "\n"
            yield in_one_file("fixture-renamed", app, file, fixture.lineno, text, f"{fixture.name}_2")


def fixture_async(app: App) -> Iterator[Planting]:
    """A fixture becomes asynchronous, and nobody awaits it."""
    for file, fixture in _fixtures(app):
        if isinstance(fixture, ast.FunctionDef):
            lines = file.text.splitlines()
            lines[fixture.lineno - 1] = lines[fixture.lineno - 1].replace("def ", "async def ", 1)
            text = "\n".join(lines) + "\n"
            yield in_one_file("fixture-async", app, file, fixture.lineno, text, fixture.name)


def fixture_raises(app: App) -> Iterator[Planting]:
    """A fixture fails while it is set up."""
    for file, fixture in _fixtures(app):
        line, indented = body_start(fixture)
        if line:
            text = file.with_lines(line, f'{indented}raise RuntimeError("the broker is not configured")')
            yield in_one_file("fixture-raises", app, file, line, text, fixture.name)


def plugin_misfit(app: App) -> Iterator[Planting]:
    """A hook of conftest.py asks for an argument that pytest does not give."""
    for file in _conftests(app):
        line = file.after_imports
        hook = ("", "", "def pytest_runtest_setup(item, settings):", "    item.acme = settings", "", "")
        text = file.with_lines(line, *hook)
        yield in_one_file("plugin-misfit", app, file, line + 2, text, "settings")


def plugin_missing(app: App) -> Iterator[Planting]:
    """conftest.py names a plugin that is not there."""
    for file in _conftests(app):
        line = file.after_imports
        if "pytest_plugins" not in file.text and "/" not in file.path.replace("tests/conftest.py", ""):
            text = file.with_lines(line, 'pytest_plugins = ["acme_fixtures"]')
            yield in_one_file("plugin-missing", app, file, line, text, "acme_fixtures")


def patch_target(app: App) -> Iterator[Planting]:
    """What tests patch has another name in the app."""
    texts = {
        node.value
        for file in app.tests
        for node in file.nodes(ast.Constant)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value
    }
    attributes = {
        (ast.unparse(node.args[0]).rpartition(".")[2], node.args[1].value)
        for file in app.tests
        for node in file.nodes(ast.Call)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("setattr", "object") and len(node.args) > 1
        if isinstance(node.args[1], ast.Constant)
    }
    for file in app.production:
        for node in file.tree.body:
            if not isinstance(node, _Function | ast.ClassDef):
                continue
            short = file.module.rpartition(".")[2]
            if f"{file.module}.{node.name}" in texts or (short, node.name) in attributes:
                edits = [
                    (other.path, text)
                    for other in app.production
                    if (text := re.sub(rf"\b{node.name}\b", f"{node.name}_now", other.text)) != other.text
                ]
                places = (Place(file.path, node.lineno),)
                yield Planting("patch-target", app.name, f"{node.name}_now", places, tuple(edits))


def order_dependence(app: App) -> Iterator[Planting]:
    """A first test takes a function of the app away and does not bring it back."""
    for file in app.tests:
        tests = [node for node in file.tree.body if isinstance(node, _Function) and node.name.startswith("test_")]
        for node in file.tree.body:
            if not (tests and isinstance(node, ast.Import | ast.ImportFrom)):
                continue
            for target, name in _used(app, file, node):
                line = min([tests[0].lineno, *(mark.lineno for mark in tests[0].decorator_list)])
                body = ("def test_that_the_app_can_be_closed():", f"    import {target.module} as closed", "")
                take = f"    closed.{name} = None"
                text = file.with_lines(line, body[0], body[1], take, "", "")
                yield in_one_file("order-dependence", app, file, line + 2, text, f"{target.module}.{name}")


def _used(app: App, test: File, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[File, str]]:
    """Functions that a module which a test file imports calls by their names."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    for target in filter(None, map(app.module, names)):
        called = {
            call.func.id
            for call in ast.walk(target.tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        }
        for function in target.tree.body:
            if isinstance(function, _Function) and function.name in called and test.module != target.module:
                yield target, function.name


def _conftests(app: App) -> list[File]:
    return [file for file in app.tests if file.path.endswith("conftest.py")]


def _fixtures(app: App) -> Iterator[tuple[File, _Function]]:
    for file in app.tests:
        for function in file.functions:
            if any("fixture" in ast.unparse(mark) for mark in function.decorator_list) and header_end(file, function):
                yield file, function


PLANTERS = (
    fixture_renamed,
    fixture_async,
    fixture_raises,
    plugin_misfit,
    plugin_missing,
    patch_target,
    order_dependence,
)
