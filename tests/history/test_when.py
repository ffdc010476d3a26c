"""The commit that brought a cause is found in histories with merges, moved modules and a broken stretch."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.case import Case, CaseFacts
from kit.facts.causes import Cause
from kit.facts.errors import UsageError
from kit.facts.failures import Grouping
from kit.facts.history import Introduction
from kit.failures import group_failures
from kit.history import When
from kit.history.commits import Commits
from kit.inventory import Inventory
from kit.store import Store, default_url
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.helpers import fingerprint, run_kit
from tests.history.planting import RUN_TIME, STATIC, Change, Fault, History, plant

pytestmark = pytest.mark.slow


def in_source(history: History, fault: Fault) -> tuple[CaseFacts, Cause]:
    """The case of a scan of the last commit, and the cause or the finding of the fault."""
    target = find_target(history.root)
    facts = Inventory.of(target, runtime=False).facts
    findings = [Cause(one.id, one.kind, one.title, "consistent", one.locations) for one in facts.findings]
    found = next(one for one in findings if one.id.startswith(fault.cause))
    return CaseFacts(Case("c", "", "", target), inventory=facts), found


def in_tests(history: History, events: Path) -> tuple[CaseFacts, Cause]:
    """The case of a run of the last commit, and its cause."""
    target = find_target(history.root)
    suite = run_suite(target, events=events, options=RunOptions(workers=1))
    grouping = group_failures(suite)
    (cause,) = find_causes(None, suite, grouping)
    return CaseFacts(Case("c", "", "", target), suite=suite, grouping=grouping, causes=(cause,)), cause


def asked(facts: CaseFacts, cause: Cause) -> Introduction:
    with When(facts, RunOptions(workers=1), lambda *_: None) as when:
        return when.of(cause)


@pytest.mark.parametrize(("number", "fault"), [*enumerate(STATIC)], ids=[fault.name for fault in STATIC])
def test_the_commit_of_a_fault_that_the_source_shows(tmp_path: Path, number: int, fault: Fault) -> None:
    history = plant(tmp_path / "app", fault, number)
    before = fingerprint(history.root)

    found = asked(*in_source(history, fault))

    assert found.commit, found
    assert (found.commit.id, found.untested, found.how) == (history.planted, (), "source")
    assert found.tested <= 16
    assert fingerprint(history.root) == before


def two_missing_names(root: Path, second_import: str) -> History:
    """A history whose first commit imports ``shop.totals.mean``, which is gone, and whose third has another import."""
    history = History(root)
    STATIC[2].change(history.files)
    first = history.commit("The app")
    history.files["README.md"] = "Shop\n"
    second = history.commit("A page", first)
    history.files["tests/test_prices.py"] += second_import
    third = history.commit("The same elsewhere", second)
    history.write(third)
    return history


@pytest.mark.parametrize(
    ("second_import", "subject"),
    [("from shop.orders import mean\n", "The same elsewhere"), ("from shop.totals import mean\n", "The app")],
    ids=["of another module", "of the same name"],
)
def test_a_cause_is_not_taken_for_an_older_one_of_the_same_last_name(
    tmp_path: Path, second_import: str, subject: str
) -> None:
    history = two_missing_names(tmp_path / "app", second_import)
    facts, _ = in_source(history, STATIC[2])
    causes = find_causes(facts.inventory, None, None)
    (cause,) = (one for one in causes if "prices" in one.id)

    found = asked(replace(facts, causes=causes), cause)

    assert found.commit
    assert found.commit.subject == subject


@pytest.mark.parametrize(("number", "fault"), [*enumerate(RUN_TIME[:2])], ids=[fault.name for fault in RUN_TIME[:2]])
def test_the_commit_of_a_fault_that_a_test_shows(tmp_path: Path, number: int, fault: Fault) -> None:
    history = plant(tmp_path / "app", fault, number, 14)
    before = fingerprint(history.root)

    found = asked(*in_tests(history, tmp_path / "events.jsonl"))

    assert found.commit, found
    assert history.planted in (found.commit.id, *found.untested)
    assert found.how == "test"
    assert fingerprint(history.root) == before


def of_three(root: Path, change: Change) -> History:
    """A history whose second commit makes a change."""
    history = History(root)
    first = history.commit("The app")
    change(history.files)
    second = history.commit("A change", first)
    history.files["README.md"] = "Shop\n"
    history.commit("A page", second)
    history.write(second)
    return history


def test_a_run_whose_cause_the_source_shows_is_searched_for_in_the_source(tmp_path: Path) -> None:
    history = of_three(tmp_path / "app", STATIC[2].change)
    facts, cause = in_tests(history, tmp_path / "events.jsonl")
    assert facts.inventory is None

    found = asked(facts, cause)

    assert found.commit
    assert (found.commit.id, found.how) == (history.planted, "source")


RELATED = (
    '\n\nclass Part(Base):\n    __tablename__ = "parts"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    '    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))\n'
    '    order: Mapped["Order"] = relationship(back_populates="prts")\n'
)


def test_a_broken_relationship_that_a_run_shows_is_searched_for_in_the_source(tmp_path: Path) -> None:
    def breaks(files: dict[str, str]) -> None:
        imports = "from sqlalchemy import ForeignKey\nfrom sqlalchemy.orm import relationship\n"
        files["shop/orders.py"] = imports + files["shop/orders.py"] + RELATED
        files["tests/test_models.py"] += "\n\ndef test_order():\n    assert orders.Order(status=1)\n"

    history = of_three(tmp_path / "app", breaks)
    facts, cause = in_tests(history, tmp_path / "events.jsonl")
    assert cause.tests

    found = asked(facts, cause)

    assert found.commit
    assert (found.commit.id, found.how) == (history.planted, "source")


def test_a_file_that_was_collected_before_is_not_taken_for_one_that_was_not_there(tmp_path: Path) -> None:
    def breaks(files: dict[str, str]) -> None:
        files["tests/test_totals.py"] += 'raise RuntimeError("not today")\n'

    history = of_three(tmp_path / "app", breaks)

    found = asked(*in_tests(history, tmp_path / "events.jsonl"))

    assert found.commit
    assert (found.commit.id, found.how) == (history.planted, "test")


def test_a_shallow_clone_says_at_least_since(tmp_path: Path) -> None:
    history = plant(tmp_path / "app", STATIC[3], 0)
    clone = ["git", "clone", "-q", "--depth", "2", f"file://{history.root}", str(tmp_path / "clone")]
    subprocess.run(clone, check=True, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    facts, cause = in_source(History(tmp_path / "clone"), STATIC[3])
    store = Store(default_url(tmp_path))
    assert facts.inventory
    store.save_case(facts.case)
    store.save_inventory("c", facts.inventory)
    store.close()

    done = run_kit("when", "c", cause.id, "--reports-dir", str(tmp_path), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "at least since" in done.stdout
    assert "it is the oldest commit of this shallow clone" in done.stdout
    assert "Ada" not in done.stdout


def test_the_exit_code_says_when_no_commit_can_be_named(tmp_path: Path) -> None:
    history = History(tmp_path / "app")
    history.write(history.commit("The app"))
    store = Store(default_url(tmp_path))
    store.save_case(Case("c", "", "", find_target(history.root)))
    store.save_diagnosis(
        "c", Grouping((), (), {}), [Cause("flaky-test:a", "flaky-test", "By chance", "consistent", ())]
    )
    store.close()

    done = run_kit("when", "c", "--reports-dir", str(tmp_path), cwd=tmp_path)

    assert (done.returncode, "not known: it is flaky" in done.stdout) == (3, True), done.stderr


def test_without_git_it_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in no git repository, or git is not installed: no commit can be named"):
        Commits(tmp_path, "HEAD")


def moved_after(root: Path) -> History:
    """A history whose second commit imports a name that is gone, from a module that its third one moves."""
    history = History(root)
    first = history.commit("The app")
    STATIC[2].change(history.files)
    second = history.commit("A name is gone", first)
    history.files["shop/core/__init__.py"] = ""
    history.files["shop/core/totals.py"] = history.files.pop("shop/totals.py")
    for path, text in history.files.items():
        history.files[path] = text.replace("from shop.totals import", "from shop.core.totals import")
    history.write(history.commit("A module moves", second))
    return history


def test_a_module_that_moves_later_has_not_brought_the_name_that_is_gone(tmp_path: Path) -> None:
    history = moved_after(tmp_path / "app")

    found = asked(*in_tests(history, tmp_path / "events.jsonl"))

    assert found.commit
    assert (found.commit.subject, found.how) == ("A name is gone", "source")


def not_collected_for_a_while(root: Path) -> History:
    """A history in which a fault comes while the suite cannot be collected, between two other changes."""
    history = History(root)
    at = history.commit("The app")
    history.files["conftest.py"] = "import absent\n"
    at = history.commit("The suite is broken", at)
    RUN_TIME[0].change(history.files)
    at = history.commit("The fault", at)
    history.files["README.md"] = "Shop\n"
    at = history.commit("A page", at)
    del history.files["conftest.py"]
    history.write(history.commit("The suite is mended", at))
    return history


def test_of_commits_that_no_test_tells_apart_the_one_that_changes_what_the_test_runs_is_named(tmp_path: Path) -> None:
    history = not_collected_for_a_while(tmp_path / "app")

    found = asked(*in_tests(history, tmp_path / "events.jsonl"))

    assert found.commit
    assert (found.commit.subject, found.is_likeliest, len(found.untested)) == ("The fault", True, 3)
    assert "or one of 3 commits beside it that no test could tell from it" in found.in_words
