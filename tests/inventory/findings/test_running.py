"""What the running target's errors make of themselves."""

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


def test_any_other_error_of_the_configuration_is_a_finding_at_its_mapper() -> None:
    error = ProbeError(None, "sqlalchemy.exc.InvalidRequestError", "expression 'Usr' failed to locate a name ('Usr').")
    running = RuntimeFacts(configurations=(ConfigurationError(error, ("orders.models", "Order")),))
    found = [item for item in Source(APP).findings(running) if item.kind == "mapper-configuration"]
    assert [(item.id, item.title, str(item.locations[0])) for item in found] == [
        ("mapper-configuration:orders.models.Order", "The mapper of Order cannot be configured", "orders/models.py:2")
    ]


def test_a_relationship_that_source_and_the_running_target_complain_of_is_one_finding() -> None:
    project = Source(
        {
            "models.py": """
                from sqlalchemy.orm import DeclarativeBase, relationship
                class Base(DeclarativeBase): ...
                class User(Base):
                    __tablename__ = "users"
                    posts = relationship("Pots")
                    others = relationship("Others")
            """
        }
    )
    error = ProbeError(
        None, "sqlalchemy.exc.InvalidRequestError", "expression 'Pots' failed to locate a name ('Pots')."
    )
    running = RuntimeFacts(configurations=(ConfigurationError(error, ("models", "User"), "posts"),))
    of_source = {item.id: item for item in project.findings() if item.kind == "relationship-target-unknown"}
    found = [item for item in project.findings(running) if item.id in of_source or item.kind == "mapper-configuration"]
    assert [item.id for item in found] == [
        "mapper-configuration:models.User.posts",
        "relationship-target-unknown:models.User.others",
    ]
    both, alone = found
    said = of_source["relationship-target-unknown:models.User.posts"]
    assert (both.title, both.locations, both.severity) == (said.title, said.locations, "blocks_now")
    assert both.evidence == (f"{error.exception}: {error.message}", *said.evidence)
    assert both.details["source"] == [said.id]
    assert alone == of_source[alone.id]
