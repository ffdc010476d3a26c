"""Let the async plugin that is installed run the tests: by its automatic mode, by a mark, or by its own fixture. Where
none is installed, require the one that the tests are written for.

https://pytest-asyncio.readthedocs.io/en/stable/concepts.html#test-discovery-modes
https://anyio.readthedocs.io/en/stable/testing.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.wording import counted
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.options.shared.pytest_settings import adding, settings_file
from kit.fixes.options.shared.requiring import Needed, file_for, is_required, with_it
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import ImportBinding, with_import
from kit.fixes.source.settings import with_words
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"async-without-plugin"})
MODE, MARK, FIXTURE = "asyncio-auto-mode", "mark-async-tests", "async-fixture-decorator"
REQUIRE = "require-async-plugin"
_ASYNCIO_URL = "https://pytest-asyncio.readthedocs.io/en/stable/concepts.html#test-discovery-modes"
_ANYIO_URL = "https://anyio.readthedocs.io/en/stable/testing.html"
_AUTO = "--asyncio-mode=auto"
#: by the mark that tests have: the distribution that runs them
_PLUGINS = {"asyncio": "pytest-asyncio", "anyio": "anyio", "trio": "pytest-trio"}
_MARK = re.compile(r"\bmark\.(?P<name>asyncio|anyio|trio)\b")


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The options that the installed plugins allow; where there is none, the one that requires a plugin."""
    fixture = cause.id.partition(":")[2]
    asyncio = "pytest-asyncio" in scene.packages and "no:asyncio" not in " ".join(scene.config.addopts)
    if asyncio:
        yield from _automatic(cause, scene)
    if asyncio and fixture:
        yield from _decorated_fixture(cause, scene, fixture)
    if not fixture and (asyncio or "anyio" in scene.packages):
        yield from _marked(cause, scene, "asyncio" if asyncio else "anyio")
    if not set(_PLUGINS.values()) & set(scene.packages):
        yield from _required(cause, scene)


