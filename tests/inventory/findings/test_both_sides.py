"""A relationship that source and its configuration complain of is one finding; everything else stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings import back_populates, join_condition, mapper_configuration, relationship_target
from kit.inventory.findings.both_sides import join_sides

PLACE = Location("shop/models.py", 12, "relationship")
SAID = Finding(
    "mapper-configuration:User",
    mapper_configuration.KIND,
    "blocks_now",
    "The mapper of User cannot be configured",
    (Location("shop/models.py", 5, "class"), PLACE),
    ("SQLAlchemy says: no such property",),
    {"class": "User"},
)
SEEN = Finding(
    "back-populates:User.orders",
    back_populates.KIND,
    "blocks_now",
    "Order has no attribute owner",
    (PLACE, Location("shop/orders.py", 3, "target")),
    ("back_populates names owner",),
)


def test_they_become_the_finding_of_the_configuration_with_the_title_of_the_source() -> None:
    at_relationship = replace(SAID, locations=(PLACE,))

    (joined,) = join_sides([at_relationship, SEEN])

    assert (joined.id, joined.title) == (SAID.id, SEEN.title)
    assert joined.evidence == (*SAID.evidence, *SEEN.evidence)
    assert joined.locations == (PLACE, SEEN.locations[1])
    assert joined.details == {"class": "User", "source": [SEEN.id]}


def test_a_finding_about_another_line_of_the_error_is_evidence_only() -> None:
    (joined,) = join_sides([SAID, SEEN])

    assert joined.title == SAID.title
    assert joined.evidence == (*SAID.evidence, SEEN.title, *SEEN.evidence)


@pytest.mark.parametrize("kind", [join_condition.KIND, relationship_target.NOWHERE, relationship_target.NEVER_IMPORTED])
def test_each_kind_about_relationships_is_joined(kind: str) -> None:
    assert len(join_sides([SAID, replace(SEEN, kind=kind)])) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(SEEN, kind="table-cycle"),
        replace(SEEN, locations=(replace(PLACE, line=99),)),
        replace(SEEN, locations=(replace(PLACE, role="class"),)),
    ],
    ids=["of another kind", "of another line", "of another role"],
)
def test_what_is_about_something_else_stays_by_itself(other: Finding) -> None:
    assert join_sides([SAID, other]) == [SAID, other]


def test_without_an_error_of_the_configuration_nothing_is_joined() -> None:
    assert join_sides([SEEN]) == [SEEN]


def test_two_findings_about_one_relationship_are_both_kept_as_evidence_once() -> None:
    second = replace(SEEN, id="join-condition:User.orders", kind=join_condition.KIND)

    (joined,) = join_sides([SAID, SEEN, second])

    assert joined.details["source"] == [SEEN.id, second.id]
    assert joined.evidence.count(SEEN.title) == 1
