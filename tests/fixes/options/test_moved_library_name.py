"""A name that has moved within an installed library is imported from where it is now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts
from kit.facts.places import Location
from kit.fixes.options.moved_library_name import find
from kit.fixes.scene import FixScene
from tests.fixes.apps import patched, scene_at
from tests.helpers import write_project

LIBRARY = {
    "forms/__init__.py": "from forms.fields import Form\n",
    "forms/fields/__init__.py": "from forms.fields.simple import *\nfrom .choices import (\n    Choice,\n)\n",
    "forms/fields/core.py": "class Field: ...\n",
    "forms/fields/simple.py": "class Flag: ...\n",
    "forms/fields/choices.py": "class Choice: ...\n",
    "forms/meta.py": "class Meta: ...\nHOOK: str = 'x'\n",
    "forms/_old.py": "class Hidden: ...\n",
}


def gone(site: Path, name: str, line: int = 1) -> Cause:
    """The cause of a name that the library in ``site`` no longer has where ``shop.py`` imports it from."""
    write_project(site, dict(LIBRARY))
    told = f"shop cannot be imported: ImportError: cannot import name '{name}' from 'forms.fields.core'"
    title = f"{told} ({site / 'forms/fields/core.py'})"
    return Cause("c", "module-not-importable", title, "consistent", (Location("shop.py", line),))


def offered(tmp_path: Path, statement: str, name: str, place: str = "site-packages", line: int = 1) -> list[str]:
    """The texts of the file with each option applied."""
    app = tmp_path / "app"
    write_project(app, {"shop.py": statement})
    cause = gone(tmp_path / place, name, line)
    return [patched(app, one)["shop.py"] for one in find(cause, FixScene(app, InventoryFacts(files=1)))]


@pytest.mark.parametrize("name", ["Nowhere", "Hidden"])
def test_a_name_that_the_library_lacks_or_hides_has_no_option(tmp_path: Path, name: str) -> None:
    assert offered(tmp_path, f"from forms.fields.core import {name}\n", name) == []


def test_code_that_is_not_installed_is_none_of_a_library(tmp_path: Path) -> None:
    assert offered(tmp_path, "from forms.fields.core import Flag\n", "Flag", place="app") == []


def test_what_the_old_module_still_has_is_left_alone(tmp_path: Path) -> None:
    assert offered(tmp_path, "from forms.fields.core import Field\n", "Flag") == []


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("Flag", "forms.fields"),
        ("Choice", "forms.fields"),
        ("Form", "forms"),
        ("Meta", "forms.meta"),
        ("HOOK", "forms.meta"),
    ],
)
def test_the_nearest_module_around_the_old_one_is_taken_before_the_one_that_defines_it(
    tmp_path: Path, name: str, module: str
) -> None:
    assert offered(tmp_path, f"from forms.fields.core import {name}\n", name) == [f"from {module} import {name}\n"]


def test_the_other_names_of_the_statement_stay(tmp_path: Path) -> None:
    text = "from forms.fields.core import Field, Flag as F\n"

    assert offered(tmp_path, text, "Flag") == [
        "from forms.fields.core import Field\nfrom forms.fields import Flag as F\n"
    ]


def test_an_import_in_a_function_keeps_its_indentation(tmp_path: Path) -> None:
    text = "def show():\n    from forms.fields.core import Flag  # late\n    return Flag\n"

    assert offered(tmp_path, text, "Flag", line=2) == [text.replace("fields.core", "fields")]


def test_all_names_that_have_gone_move_in_every_file(tmp_path: Path) -> None:
    text = "from forms.fields.core import Choice, Field, Meta\n"
    app = tmp_path / "app"
    write_project(app, {"shop.py": "from forms.fields.core import Flag\n", "late.py": text, "pyproject.toml": ""})

    (option,) = find(gone(tmp_path / "site-packages", "Flag"), scene_at(app))

    assert patched(app, option) == {
        "late.py": "from forms.fields.core import Field\nfrom forms.fields import Choice\n"
        "from forms.meta import Meta\n",
        "shop.py": "from forms.fields import Flag\n",
    }


def without(tmp_path: Path, statement: str, module: str = "forms.fields.html") -> list[str]:
    """The same for a module that the library lacks."""
    app, site = tmp_path / "app", tmp_path / "site-packages"
    write_project(site, dict(LIBRARY))
    write_project(app, {"shop.py": statement})
    title = f'The installed "forms" has no module "{module}"'
    cause = Cause(f"missing-package:{module}", "missing-package", title, "consistent", (Location("shop.py", 1),))
    scene = FixScene(app, InventoryFacts(files=1), libraries=(site,))
    return [patched(app, one)["shop.py"] for one in find(cause, scene)]


@pytest.mark.parametrize("names", ["Nowhere", "Flag, Nowhere"])
def test_where_a_module_is_gone_all_of_its_names_have_to_be_elsewhere(tmp_path: Path, names: str) -> None:
    assert without(tmp_path, f"from forms.fields.html import {names}\n") == []


def test_a_library_that_is_not_installed_has_no_option(tmp_path: Path) -> None:
    assert without(tmp_path, "from shapes.old import Flag\n", "shapes.old") == []


def test_the_names_of_a_module_that_is_gone_move(tmp_path: Path) -> None:
    assert without(tmp_path, "from forms.fields.html import Choice, Meta\n") == [
        "from forms.fields import Choice\nfrom forms.meta import Meta\n"
    ]


def test_the_environment_may_lie_in_the_tree_of_the_target(tmp_path: Path) -> None:
    app, site = tmp_path / "app", tmp_path / "app/.venv/lib/python3.9/site-packages"
    write_project(app, {"shop.py": "from forms.fields.core import Flag\n"})
    named = gone(site, "Flag")
    title = named.title.replace(f"{app}/", "")
    scratch = write_project(tmp_path / "scratch", {"shop.py": "from forms.fields.core import Flag\n"})

    (option,) = find(replace(named, title=title), FixScene(scratch, InventoryFacts(files=1), libraries=(site,)))

    assert patched(scratch, option) == {"shop.py": "from forms.fields import Flag\n"}
