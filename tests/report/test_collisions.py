from __future__ import annotations

from dataclasses import replace

from kit.report.collisions import collision_view, summary_of
from tests.report.sample_inventory import INVENTORY

PAPER_TRADE, USER, SUBSCRIPTION = INVENTORY.collisions


def test_the_primary_class_comes_first_and_differences_are_in_that_order() -> None:
    view = collision_view(USER)
    assert [party.mapped.module for party in view.parties] == ["backend.app.auth.models", "backend.app.users.models"]
    columns = {one.name: one.cells for one in view.columns}
    assert columns["password_hash"] == ("yes", None)
    assert columns["display_name"] == (None, "yes")
    assert view.common_columns == ("id", "email", "created_at")


def test_a_relationship_of_one_name_to_two_targets_is_a_difference() -> None:
    relationships = {one.name: one.cells for one in collision_view(USER).relationships}
    assert relationships["orders"] == ("to Order", "to CopyOrder")


def test_what_differs_is_counted() -> None:
    assert summary_of(collision_view(USER)) == "2 classes; 7 columns and 5 relationships that differ"
    assert summary_of(collision_view(PAPER_TRADE)) == "2 classes; 2 columns that differ"
    same = replace(PAPER_TRADE, classes=PAPER_TRADE.classes[:1] * 3)
    assert summary_of(collision_view(same)) == "3 classes with the same columns and relationships"
