"""Faults of code that runs: it raises, waits, reaches out, or gives another value."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from tests.plant.app import App, File, Planting, body_start, in_one_file

_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: nobody listens there: the port of "discard" on a machine that does not serve it
_NOBODY = '("127.0.0.1", 9)'


def naive_datetime(app: App) -> Iterator[Planting]:
    """A time with a zone becomes one without."""
    for file in app.files.values():
        for node in file.nodes(ast.Call):
            assert isinstance(node, ast.Call)
            func = node.func
            if not isinstance(func, ast.Attribute) or not (node.args or node.keywords):
                continue
            if func.attr == "now":
                text = file.with_node(node, f"{file.source(func)}()")
            elif func.attr == "astimezone":
                text = file.with_node(node, f"{file.source(func.value)}.replace(tzinfo=None)")
            else:
                continue
            yield in_one_file("naive-datetime", app, file, node.lineno, text, file.source(node)[:60])


def switch_flipped(app: App) -> Iterator[Planting]:
    """A switch of a module or a class has the other value."""
    for file in app.production:
        bodies = [file.tree.body, *(node.body for node in file.nodes(ast.ClassDef) if isinstance(node, ast.ClassDef))]
        for node in (node for body in bodies for node in body):
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, bool):
                text = file.with_node(value, str(not value.value))
                yield in_one_file("switch-flipped", app, file, node.lineno, text, file.source(node)[:60])


def wrong_constant(app: App) -> Iterator[Planting]:
    """A number in the code is another one."""
    for file, function in _functions(app):
        for node in ast.walk(function):
            if isinstance(node, ast.Constant) and type(node.value) is int and node.lineno >= function.body[0].lineno:
                text = file.with_node(node, str(node.value + 7))
                yield in_one_file("wrong-constant", app, file, node.lineno, text, f"{node.value} in {function.name}")


def condition_negated(app: App) -> Iterator[Planting]:
    """An ``if`` asks the reverse."""
    for file, function in _functions(app):
        for node in ast.walk(function):
            if isinstance(node, ast.If):
                text = file.with_node(node.test, f"not ({file.source(node.test)})")
                yield in_one_file("condition-negated", app, file, node.test.lineno, text, f"in {function.name}")


def code_raises(app: App) -> Iterator[Planting]:
    """A function raises an error of its own."""
    yield from _in_body("code-raises", app, lambda _: 'raise LookupError("the table of rates is not loaded")')


def service_unreachable(app: App) -> Iterator[Planting]:
    """A function asks a service that does not run."""
    call = f'__import__("socket").create_connection({_NOBODY}, timeout=2).close()'
    yield from _in_body("service-unreachable", app, lambda _: call)


def hang(app: App) -> Iterator[Planting]:
    """A function does not return."""
    yield from _in_body("hang", app, lambda _: '__import__("time").sleep(3600)')


def key_missing(app: App) -> Iterator[Planting]:
    """A function looks up a key that nobody puts in."""
    yield from _in_body("key-missing", app, lambda function: f'{{"name": 1}}["{function.name}_limit"]')


def none_used(app: App) -> Iterator[Planting]:
    """A function uses what is ``None``."""
    yield from _in_body("none-used", app, lambda _: "(lambda rates: None)(0).convert")


def attribute_misspelled(app: App) -> Iterator[Planting]:
    """A function uses an attribute that does not exist."""
    for file, function in _functions(app):
        for node in ast.walk(function):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
                continue
            if isinstance(node.ctx, ast.Load) and node.lineno >= function.body[0].lineno:
                text = file.with_node(node, f"{file.source(node.value)}.{node.attr}_of")
                what = f"{file.source(node)} in {function.name}"
                yield in_one_file("attribute-misspelled", app, file, node.lineno, text, what)


def argument_renamed(app: App) -> Iterator[Planting]:
    """A parameter has another name than those who pass it use."""
    passed = {
        (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""), keyword.arg)
        for file in app.files.values()
        for node in file.nodes(ast.Call)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    }
    for file, function in _functions(app):
        for argument in [*function.args.args, *function.args.kwonlyargs]:
            if (function.name, argument.arg) in passed:
                lines = file.text.splitlines()
                for number in range(function.lineno - 1, function.end_lineno or 0):
                    lines[number] = re.sub(rf"\b(?<!\.){argument.arg}\b", f"{argument.arg}_", lines[number])
                text = "\n".join(lines) + "\n"
                yield in_one_file(
                    "argument-renamed", app, file, function.lineno, text, f"{function.name}: {argument.arg}"
                )


def _functions(app: App) -> Iterator[tuple[File, _Function]]:
    for file in app.production:
        for function in file.functions:
            yield file, function


def _in_body(kind: str, app: App, statement: Callable[[_Function], str]) -> Iterator[Planting]:
    """A statement at the start of a function's body."""
    for file, function in _functions(app):
        line, indented = body_start(function)
        if line:
            text = file.with_lines(line, indented + statement(function))
            yield in_one_file(kind, app, file, line, text, f"in {function.name}")


PLANTERS = (
    naive_datetime,
    switch_flipped,
    wrong_constant,
    condition_negated,
    code_raises,
    service_unreachable,
    hang,
    key_missing,
    none_used,
    attribute_misspelled,
    argument_renamed,
)
