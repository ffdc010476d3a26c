"""The files that may have brought a cause, and the commits that change them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit.facts.case import Case, CaseFacts
from kit.facts.execution import ExecutedFunction, Execution, FailingTests
from kit.facts.target import Target
from kit.failures import group_failures
from kit.history.commits import Commits
from kit.history.likely import files_behind
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, own
from tests.history.planting import RUN_TIME, History


def test_the_files_that_failures_break_off_in_and_that_failing_tests_execute() -> None:
    frames = (own("tests/test_totals.py", 5, "test_total"), own("shop/totals.py", 2, "total"))
    failure = failure_with("no sums", "builtins.ValueError", frames=frames)
    functions = (ExecutedFunction("shop/other.py", 1, "other"), ExecutedFunction("shop/prices.py", 1, "price"))
    execution = Execution(functions, failing={failure.id: FailingTests(1, ((1, 1),))})
    facts = replace(suite([result("tests/test_totals.py::test_total", failure)], [failure]), execution=execution)
    (cause,) = causes_of(facts)
    case = CaseFacts(
        Case("c", "", "", Target("/shop", "shop", None, (), ())), suite=facts, grouping=group_failures(facts)
    )

    assert files_behind(cause, case) == {"tests/test_totals.py", "shop/totals.py", "shop/prices.py"}


def test_the_commits_that_change_a_file_wherever_it_was(tmp_path: Path) -> None:
    history = History(tmp_path / "app")
    first = history.commit("The app")
    RUN_TIME[1].change(history.files)
    second = history.commit("Sums", first)
    history.files["shop/core/__init__.py"] = ""
    history.files["shop/core/totals.py"] = history.files.pop("shop/totals.py")
    third = history.commit("Moved", second)
    history.files["shop/core/__init__.py"] = "# core\n"
    history.files["README.md"] = "Shop\n"
    history.commit("A page", third)
    history.write(second)
    commits = Commits(history.root, "HEAD")
    line = commits.line(commits.start)

    def numbers(*paths: str) -> list[int]:
        return [at for at, commit in enumerate(reversed(line)) if commit in commits.touching(line, paths)]

    assert numbers("shop/core/totals.py") == [0, 1, 2]
    assert numbers("shop/core/__init__.py") == [2, 3]
    assert numbers("shop/base.py", "README.md") == [0, 3]
    assert numbers() == []