def _required(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The plugin in the requirements; tests without a mark get its automatic mode as well."""
    mark = _mark_of(cause, scene)
    needed = Needed(_PLUGINS[mark or "asyncio"], by_tests=True)
    path = file_for(scene, needed)
    if path is None or is_required(scene, needed.name):
        return
    title = f"Require {needed.name} in {path}"
    try:
        edits = _requiring(scene, needed, path, with_mode=mark is None)
    except NotEditableError as error:
        yield without_patch(cause, REQUIRE, title, error)
        return
    if not edits:
        return
    if any(text and _AUTO in text for text in edits.values()):
        title += f", and let it run every async test: {_AUTO}"
    why = "No plugin that awaits tests is installed, and no requirement names one"
    url = _ANYIO_URL if mark == "anyio" else _ASYNCIO_URL
    option = option_of(cause, scene, Proposal(REQUIRE, title, why, edits, documentation=url))
    yield replace(option, obstacle=needed.obstacle)


def _requiring(scene: FixScene, needed: Needed, path: str, *, with_mode: bool) -> dict[str, str | None]:
    """The files with the requirement, and with the plugin's automatic mode unless they set one; none where the
    requirement cannot be written.
    """
    required = with_it(scene.text(path), path, needed)
    if required is None:
        return {}
    config = settings_file(scene)
    before = required if config == path else scene.text(config) if (scene.root / config).exists() else ""
    after = with_words(before, config, "addopts", _AUTO) if with_mode and "asyncio_mode" not in before else None
    return {path: required} if after is None else {path: required, config: after}


def _mark_of(cause: Cause, scene: FixScene) -> str | None:
    """The mark for async tests in the files of the cause's tests; ``None`` where they have none."""
    for path in dict.fromkeys(str(scene.rootdir / test.partition("::")[0]) for test in cause.tests):
        if (scene.root / path).is_file() and (found := _MARK.search(scene.text(path))):
            return found["name"]
    return None


def _automatic(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    title = f"Let pytest-asyncio run every async test and fixture: {_AUTO} in {settings_file(scene)}"
    if any(one.startswith("--asyncio-mode") for one in scene.config.addopts):
        return
    why = "pytest-asyncio is installed, and leaves alone what is not marked for it"
    yield from adding(cause, scene, "addopts", _AUTO, Proposal(MODE, title, why, {}, documentation=_ASYNCIO_URL))


def _marked(cause: Cause, scene: FixScene, plugin: str) -> Iterator[FixOption]:
    names: dict[str, set[str]] = {}
    for test in cause.tests:
        path, _, rest = test.partition("[")[0].partition("::")
        names.setdefault(str(scene.rootdir / path), set()).add(rest.rpartition("::")[2])
    mark = f"pytest.mark.{plugin}"
    title = f"Mark {counted(sum(map(len, names.values())), 'async test function')} with {mark}"
    try:
        found = {path: _edited(scene, path, _Decorating(functions, mark)) for path, functions in names.items()}
    except NotEditableError as error:
        yield without_patch(cause, MARK, title, error)
        return
    after: dict[str, str | None] = {path: text for path, text in found.items() if text is not None}
    if after:
        why = (
            f"{'pytest-asyncio' if plugin == 'asyncio' else plugin} is installed, and runs the tests that have its mark"
        )
        url = _ASYNCIO_URL if plugin == "asyncio" else _ANYIO_URL
        yield option_of(cause, scene, Proposal(MARK, title, why, after, on_tests=True, documentation=url))


def _decorated_fixture(cause: Cause, scene: FixScene, fixture: str) -> Iterator[FixOption]:
    title = f'Define the fixture "{fixture}" with pytest_asyncio.fixture'
    after: dict[str, str | None] = {}
    try:
        for path in dict.fromkeys(place.path for place in scene.declarations.fixtures.get(fixture, ())):
            if (text := _edited(scene, path, _OwnFixture(fixture))) is not None:
                after[path] = text
    except NotEditableError as error:
        yield without_patch(cause, FIXTURE, title, error)
        return
    if after:
        why = "pytest-asyncio awaits a fixture that is defined with its own decorator"
        proposal = Proposal(FIXTURE, title, why, after, on_tests=True, documentation=_ASYNCIO_URL)
        yield option_of(cause, scene, proposal)


def _edited(scene: FixScene, path: str, transformer: _Decorating | _OwnFixture) -> str | None:
    def edit(_: NodesAt) -> cst.CSTTransformer:
        return transformer

    def finish(_: cst.Module, after: cst.Module) -> cst.Module:
        return with_import(after, ImportBinding(transformer.needs, None, transformer.needs, for_types=False))

    return edited(scene.text(path), path, edit, finish)


class _Decorating(cst.CSTTransformer):
    """Puts a mark on the async functions of some names."""

    needs = "pytest"

    def __init__(self, names: set[str], mark: str) -> None:
        super().__init__()
        self._names, self._mark = names, mark

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        marks = {get_full_name_for_node(one.decorator) for one in original_node.decorators}
        if original_node.asynchronous is None or original_node.name.value not in self._names or self._mark in marks:
            return updated_node
        added = cst.Decorator(cst.parse_expression(self._mark), leading_lines=updated_node.leading_lines)
        before = updated_node.lines_after_decorators if not updated_node.decorators else ()
        return updated_node.with_changes(
            decorators=[added, *updated_node.decorators], leading_lines=(), lines_after_decorators=before
        )


class _OwnFixture(cst.CSTTransformer):
    """Gives an async fixture the decorator of pytest-asyncio, with the arguments of the one that it has."""

    needs = "pytest_asyncio"

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        if original_node.asynchronous is None or original_node.name.value != self._name:
            return updated_node
        decorators = [
            one.with_changes(decorator=_own(one.decorator)) if _is_fixture(one.decorator) else one
            for one in updated_node.decorators
        ]
        return updated_node.with_changes(decorators=decorators)


def _is_fixture(decorator: cst.BaseExpression) -> bool:
    function = decorator.func if isinstance(decorator, cst.Call) else decorator
    return get_full_name_for_node(function) in ("pytest.fixture", "fixture")


def _own(decorator: cst.BaseExpression) -> cst.BaseExpression:
    own = cst.parse_expression("pytest_asyncio.fixture")
    return decorator.with_changes(func=own) if isinstance(decorator, cst.Call) else own
