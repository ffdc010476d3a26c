"""Turn a feature switch over: in the app's default, or in the environment of the tests.

https://docs.pytest.org/en/stable/how-to/monkeypatch.html#monkeypatching-environment-variables
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.declarations import SettingDefault
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import first_statement
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import members, parse

CAUSES = frozenset({"feature-switch"})
KIND, IN_TESTS = "switch-default", "switch-in-tests"
_URL = "https://docs.pytest.org/en/stable/how-to/monkeypatch.html#monkeypatching-environment-variables"
_TURNED = {"True": "False", "False": "True"}
_TURNED_TEXT = {
    "0": "1",
    "1": "0",
    "false": "true",
    "true": "false",
    "off": "on",
    "on": "off",
    "no": "yes",
    "yes": "no",
}
_READS = frozenset({"os.environ.get", "environ.get", "os.getenv", "getenv"})


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option in the default, and one in the tests where the environment gives the value."""
    place = next((one for one in cause.locations if one.role == "default"), None)
    if place is None:
        return
    name = cause.id.partition(":")[2]
    default = next((one for one in scene.declarations.defaults_of(name) if one.location == place), None)
    title = f'Turn the switch "{name}" over in its default ({place})'
    try:
        after = replaced(scene, place.path, [place.line], _turned)
        if after is not None:
            why = "The tests expect the other value"
            losses = ("without that setting the app behaves in the other way",)
            yield option_of(cause, scene, Proposal(KIND, title, why, {place.path: after}, losses, documentation=_URL))
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
    yield from _in_tests(cause, scene, place, default)


def _turned(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The other value of a literal, or of the default of an environment variable."""
    if isinstance(node, cst.Name) and node.value in ("True", "False"):
        return cst.Name(_TURNED[node.value])
    if isinstance(node, cst.SimpleString) and (other := _other_text(str(node.evaluated_value))):
        return node.with_changes(value=node.value.replace(str(node.evaluated_value), other))
    return None


def _other_text(text: str) -> str | None:
    other = _TURNED_TEXT.get(text.lower())
    return other if other is None or text.islower() or text.isdigit() else other.capitalize()


def _in_tests(cause: Cause, scene: FixScene, place: Location, default: SettingDefault | None) -> Iterator[FixOption]:
    """The variable set at the top of the tests' ``conftest.py``, before anything of the app is imported."""
    try:
        variable = _variable(scene, place, default)
    except NotEditableError:
        return
    if variable is None:
        return
    name, value = variable
    conftest = _conftest(scene)
    title = f'Set {name}="{value}" for the tests ({conftest})'
    try:
        text = scene.text(conftest) if (scene.root / conftest).exists() else ""
        after = _with_variable(text, conftest, name, value)
    except NotEditableError as error:
        yield without_patch(cause, IN_TESTS, title, error)
        return
    why = "The app keeps its default; the tests run with the value that they expect"
    proposal = Proposal(IN_TESTS, title, why, {conftest: after}, on_tests=True, documentation=_URL)
    yield option_of(cause, scene, proposal)


def _variable(scene: FixScene, place: Location, default: SettingDefault | None) -> tuple[str, str] | None:
    """The environment variable that gives the switch its value, and the value to give it; ``None``: there is none."""
    module = parse(scene.text(place.path), place.path)
    found: list[tuple[str, str]] = []
    replaced(scene, place.path, [place.line], lambda node: _note_read(node, found))
    if found:
        return found[0]
    owner = default.owner if default else ""
    for one in module.body:
        if isinstance(one, cst.ClassDef) and one.name.value == owner and _reads_environment(one) and default:
            value = _TURNED.get(default.value)
            prefix = re.search(r"env_prefix\s*=\s*['\"](?P<prefix>\w*)['\"]", cst.Module(body=[one]).code)
            known = default.name in members(one)
            return (f"{prefix['prefix'] if prefix else ''}{default.name}".upper(), value) if value and known else None
    return None


def _note_read(node: cst.BaseExpression, found: list[tuple[str, str]]) -> None:
    if isinstance(node, cst.Call) and get_full_name_for_node(node.func) in _READS and len(node.args) == 2:
        name, value = (argument.value for argument in node.args)
        if isinstance(name, cst.SimpleString) and isinstance(value, cst.SimpleString):
            other = _other_text(str(value.evaluated_value))
            if other:
                found.append((str(name.evaluated_value), other))


def _reads_environment(node: cst.ClassDef) -> bool:
    names = [get_full_name_for_node(base.value) or "" for base in node.bases]
    return any(name.rpartition(".")[2] == "BaseSettings" for name in names)


def _conftest(scene: FixScene) -> str:
    folders = [path for path in scene.test_paths if not path.endswith(".py")] or ["."]
    return (PurePosixPath(folders[0]) / "conftest.py").as_posix()


def _with_variable(text: str, path: str, name: str, value: str) -> str:
    module = parse(text, path)
    added = cst.parse_module(f'import os\n\nos.environ["{name}"] = "{value}"\n', module.config_for_parsing).body
    at = first_statement(module)
    return module.with_changes(body=[*module.body[:at], *added, *module.body[at:]]).code
