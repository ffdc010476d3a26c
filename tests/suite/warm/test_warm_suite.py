"""A suite that is run again tells what a cold run would, of the tree as it is now, in fresh processes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from kit.facts.suite import SuiteFacts
from kit.suite import RunOptions, run_suite
from kit.suite.warm import WarmSuite
from tests.helpers import fingerprint, write_project
from tests.suite.projects import outcomes, rows, target_of
from tests.suite.warm.conftest import INI, Warm

pytestmark = pytest.mark.slow

TEST_A = "def test_a(): assert app.VALUE == X == 1\n"

EVERYTHING = {
    "conftest.py": """
        import click, pytest
        @pytest.fixture(scope="session")
        def number():
            return 3
        @pytest.fixture
        def broken():
            raise LookupError("no database")
    """,
    "app/__init__.py": "",
    "app/models.py": "import decimal\nVALUE = decimal.Decimal(2)\n",
    "test_all.py": """
        import pytest, msgspec
        from app.models import VALUE
        def test_passes(number): assert number == 3
        def test_fails(number): assert VALUE == number
        def test_errs(broken): pass
        @pytest.mark.skip(reason="not now")
        def test_skipped(): pass
        @pytest.mark.xfail
        def test_xfails(): assert False
        @pytest.mark.parametrize("n", range(4))
        def test_many(n): assert n
        class TestClass:
            def test_in_class(self, tmp_path): assert not list(tmp_path.iterdir())
    """,
    "sub/test_uncollectable.py": "from app.models import missing\n",
}


def told(facts: SuiteFacts) -> object:
    """All that does not depend on the clock."""
    results = [replace(result, seconds=None) for result in facts.results]
    return facts.tests, sorted(results, key=lambda one: one.nodeid), facts.collection_errors, facts.failures


def test_a_warm_run_tells_what_a_cold_one_does(warm: Warm, root: Path, tmp_path: Path) -> None:
    suite = warm(EVERYTHING)
    first, second = suite.run(), suite.run()
    cold = run_suite(target_of(root), events=tmp_path / "events.jsonl", options=RunOptions(timeout_s=20.0))

    assert suite.started.startswith("warm: the libraries were imported before (")
    assert rows(cold) == {"collected": 10, "passed": 5, "failed": 2, "error": 1, "skipped": 1, "xfailed": 1}
    assert told(second) == told(first) == told(cold)
    assert second.loaded_modules == cold.loaded_modules


def test_libraries_are_there_and_nothing_of_the_target_is(warm: Warm) -> None:
    look = "import sys\nSEEN = set(sys.modules)\nimport click\nimport app.models\n"
    tests = """
        from conftest import SEEN
        def test_the_library(): assert "click" in SEEN
        def test_the_target(): assert not SEEN & {"app", "app.models", "test_look"}
        def test_kit(): assert not [name for name in SEEN if name.startswith("kit_probe")]
        def test_the_import_path():
            import sys
            assert len(sys.path) == len(set(sys.path))
    """
    suite = warm({"app/__init__.py": "", "app/models.py": "", "conftest.py": look, "test_look.py": tests})

    assert rows(suite.run()) == {"collected": 4, "passed": 3, "failed": 1}
    assert rows(suite.run()) == {"collected": 4, "passed": 4}


def test_an_edit_is_seen(warm: Warm, root: Path) -> None:
    suite = warm({"app.py": "VALUE = 1\n", "test_a.py": "import app\ndef test_a(): assert app.VALUE == 2\n"})
    before = suite.run()
    write_project(root, {"app.py": "VALUE = 2\n"})
    mended = suite.run()
    write_project(root, {"test_a.py": "def test_b(): pass\n", "test_c.py": "def test_c(): pass\n"})
    after = suite.run()

    assert outcomes(before) == {"test_a.py::test_a": "failed"}
    assert outcomes(mended) == {"test_a.py::test_a": "passed"}
    assert outcomes(after) == {"test_a.py::test_b": "passed", "test_c.py::test_c": "passed"}


@pytest.mark.parametrize("has_bytecode", [True, False])
def test_edits_within_a_second_are_seen(root: Path, has_bytecode: bool) -> None:
    """Bytecode is told from another version by the size of the source and the second of its change."""
    write_project(root, {**INI, "app.py": "VALUE = 0\n", "test_a.py": "import app\ndef test_a(): assert app.VALUE\n"})
    target = target_of(root)
    assert target.interpreter is not None
    with WarmSuite(replace(target, interpreter=replace(target.interpreter, has_bytecode=has_bytecode))) as suite:
        seen: list[str] = []
        for value in (0, 1, 0, 1):
            write_project(root, {"app.py": f"VALUE = {value}\n", "test_a.py": f"import app\nX = {value}\n{TEST_A}"})
            seen += outcomes(suite.run()).values()

    assert seen == ["failed", "passed", "failed", "passed"]


def test_what_is_compiled_is_kept_for_the_time_of_collection_only(warm: Warm) -> None:
    tests = """
        import sys
        KEPT = sys.pycache_prefix is not None and not sys.dont_write_bytecode
        def test_kept_while_collected(): assert KEPT
        def test_as_usual_while_tests_run(): assert (sys.pycache_prefix, sys.dont_write_bytecode) == (None, True)
    """
    suite = warm({"app.py": "", "test_a.py": "import app\n" + dedent(tests)})
    cold, hot = suite.run(), suite.run()

    assert outcomes(cold)["test_a.py::test_kept_while_collected"] == "failed"
    assert rows(hot) == {"collected": 2, "passed": 2}
    kept = {path.name.partition(".")[0] for path in (suite._copy.root.parents[1] / "bytecode").rglob("*.pyc")}
    assert kept >= {"app", "test_a"}


def test_only_the_files_asked_for_are_collected(warm: Warm) -> None:
    suite = warm({"test_a.py": "def test_1(): pass\ndef test_2(): pass\n", "test_b.py": "1 / 0\n"})
    facts = suite.run(["test_a.py::test_2"])

    assert outcomes(facts) == {"test_a.py::test_2": "passed"}
    assert not facts.collection_errors


def test_a_file_that_is_gone_does_not_keep_the_others_from_running(warm: Warm, root: Path) -> None:
    """pytest runs nothing at all when one of its arguments does not exist."""
    suite = warm({"test_a.py": "def test_a(): pass\n", "test_b.py": "def test_b(): assert 0\n"})
    asked = [test.nodeid for test in suite.run().tests]
    (root / "test_b.py").unlink()

    assert outcomes(suite.run(asked)) == {"test_a.py::test_a": "passed"}
    assert "file or directory not found: test_b.py" in str(suite.run(["test_b.py::test_b"]).problem)


def test_what_ends_a_collection_ends_nothing_else(warm: Warm, root: Path) -> None:
    suite = warm({"test_a.py": "def test_a(): pass\n"})
    suite.run()
    write_project(root, {"test_b.py": "import os\nos._exit(3)\n", "test_c.py": "import ctypes\nctypes.string_at(0)\n"})
    broken = suite.run()

    assert outcomes(broken) == {"test_a.py::test_a": "passed"}
    assert {error.path: error.failure.raised.message for error in broken.collection_errors} == {
        "test_b.py": "exited with 3",
        "test_c.py": "crashed: SIGSEGV",
    }
    write_project(root, {"test_b.py": "def test_b(): pass\n", "test_c.py": ""})
    assert outcomes(suite.run()) == {"test_a.py::test_a": "passed", "test_b.py::test_b": "passed"}
    assert suite.started.startswith("warm")


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_tests_that_misbehave_are_told_as_in_a_cold_run(warm: Warm, isolation: str) -> None:
    tests = """
        import os, time, ctypes
        def test_exits(): os._exit(3)
        def test_crashes(): ctypes.string_at(0)
        def test_hangs(): time.sleep(60)
        def test_kills_its_parent(): os.kill(os.getppid(), 0)
        def test_fine(): pass
    """
    suite = warm({"test_a.py": tests}, isolation=isolation, timeout_s=1.5)
    suite.run(["test_a.py::test_fine"])
    facts = suite.run()

    assert suite.started.startswith("warm")
    reasons = {result.nodeid.partition("::test_")[2]: result.reason for result in facts.results if result.reason}
    assert reasons == {
        "exits": "exited with 3",
        "crashes": "crashed: SIGSEGV",
        "hangs": "timed out after 1.5 s in call",
    }
    assert rows(facts) == {"collected": 5, "passed": 2, "crashed": 2, "timed_out": 1}


def test_a_changed_configuration_holds(warm: Warm, root: Path) -> None:
    suite = warm({"test_a.py": "import pytest\ndef test_a(): pass\ndef test_b(): pass\n"})
    assert len(suite.run().tests) == 2
    write_project(root, {"pytest.ini": "[pytest]\naddopts = -k test_b --maxfail=1\n"})
    facts = suite.run()

    assert outcomes(facts) == {"test_a.py::test_b": "passed"}
    assert facts.neutralised == ("--maxfail=1 (pytest.ini: addopts): would have ended the run at the first failure",)
    assert suite.started == "cold: this run shows what to hold"


def test_the_tree_is_not_written_into_and_the_copy_is_gone(root: Path) -> None:
    write_project(root, {**INI, **EVERYTHING})
    before = fingerprint(root)
    with WarmSuite(target_of(root)) as suite:
        areas = set()
        suite.run(on_event=lambda _: areas.add(suite._copy.root.parents[1]))
        suite.run()

    assert fingerprint(root) == before
    assert len(areas) == 1
    assert not any(area.exists() for area in areas)


def test_a_plugin_whose_assertions_pytest_rewrites_is_held_rewritten(
    warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pytest warns of one that was imported before it could be rewritten, which here would be an error."""
    pytest.importorskip("anyio")
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-W error")
    tests = """
        import sys
        SEEN = "anyio" in sys.modules
        import anyio, pytest
        def test_rewritten(): assert type(anyio.__loader__).__name__ == "AssertionRewritingHook"
        @pytest.mark.anyio
        async def test_plugin(): await anyio.sleep(0)
        @pytest.fixture
        def anyio_backend(): return "asyncio"
    """
    suite = warm({"test_a.py": tests})
    first, second = suite.run(), suite.run()

    assert suite.started.startswith("warm")
    assert (first.problem, second.problem) == (None, None)
    assert outcomes(second) == outcomes(first)
    assert set(outcomes(second).values()) == {"passed"}


def test_the_interpreter_is_the_targets(warm: Warm) -> None:
    suite = warm({"test_a.py": f"import sys\ndef test_a(): assert sys.executable == {sys.executable!r}\n"})
    suite.run()
    assert rows(suite.run()) == {"collected": 1, "passed": 1}
