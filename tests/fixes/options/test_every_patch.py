"""The patch of every option is taken by git and by patch: CRLF, no final newline, an app below a repository's root."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes import options as rules
from kit.fixes.options import find_options
from kit.fixes.patching.applying import apply_patch
from tests.fixes.apps import cause, scene_at, scene_of
from tests.fixes.collisions import app as colliding
from tests.fixes.options import test_async_tests as async_tests
from tests.fixes.options import test_await_call as await_call
from tests.fixes.options import test_aware_datetimes as aware_datetimes
from tests.fixes.options import test_aware_where_met as aware_where_met
from tests.fixes.options import test_break_import_cycle as break_import_cycle
from tests.fixes.options import test_choose_foreign_key as choose_foreign_key
from tests.fixes.options import test_correct_name as correct_name
from tests.fixes.options import test_disable_plugin as disable_plugin
from tests.fixes.options import test_drop_constraint as drop_constraint
from tests.fixes.options import test_drop_index as drop_index
from tests.fixes.options import test_feature_switch as feature_switch
from tests.fixes.options import test_further_keywords as further_keywords
from tests.fixes.options import test_import_model as import_model
from tests.fixes.options import test_include_router as include_router
from tests.fixes.options import test_moved_library_name as moved_library_name
from tests.fixes.options import test_moved_own_name as moved_own_name
from tests.fixes.options import test_name_index as name_index
from tests.fixes.options import test_on_import_path as on_import_path
from tests.fixes.options import test_one_class_for_table as one_class_for_table
from tests.fixes.options import test_one_import_root as one_import_root
from tests.fixes.options import test_patch_target as patch_target
from tests.fixes.options import test_renamed_argument as renamed_argument
from tests.fixes.options import test_renamed_attribute as renamed_attribute
from tests.fixes.options import test_renamed_fixture as renamed_fixture
from tests.fixes.options import test_renamed_own_name as renamed_own_name
from tests.fixes.options import test_renamed_parameter as renamed_parameter
from tests.fixes.options import test_require_package as require_package
from tests.fixes.options import test_response_model as response_model
from tests.fixes.options import test_zone_utc as zone_utc
from tests.helpers import write_project

pytestmark = pytest.mark.slow

Files = dict[str, str | bytes]
WRONG = correct_name.MODELS.replace('ForeignKey("customers.id', 'ForeignKey("customer.id')
TWICE = cause("duplicate-constraint", "uq_trades", "app/models.py:10 constraint", "app/models.py:12 constraint")
#: by option: an app in which it applies, and its cause, or how it is made of the root; ``None``: the source shows it
CASES: dict[str, tuple[Files, Cause | Callable[[Path], Cause] | None]] = {
    "adapt_to_release": (
        {"app/pages.py": "import flask\nfrom jinja2 import Markup, Template\n\npage = Markup(Template(''))\n"},
        cause("upgraded-library", "jinja2-markup"),
    ),
    "async_tests": (
        {"tests/test_a.py": async_tests.TESTS, "pytest.ini": "[pytest]\n"},
        replace(cause("async-without-plugin", "", tests=async_tests.RUN), id="async-without-plugin"),
    ),
    "await_call": (await_call.app(await_call.CALL.format("save(amount)")), await_call.forgotten()),
    "aware_datetimes": (aware_datetimes.app(aware_datetimes.LOCK), aware_datetimes.made_at("app/lock.py", 5)),
    "aware_where_met": (aware_where_met.app("return now < user.until"), aware_where_met.met()),
    "break_import_cycle": (
        break_import_cycle.app("\n\n\ndef f():\n    return A()\n"),
        break_import_cycle.CIRCLE,
    ),
    "choose_foreign_key": (choose_foreign_key.files(), choose_foreign_key.broken()),
    "correct_name": (correct_name.files(WRONG), correct_name.broken("foreign-key", "who pays")),
    "delete_duplicate": (colliding(), None),
    "disable_plugin": ({"pytest.ini": "[pytest]\naddopts = -q\n", "a.py": ""}, disable_plugin.BROKEN),
    "drop_constraint": (drop_constraint.FILES, TWICE),
    "drop_index": (drop_index.files(drop_index.MODEL), None),
    "feature_switch": (feature_switch.app(feature_switch.DATACLASS), feature_switch.off(7)),
    "further_keywords": (further_keywords.files("self, data"), further_keywords.refused()),
    "import_model": (import_model.FILES, cause("broken-relationship", "Owner.Pet", *import_model.PLACES)),
    "include_router": (include_router.app(include_router.MAIN), include_router.lonely("app/bills/routes.py")),
    "moved_library_name": (
        {"shop.py": "from forms.fields.core import Field, Flag\n\nUSED = Field, Flag\n"},
        lambda root: moved_library_name.gone(root.parents[1] / "site-packages", "Flag"),
    ),
    "moved_own_name": (moved_own_name.APP, None),
    "name_index": (name_index.files(name_index.MODEL), None),
    "on_import_path": ({**on_import_path.APP, "pytest.ini": "[pytest]\naddopts = -q\n"}, on_import_path.CAUSE),
    "one_class_for_table": (one_class_for_table.twice(), None),
    "one_import_root": (one_import_root.app(three="from orders import Order\n"), None),
    "patch_target": (patch_target.files("def send_mails(): ...\n"), patch_target.absent()),
    "qualify_relationships": (colliding(table="members"), None),
    "re_export": (colliding(), None),
    "rename_duplicate": (colliding(), None),
    "renamed_argument": (renamed_argument.app("total(2, curency='USD')"), renamed_argument.refused()),
    "renamed_attribute": (renamed_attribute.app("User.username"), renamed_attribute.missing()),
    "renamed_fixture": (renamed_fixture.files(renamed_fixture.CONFTEST), renamed_fixture.missing("db_sesion")),
    "renamed_own_name": (renamed_own_name.APP, None),
    "renamed_parameter": (renamed_parameter.app(renamed_parameter.CALL), renamed_argument.refused()),
    "require_package": (
        {"app/__init__.py": "", "pyproject.toml": require_package.PROJECT, "app/a.py": "import redis\n"},
        require_package.missing("redis", "app/a.py:1"),
    ),
    "response_model": (response_model.app(response_model.ROUTES), None),
    "separate_base": (colliding(table="members"), None),
    "zone_utc": (
        zone_utc.app("from datetime import datetime\n\nNOW = datetime.now(datetime.UTC)\n"),
        zone_utc.refused(zone_utc.OF_CLASS),
    ),
}


def test_every_option_is_among_the_cases() -> None:
    folder = Path(str(rules.__file__)).parent

    assert sorted(CASES) == sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", CASES)
def test_git_and_patch_make_the_same_of_it(name: str, tmp_path: Path) -> None:
    files, named = CASES[name]
    root = tmp_path / "repository/service"
    write_project(root, {path: _of_windows(text) for path, text in files.items()})
    subprocess.run(["git", "init", "-q"], cwd=root.parent, check=True)
    found = [one for one in _options(root, named) if one.patch]
    module = import_module(f"kit.fixes.options.{name}")
    assert (module.MARK if name == "async_tests" else module.KIND) in {one.kind for one in found}

    for option in found:
        texts = [_applied(root, tmp_path / tool, option, tool) for tool in ("git", "patch", "kit")]

        assert texts[0] == texts[1] == texts[2]
        assert all(text.count(b"\r\n") == text.count(b"\n") for text in texts[0].values())


def _of_windows(text: str | bytes) -> bytes:
    """The text without a final newline, with the line ends of Windows."""
    plain = text.decode() if isinstance(text, bytes) else text
    return plain.strip("\n").replace("\n", "\r\n").encode()


def _options(root: Path, named: Cause | Callable[[Path], Cause] | None) -> Iterator[FixOption]:
    if named is None:
        scene, causes = scene_of(root, {})
        yield from (option for one in causes for option in find_options(one, scene))
    else:
        found = named if isinstance(named, Cause) else named(root)
        yield from find_options(found, replace(scene_at(root), packages={"anyio": "4"}))


def _applied(root: Path, to: Path, option: FixOption, tool: str) -> dict[str, bytes]:
    """The files of the option in a copy of the repository to which a tool has applied its patch."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(root.parent, to)
    patch = option.patch.encode()
    if tool == "git":
        subprocess.run(["git", "apply", "--directory=service", "-"], cwd=to, input=patch, check=True)
    elif tool == "patch":
        command = ["patch", "-p1", "--binary", "--silent", "-d", "service"]
        subprocess.run(command, cwd=to, input=patch, check=True)
    else:
        apply_patch(option.patch, to / "service")
    return {path: (to / "service" / path).read_bytes() for path in option.files if (to / "service" / path).exists()}
