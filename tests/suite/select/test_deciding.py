"""Which tests a change concerns, by what they have run: never fewer than those that it may change."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from kit.suite.process.messages import Executed
from kit.suite.select.deciding import Choice, choose, choose_since
from kit.suite.select.gathering import Gathered, Place
from kit.suite.select.record import Record
from kit.suite.select.tree_facts import TreeFacts

MONEY = "LIMIT = 5\n\ndef cents(x):\n    return x\n\ndef tax(x):\n    return x\n"
FILES = {
    "app/money.py": MONEY,
    "app/main.py": "import app.money\n",
    "data.csv": "1",
    "t/test_a.py": "",
    "t/test_b.py": "",
}

#: test_a.py reaches everything, test_b.py the money alone
REACHING = {"app/money.py": {"t/test_a.py", "t/test_b.py"}, "app/main.py": {"t/test_a.py"}}
EVERY_FILE = {"t/test_a.py", "t/test_b.py"}

CENTS, TAX = ("app/money.py", 3), ("app/money.py", 6)
RAN: dict[str, list[Place]] = {
    "t/test_a.py::cents": [CENTS],
    "t/test_a.py::none": [],
    "t/test_b.py::both": [CENTS, TAX],
    "t/test_b.py::tax": [TAX],
}


def tree(**changes: str) -> TreeFacts:
    files = FILES | {name.replace("__", "/").replace("_py", ".py"): text for name, text in changes.items()}
    return TreeFacts({}).with_files({path: text.encode() for path, text in files.items()})


def edited(old: str, new: str) -> TreeFacts:
    assert old in MONEY
    return TreeFacts(tree().seen).with_files({"app/money.py": MONEY.replace(old, new).encode()})


def files_of(paths: Collection[str]) -> set[str]:
    return {test for path in paths for test in ({path} if path in EVERY_FILE else REACHING.get(path, EVERY_FILE))}


def record(
    ran: dict[str, list[Place]] = RAN,
    failed: Collection[str] = (),
    imports: Collection[tuple[Place, str]] = (),
    unseen: Collection[str] = (),
) -> Record:
    gathered = Gathered()
    for index, places in enumerate(ran.values()):
        numbers = list(range(len(places)))
        gathered.take(index, message(index, places, numbers, list(unseen)))
    for place, file in imports:
        gathered.during[place].add(file)
    outcomes = [(index, name, name not in failed) for index, name in enumerate(ran)]
    return Record.decode(Record().learn(tree(), gathered, outcomes).encode())


def test_a_test_whose_worker_died_with_it_runs_again_until_it_is_in_order() -> None:
    gathered = Gathered()
    gathered.take(0, message(0, [CENTS], [0], []))
    outcomes = [(0, "t/test_a.py::cents", True), (1, "t/test_a.py::hangs", False), (2, "t/test_b.py::lost", True)]
    died = Record.decode(Record().learn(tree(), gathered, outcomes).encode())

    found = choose(died, tree(), files_of)

    assert found.tests == found.failed == {"t/test_a.py::hangs"}
    assert "t/test_b.py::lost" not in died.tests


def message(index: int, places: list[Place], numbers: list[int], unseen: list[str]) -> Executed:
    return Executed(index, places, numbers, [], [], ["app/money.py"], unseen)


def chosen(known: Record, now: TreeFacts) -> set[str]:
    found = choose(known, now, files_of)
    assert not found.files
    return {name.partition("::")[2] for name in found.tests}


def test_without_a_change_nothing_runs() -> None:
    assert choose(record(), tree(), files_of) == Choice()


def test_the_body_of_a_function_concerns_the_tests_that_ran_it() -> None:
    found = choose(record(), edited("def tax(x):\n    return x", "def tax(x):\n    return -x"), files_of)

    assert found.tests == {"t/test_b.py::both", "t/test_b.py::tax"}
    assert found.why == ("app/money.py: tax",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 5", "LIMIT = 6"),
        ("def tax(x):", "def tax(x, y=1):\n    ...\ndef more(x):"),
        ("def tax(x):", "@print\ndef tax(x):"),
        ("def tax(x):", "def taxes(x):"),
        ("LIMIT = 5", "import os"),
    ],
)
def test_what_is_outside_of_functions_concerns_all_that_import_the_file(old: str, new: str) -> None:
    assert chosen(record(), edited(old, new)) == {"cents", "none", "both", "tax"}


def test_a_comment_concerns_no_test() -> None:
    assert chosen(record(), edited("LIMIT = 5", "LIMIT = 5  # or six")) == set()


def test_a_function_that_ran_while_a_file_was_imported_counts_as_part_of_that_file() -> None:
    known = record(imports=[(CENTS, "app/main.py")], ran={**RAN, "t/test_a.py::cents": []})

    assert chosen(known, edited("def cents(x):\n    return x", "def cents(x):\n    return -x")) == {
        "cents",
        "none",
        "both",
        "tax",
    }


def test_a_file_whose_functions_are_not_seen_counts_as_a_whole() -> None:
    assert chosen(record(unseen=["app/money.py"]), edited("    return x\n\ndef", "    return -x\n\ndef")) == {
        "cents",
        "none",
        "both",
        "tax",
    }


def test_a_data_file_concerns_every_test() -> None:
    assert chosen(record(), tree(**{"data.csv": "2"})) == {"cents", "none", "both", "tax"}


def test_a_test_that_started_another_program_runs_after_any_change() -> None:
    known = record({**RAN, "t/test_a.py::none": [("", 0)]})

    assert chosen(known, edited("def tax(x):\n    return x", "def tax(x):\n    return -x")) == {"none", "both", "tax"}
    assert chosen(known, edited("LIMIT = 5", "LIMIT = 5  # five")) == set()


def test_a_program_that_was_started_while_a_file_was_loaded_makes_it_depend_on_all_code() -> None:
    known = record(imports=[(("", 0), "app/main.py")])

    assert chosen(known, edited("def tax(x):\n    return x", "def tax(x):\n    return -x")) >= {"cents", "none"}
    assert chosen(known, edited("LIMIT = 5", "LIMIT = 5  # five")) == set()


def test_a_file_that_was_read_as_text_while_another_one_was_loaded_counts_as_part_of_that() -> None:
    known = record(imports=[(("app/money.py", 0), "app/main.py")])

    assert chosen(known, edited("LIMIT = 5", "LIMIT = 5  # five")) == {"cents", "none"}


def test_a_new_file_concerns_all_tests_where_one_reads_files_as_text() -> None:
    known, now = record({**RAN, "t/test_a.py::none": [("app/money.py", 0)]}), tree(**{"notes.md": "More."})

    assert choose(known, now, files_of).tests == RAN.keys()
    assert choose(known, now, files_of).why == ("notes.md",)


def test_a_test_that_reads_the_text_of_a_file_runs_after_a_comment_too() -> None:
    known = record({**RAN, "t/test_a.py::none": [("app/money.py", 0)]})

    assert chosen(known, edited("LIMIT = 5", "LIMIT = 5  # five")) == {"none"}


def test_what_failed_runs_again() -> None:
    found = choose(record(failed=["t/test_a.py::none"]), tree(), files_of)

    assert found.tests == found.failed == {"t/test_a.py::none"}


def test_a_file_of_tests_that_nobody_has_recorded_runs_as_a_whole_where_a_change_concerns_it() -> None:
    known = record({name: places for name, places in RAN.items() if "test_b" in name})

    assert choose(known, edited("LIMIT = 5", "LIMIT = 6"), files_of).files == {"t/test_a.py"}


def test_tests_that_need_not_run_keep_what_is_known_of_them() -> None:
    known, now = record(), edited("def tax(x):\n    return x", "def tax(x):\n    return -x")
    known.confirm(known.tests.keys() - choose(known, now, files_of).tests, now)

    assert chosen(known, now) == {"both", "tax"}
    assert chosen(known, tree()) == set()  # put back: what they ran then is as it was


def test_since_a_revision_only_what_differs_from_it_counts() -> None:
    known, before = record(), edited("def tax(x):\n    return x", "def tax(x):\n    return -x")

    assert choose_since(known, before, before, files_of) == Choice()
    assert choose_since(known, before, tree(), files_of).tests == {"t/test_b.py::both", "t/test_b.py::tax"}
    assert choose_since(known, tree(), before, files_of).tests == {"t/test_b.py::both", "t/test_b.py::tax"}


def test_a_record_of_neither_state_is_no_reason_to_leave_a_test_out() -> None:
    before = edited("def tax(x):\n    return x", "def tax(x):\n    return cents(x)")
    now = before.with_files(
        {
            "app/money.py": MONEY.replace(
                "x\n\ndef tax(x):\n    return x", "-x\n\ndef tax(x):\n    return cents(x)"
            ).encode()
        }
    )

    assert {"t/test_b.py::tax"} <= choose_since(record(), before, now, files_of).tests


KEPT = """
from functools import cache

