"""A failure that names what a release dropped is explained by that release, where nothing else can be meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.failures import Frame
from kit.facts.inventory import InventoryFacts, Pin
from kit.facts.suite import SuiteFacts
from kit.facts.target import Distribution
from kit.facts.upgrades import Environment
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.records import FileRecord
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test
from tests.helpers import write_project

TEST = "tests/test_a.py"


def causes(
    folder: Path,
    said: str,
    installed: Mapping[str, str],
    *,
    source: str = "",
    pin: str = "",
    frames: tuple[Frame, ...] = (),
) -> tuple[Cause, ...]:
    """The causes of one failing test in a file of this source."""
    kind, _, message = said.partition(": ")
    failure = failure_with(message, kind, frames=frames or (in_test(TEST, 1, "test_a"),))
    facts = suite([result(f"{TEST}::test_a", failure)], [failure])
    library = next(iter(installed))
    inventory = InventoryFacts(files=1, pins=(Pin(library, pin, "requirements.txt", 3),) if pin else ())
    declared = Declarations(Trees(write_project(folder, {TEST: source.encode()}), (FileRecord(TEST),)))
    around = Environment(tuple(Distribution(name, version) for name, version in installed.items()))
    return find_causes(inventory, facts, group_failures(facts), source=lambda: declared, environment=around)


def test_the_lines_that_use_it_are_named_and_where_the_name_is_now(tmp_path: Path) -> None:
    said = "ImportError: cannot import name 'is_collection' from 'marshmallow.fields' (/site/fields.py)"
    source = "from marshmallow import fields\nfrom marshmallow.fields import is_collection\nfields.is_collection([])\n"

    (cause,) = causes(tmp_path, said, {"marshmallow": "4.1.0"}, source=source, pin="3.21.3")

    assert cause.kind == "upgraded-library"
    assert cause.title == (
        "marshmallow 4.0.0 (installed 4.1.0; requirements.txt:3 has 3.21.3): "
        "`marshmallow.fields` no longer has the name `is_collection`: 2 lines"
    )
    assert [str(place) for place in cause.locations] == [f"{TEST}:2", f"{TEST}:3"]
    assert cause.evidence[0].text == "The source of marshmallow 3.26.0 and that of 4.0.0 show it"
    assert cause.next_step
    assert cause.next_step.text == (
        "`marshmallow.utils.is_collection` may take its place. "
        "Change what uses `marshmallow.fields.is_collection`, or hold marshmallow<4.0.0 back."
    )


def test_an_entry_that_was_measured_comes_before(tmp_path: Path) -> None:
    said = "TypeError: Field.__init__() got an unexpected keyword argument 'missing'"

    (cause,) = causes(tmp_path, said, {"marshmallow": "4.1.0"}, pin="3.20.0")

    assert cause.id == "upgraded-library:marshmallow-missing"


def test_a_misspelt_name_is_not_laid_at_a_release(tmp_path: Path) -> None:
    said = "ImportError: cannot import name 'Markpu' from 'flask' (/site/flask/__init__.py)"

    (cause,) = causes(tmp_path, said, {"flask": "3.1.0"}, source="from flask import Markpu\n", pin="2.2.5")

    assert cause.kind != "upgraded-library"


PACKAGE = "AttributeError: 'Package' object has no attribute 'obj'"


@pytest.mark.parametrize(
    ("pin", "source", "is_told"),
    [
        ("7.4.0", "", True),
        ("", "import _pytest.python\n", True),
        ("8.1.0", "", False),
        ("", "", False),
        ("7.4.0", "class Package: ...\n", False),
        ("7.4.0", "from _pytest.python import Package as Base\nclass Package(Base): ...\n", True),
    ],
    ids=["just moved", "imported", "moved before", "nothing tells", "a class of the target", "one derived from it"],
)
def test_a_class_that_is_named_alone_has_to_be_that_of_the_library(
    tmp_path: Path, pin: str, source: str, is_told: bool
) -> None:
    (cause,) = causes(tmp_path, PACKAGE, {"pytest": "9.2.0"}, source=source, pin=pin)

    assert (cause.kind == "upgraded-library") is is_told


def test_a_function_of_the_target_is_not_taken_for_that_of_a_library(tmp_path: Path) -> None:
    said = "TypeError: url_quote() got an unexpected keyword argument 'unsafe'"
    source = "import werkzeug\n\ndef url_quote(text): ...\n"

    (cause,) = causes(tmp_path, said, {"werkzeug": "3.0.0"}, source=source, pin="2.3.0")

    assert cause.kind != "upgraded-library"


def test_the_library_under_test_is_not_blamed_for_its_own_names(tmp_path: Path) -> None:
    said = "ImportError: cannot import name 'is_collection' from 'marshmallow.fields' (/app/fields.py)"
    failure = failure_with(said.partition(": ")[2], "ImportError", frames=(in_test(TEST, 1, "<module>"),))
    facts = suite([result(f"{TEST}::test_a", failure)], [failure])
    own = replace(facts, loaded_modules={"marshmallow.fields": "src/marshmallow/fields.py"})

    (cause,) = find_causes(
        None, own, group_failures(own), environment=Environment((Distribution("marshmallow", "4.1.0"),))
    )

    assert cause.kind != "upgraded-library"


def test_a_release_that_keeps_pytest_from_starting_is_named(tmp_path: Path) -> None:
    problem = (
        "ImportError while loading conftest '/app/conftest.py'.\nE   ModuleNotFoundError: No module named 'trio.tests'"
    )
    facts = SuiteFacts(problem=problem)

    (cause,) = find_causes(
        None, facts, group_failures(facts), environment=Environment((Distribution("trio", "0.30.0"),))
    )

    assert cause.title.startswith("trio 0.24.0 (installed 0.30.0): there is no longer a module `trio.tests`")
