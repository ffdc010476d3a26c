"""What an edit brings in plain order is seen, whatever a run before it has settled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from tests.helpers import write_project
from tests.suite.conftest import Run
from tests.suite.projects import by_name

pytestmark = pytest.mark.slow

RATES = """
    CURRENCY = "USD"
    KEPT = ""
    READY = False
    WIDTH = 3

    def currency():
        return CURRENCY[:WIDTH]

    def keep():
        global KEPT
        KEPT = CURRENCY

    def kept():
        return KEPT

    def prepare():
        global READY
        READY = True
"""
QUOTES = """
    import json
    from pathlib import Path

    from app import rates

    def quote():
        width = json.loads(Path(__file__).with_name("width.json").read_text())
        if width:
            rates.WIDTH = width
        return 1
"""
LATE = """
    def prepare():
        pass
"""
CONFTEST = """
    import os
    import sys

    import pytest

    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

    @pytest.fixture
    def price():
        return 1
"""
CHANGES = """
    from app import rates

    def test_changes():
        rates.CURRENCY = "EURO"
"""
QUOTED = """
    from app import quotes

    def test_quotes(price):
        from app import late

        late.prepare()
        assert quotes.quote() == price
"""
READS = """
    from pathlib import Path

    from app import rates

    def test_reads():
        assert len(rates.currency()) == 3

    def test_kept():
        assert rates.kept() != "POUND"

    def test_needs():
        assert rates.READY or rates.CURRENCY == "USD"

    def test_accepted():
        assert rates.CURRENCY in Path("accepted.csv").read_text().split(",")
"""
APP = {
    "app/__init__.py": "",
    "app/rates.py": RATES,
    "app/quotes.py": QUOTES,
    "app/width.json": "null",
    "app/late.py": LATE,
    "accepted.csv": "USD,EURO,POUND",
    "conftest.py": CONFTEST,
    "test_a.py": "from app import rates\n\ndef test_prepares():\n    rates.prepare()\n",
    "test_b.py": CHANGES,
    "test_c.py": QUOTED,
    "test_d.py": "from app import rates\n\ndef test_keeps():\n    rates.keep()\n",
    "test_e.py": READS,
}


#: edits, and the tests that fail after them in a plain run: no other process runs what runs before them
SEEN = {
    "a test becomes a polluter": (
        {"app/quotes.py": QUOTES.replace("return 1", "rates.WIDTH = 4\n        return 1")},
        {"test_reads"},
    ),
    "what a new polluter changes reaches a test through another one": (
        {"app/quotes.py": QUOTES.replace("return 1", "rates.CURRENCY = 'POUND'\n        return 1")},
        {"test_kept"},
    ),
    "a polluter changes something else": ({"test_b.py": CHANGES.replace("EURO", "POUND")}, {"test_kept"}),
    "a polluter is one no more, and another one still is": (
        {"app/rates.py": RATES.replace("READY = True", "pass")},
        {"test_needs"},
    ),
    "a polluter is gone": ({"test_a.py": "def test_other():\n    pass\n"}, {"test_needs"}),
    "a function that an untouched test executes": (
        {"app/rates.py": RATES.replace("return CURRENCY[:WIDTH]", "return CURRENCY")},
        {"test_reads"},
    ),
    "a constant": ({"app/rates.py": RATES.replace("WIDTH = 3", "WIDTH = 4")}, {"test_reads"}),
    "a conftest": ({"conftest.py": f"{CONFTEST}\n    from app import rates\n    rates.WIDTH = 4\n"}, {"test_reads"}),
    "a fixture": (
        {
            "conftest.py": CONFTEST.replace(
                "return 1", "from app import rates\n        rates.WIDTH = 4\n        return 1"
            )
        },
        {"test_reads"},
    ),
    "a renamed test": (
        {"test_e.py": READS.replace("test_reads", "test_width").replace("len(", "len(rates.CURRENCY) == len(")},
        {"test_width"},
    ),
    "data with which a test becomes a polluter": ({"app/width.json": "4"}, {"test_reads"}),
    "data that a test compares with what a polluter changes": ({"accepted.csv": "USD,POUND"}, {"test_accepted"}),
    "a module that only a test imports": (
        {"app/late.py": "from app import rates\n\ndef prepare():\n    rates.CURRENCY = 'POUND'\n"},
        {"test_kept"},
    ),
    "a new test file": (
        {"test_bb.py": "from app import rates\n\ndef test_new():\n    rates.WIDTH = 4\n"},
        {"test_reads"},
    ),
}


@pytest.fixture(scope="module")
def first(run_in_module: Run) -> SuiteFacts:
    return run_in_module(APP, isolation="file")


@pytest.mark.parametrize("edit", SEEN)
def test_what_an_edit_brings_in_plain_order_is_seen(run: Run, first: SuiteFacts, edit: str) -> None:
    files, victims = SEEN[edit]

    again = run({**APP, **files}, isolation="file", settled_states=frozenset(first.settled_states))

    assert first.is_fine
    assert first.settled_states
    assert {name for name, result in by_name(again).items() if result.outcome == "failed"} == victims


def test_an_edit_while_the_tests_run_is_seen_in_the_next_run(run: Run, tmp_path: Path) -> None:
    def edit(event: Mapping[str, Any]) -> None:
        if event["kind"] == "finished":
            write_project(tmp_path / "project", edited)

    edited = {"app/quotes.py": QUOTES.replace("return 1", "rates.CURRENCY = 'POUND'\n        return 1")}
    first = run(APP, isolation="file", on_event=edit)

    again = run({**APP, **edited}, isolation="file", settled_states=frozenset(first.settled_states))

    assert first.settled_states
    assert {name for name, result in by_name(again).items() if result.outcome == "failed"} == {"test_kept"}