@cache
def settings():
    return Settings().read()

class Settings:
    def read(self):
        return rate()

def rate():
    return 1

def other():
    return 2
"""


@pytest.mark.parametrize(
    ("old", "new", "concerned"),
    [
        ("return 1", "return 3", {"first", "second"}),
        ("return rate()", "return -rate()", {"first", "second"}),
        ("return Settings().read()", "return 0", {"first", "second"}),
        ("return 2", "return 4", {"other"}),
    ],
)
def test_what_a_cache_keeps_concerns_all_that_reach_it(old: str, new: str, concerned: set[str]) -> None:
    """Only the first test of a process runs what is cached."""
    before = TreeFacts({}).with_files({"app/money.py": KEPT.encode(), "t/test_a.py": b"", "t/test_b.py": b""})
    lines = {name: unit.line for name, unit in before.files["app/money.py"].units.items()}
    gathered = Gathered()
    first: list[Place] = [("app/money.py", lines[name]) for name in ("settings", "Settings.read", "rate")]
    gathered.take(0, message(0, first, [0, 1, 2], []))
    gathered.take(1, message(1, [], [], []))
    gathered.take(2, message(2, [("app/money.py", lines["other"])], [0], []))
    names = [(0, "t/test_a.py::first", True), (1, "t/test_b.py::second", True), (2, "t/test_b.py::other", True)]
    known = Record().learn(before, gathered, names)
    now = before.with_files({"app/money.py": KEPT.replace(old, new).encode()})

    assert {name.partition("::")[2] for name in choose(known, now, files_of).tests} >= concerned
    assert ("t/test_b.py::second" in choose(known, now, files_of).tests) == ("second" in concerned)
