from __future__ import annotations

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from kit.report.anchors import anchor, anchor_of_test, evidence_href, slug

IDENTITY = "duplicate-index:ix_orders_status"


def test_an_anchor_is_readable() -> None:
    assert anchor("finding", IDENTITY) == "finding-duplicate-index-ix_orders_status"


@given(st.text(max_size=200))
def test_an_anchor_needs_no_quoting_and_is_stable(identity: str) -> None:
    made = anchor("group", identity)
    assert made.isascii()
    assert all(character.isalnum() or character in "_.-" for character in made)
    assert slug(made) == made


def test_names_that_differ_in_more_than_separators_keep_apart() -> None:
    names = ["a<b", "a>b", "é", "漢字", "", "x" * 200, "x" * 201]
    assert len({anchor("cause", name) for name in names}) == len(names)


def test_a_test_is_found_by_its_decoded_node_id() -> None:
    nodeid = "tests/test_a.py::TestA::test_b[x y-1/2]"
    made = anchor_of_test(nodeid)
    assert made == "test-tests/test_a.py::TestA::test_b%5Bx%20y-1/2%5D"
    assert unquote(made) == f"test-{nodeid}"


def test_evidence_links_only_to_what_the_page_has() -> None:
    anchors = {anchor("finding", IDENTITY)}
    here = "#finding-duplicate-index-ix_orders_status"
    assert evidence_href(f"finding-{IDENTITY}", anchors) == here
    assert evidence_href(f"#finding-{IDENTITY}", anchors) == here
    assert evidence_href(here, anchors) == here
    assert evidence_href("finding-another", anchors) is None
    assert evidence_href(None, anchors) is None
    assert evidence_href("test-a.py::t[1]", anchors) == "#test-a.py::t%5B1%5D"
