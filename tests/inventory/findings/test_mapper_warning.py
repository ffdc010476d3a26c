"""What SQLAlchemy warns of."""

from __future__ import annotations

from kit.facts.inventory import ProbeError
from kit.facts.places import Location
from tests.inventory.running import found

CATEGORY = "sqlalchemy.exc.SAWarning"


def test_a_warning_is_told_once_where_it_was_given() -> None:
    text = "This is bad; it will fail. (Background on this warning at: https://sqlalche.me/e/20/x)"
    place = Location("m.py", 6)
    warnings = (ProbeError(None, CATEGORY, text, place), ProbeError(None, CATEGORY, text, place))
    (finding,) = found("mapper-warning", warnings=warnings)
    assert (finding.severity, str(finding.locations[0])) == ("smell", "m.py:6")
    assert finding.title == "SQLAlchemy warns: This is bad"
    assert finding.evidence == ("SAWarning: This is bad; it will fail.",)


def test_a_warning_without_a_place_is_told_at_the_relationship_that_it_names() -> None:
    warnings = (ProbeError(None, CATEGORY, "relationship 'A.others' will copy column b.id", None),)
    (finding,) = found("mapper-warning", warnings=warnings)
    assert str(finding.locations[0]) == "m.py:2"


def test_a_warning_about_nothing_of_the_target_is_left_out() -> None:
    assert found("mapper-warning", warnings=(ProbeError(None, CATEGORY, "Something of a library", None),)) == []
