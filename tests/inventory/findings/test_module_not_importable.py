"""Modules with mapped classes that cannot be imported."""

from __future__ import annotations

from kit.facts.inventory import ProbeError
from kit.facts.places import Location
from kit.inventory.mappers.from_runtime import ConfigurationError, RuntimeFacts
from tests.inventory.projects import Source
from tests.inventory.registry.test_collisions import APP

MISSING = "ModuleNotFoundError", "No module named 'nope'", Location("core/db.py", 3)
MULTIPLE = 'Multiple classes found for path "User" in the registry of this declarative base.'


def test_modules_that_fail_for_one_reason_are_one_finding() -> None:
    errors = (ProbeError("auth.models", *MISSING), ProbeError("users.models", *MISSING), ProbeError("x", "Y", "z"))
    found = [item for item in Source(APP).findings(RuntimeFacts(errors=errors)) if item.kind == "module-not-importable"]
    assert [(item.id, item.severity, item.title) for item in found] == [
        (
            "module-not-importable:auth.models",
            "blocks_now",
            "auth.models and 1 more cannot be imported: ModuleNotFoundError",
        ),
        ("module-not-importable:x", "blocks_now", "x cannot be imported: Y"),
    ]
    assert [str(place) for place in found[0].locations] == ["core/db.py:3"]
    assert found[0].details["modules"] == ["auth.models", "users.models"]


def test_an_import_that_was_not_over_in_time_is_a_note() -> None:
    error = ProbeError("auth.models", "Timeout", "importing it was not over after 30 s", Location("auth/models.py", 1))
    (found,) = [
        one for one in Source(APP).findings(RuntimeFacts(errors=(error,))) if one.kind == "module-not-importable"
    ]
    assert (found.severity, found.title) == ("smell", "auth.models was not imported in time")
    assert found.evidence[0] == "Timeout: importing it was not over after 30 s"
    assert "a busy machine takes longer" in found.evidence[1]


def test_a_test_module_is_pytests_to_report() -> None:
    project = Source({"tests/test_a.py": ""})
    assert project.findings(RuntimeFacts(errors=(ProbeError("tests.test_a", *MISSING),))) == ()


def test_an_error_that_a_collision_makes_is_told_with_the_collision() -> None:
    again = ProbeError(
        "users.models", "sqlalchemy.exc.InvalidRequestError", "Table 'users' is already defined for this"
    )
    running = RuntimeFacts(
        errors=(again,),
        configurations=(ConfigurationError(ProbeError(None, "sqlalchemy.exc.InvalidRequestError", MULTIPLE)),),
    )
    (finding,) = Source(APP).findings(running)
    assert finding.kind == "duplicate-class"
    assert finding.evidence[-1] == f"With all modules imported, SQLAlchemy says: {MULTIPLE}"


def test_a_table_that_no_two_classes_have_explains_nothing() -> None:
    again = ProbeError("orders.models", "E", "Table 'orders' is already defined for this MetaData instance.")
    assert "module-not-importable" in {item.kind for item in Source(APP).findings(RuntimeFacts(errors=(again,)))}


def test_what_works_after_the_conftest_files_is_a_note() -> None:
    error = ProbeError("auth.models", "builtins.KeyError", "'URL'", Location("core/settings.py", 2))
    (found,) = [one for one in Source(APP).findings(RuntimeFacts(bare=(error,))) if one.kind == "module-not-importable"]
    assert (found.severity, str(found.locations[0])) == ("smell", "core/settings.py:2")
    assert found.title == "auth.models can only be imported after the tests' conftest files"
