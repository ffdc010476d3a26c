"""A package that the environment lacks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit.causes import find_causes
from kit.facts.inventory import InventoryFacts, Requirement
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project


def _facts(name: str) -> object:
    frames = (own("shop/push.py", 3, "<module>", f"import {name}"),)
    failure = failure_with(f"No module named '{name}'", "ModuleNotFoundError", frames=frames)
    return suite([result("tests/test_a.py::test_a", failure)], [failure])


def test_each_package_is_a_cause_of_its_own() -> None:
    names = ("pywebpush", "redis", "boto3", "stripe")
    failures = [failure_with(f"No module named '{name}'", "ModuleNotFoundError") for name in names]
    facts = suite([result(f"tests/test_{n}.py::test_a", failure) for n, failure in enumerate(failures)], failures)
    assert {cause.title for cause in causes_of(facts)} == {f'Package "{name}" is not installed' for name in names}


def test_the_requirement_that_names_it_is_told() -> None:
    required = InventoryFacts(1, requirements=(Requirement("python-jose", "requirements.txt", 4),))
    (cause,) = causes_of(_facts("jose"), required)  # type: ignore[arg-type]
    assert "Required here as python-jose, and not installed" in [item.text for item in cause.evidence]


def test_a_module_of_a_package_of_the_target_is_no_missing_package() -> None:
    facts = replace(_facts("shop.gone"), loaded_modules={"shop.push": "shop/push.py"})  # type: ignore[type-var]
    (cause,) = causes_of(facts)  # type: ignore[arg-type]
    assert cause.kind != "missing-package"


def test_a_package_is_the_targets_by_its_source_where_nothing_tells_what_was_imported(tmp_path: Path) -> None:
    files = {"shop/__init__.py": "", "shop/push.py": "import shop.gone\n", "redis/notes.py": "A = 1\n"}
    target = find_target(write_project(tmp_path / "app", {"pytest.ini": "[pytest]\n", **files}))
    kinds = {}
    for name in ("shop.gone", "redis.asyncio"):
        facts = _facts(name)
        groups = group_failures(facts)  # type: ignore[arg-type]
        (cause,) = find_causes(None, facts, groups, source=lambda: Declarations.of(target))  # type: ignore[arg-type]
        kinds[name] = cause.kind
    assert kinds["shop.gone"] != "missing-package"
    assert kinds["redis.asyncio"] == "missing-package", "a folder of the target is called like the package"


def test_a_module_that_an_installed_package_lacks_is_not_told_as_a_package_that_is_not_installed() -> None:
    required = InventoryFacts(1, requirements=(Requirement("stripe", "requirements.txt", 4),))
    (cause,) = causes_of(_facts("stripe.error"), required)  # type: ignore[arg-type]
    assert cause.title == 'The installed "stripe" has no module "stripe.error"'
    assert "not installed" not in " ".join(item.text for item in cause.evidence)
    assert str(cause.next_step).startswith(
        "Install a version of stripe that has it, or import what has taken its place"
    )


def test_a_library_that_asks_for_a_package_in_its_own_words_is_the_same_cause_as_the_failed_import() -> None:
    asks = failure_with("module x requires that the Python 'greenlet' library is installed.", "ImportError")
    fails = failure_with("No module named 'greenlet'", "ModuleNotFoundError")
    results = [result("tests/test_a.py::test_a", asks), result("tests/test_b.py::test_b", fails)]

    (cause,) = causes_of(suite(results, [asks, fails]))

    assert (cause.title, cause.tests_blocked) == ('Package "greenlet" is not installed', 2)
