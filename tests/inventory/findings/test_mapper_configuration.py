"""Errors of configuring the mappers."""

from __future__ import annotations

from kit.facts.inventory import ProbeError
from kit.inventory.mappers.from_runtime import ConfigurationError, RuntimeFacts
from tests.inventory.projects import Source
from tests.inventory.registry.test_collisions import APP


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
