"""Names, types and refusals of runners and converters other than pytest's own."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.facts.errors import UsageError
from kit.facts.suite import SuiteFacts
from kit.suite.ingest import read_file, read_results
from tests.helpers import write_project
from tests.suite.projects import target_of

MILL = {
    "mill/__init__.py": "",
    "mill/grain.py": "STORE = {}\n\n\ndef weight(kind):\n    return STORE[kind]\n",
    "checks/__init__.py": "",
    "checks/test_grain.py": """
        import unittest
        from mill import grain

        class Grain(unittest.TestCase):
            def test_rye(self):
                grain.weight("rye")

            def test_oat(self):
                pass
    """,
    "checks/test_typo.py": "from mill import grain\n\nMOST = grain.MOST\n",
    "checks/test_elsewhere.py": "import unittest\n\nraise unittest.SkipTest('not here')\n",
}
GRAIN = "checks/test_grain.py::Grain"
TRACE = """Traceback (most recent call last):
  File "/ci/mill/grain.py", line 5, in weight
    return STORE[kind]
KeyError: 'rye'
"""
IMPORTING = """ImportError: Failed to import test module: checks.{module}
Traceback (most recent call last):
  File "/ci/checks/{module}.py", line 3, in &lt;module&gt;
    raises()
{error}
"""
MISSING = "AttributeError: module 'mill.grain' has no attribute 'MOST'"

Read = Callable[[str], SuiteFacts]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    target = target_of(write_project(tmp_path / "mill", MILL))

    def of(content: str) -> SuiteFacts:
        (tmp_path / "results").write_text(content)
        return read_results([tmp_path / "results"], target)

    return of


def case(classname: str, name: str, failure: str = "", **of: str) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in of.items())
    inside = f"<failure{attributes}>{failure}</failure>" if failure else ""
    return f'<testsuite><testcase classname="{classname}" name="{name}">{inside}</testcase></testsuite>'


@pytest.mark.parametrize("loader", ["nose2.loader.ModuleImportFailure.checks", "unittest.loader._FailedTest"])
def test_a_module_that_lacks_a_name_of_another_one_is_a_file_without_tests(read: Read, loader: str) -> None:
    suite = read(case(loader, "test_typo", IMPORTING.format(module="test_typo", error=MISSING)))

    assert [error.path for error in suite.collection_errors] == ["checks/test_typo.py"]
    assert suite.results == ()


def test_a_test_that_its_module_lacks_is_a_test(read: Read) -> None:
    words = "AttributeError: module 'checks.test_grain' has no attribute 'test_lost'"

    suite = read(case("unittest.loader._FailedTest", "test_lost", words))

    assert [result.nodeid for result in suite.results] == ["checks/test_grain.py::test_lost"]


def test_a_module_that_nose2_skips_has_no_tests_and_no_error(read: Read) -> None:
    error = IMPORTING.format(module="test_elsewhere", error="unittest.case.SkipTest: not here")

    suite = read(case("nose2.loader.ModuleImportFailure.checks", "test_elsewhere", error))

    assert (suite.results, suite.collection_errors) == ((), ())


@pytest.mark.parametrize(
    ("classname", "name"),
    [
        ("", f"{GRAIN}::test_rye"),
        ("pytest", f"{GRAIN}::test_rye"),
        ("checks/test_grain.py", "Grain::test_rye"),
        (GRAIN, "test_rye"),
        ("", "test_rye (checks.test_grain.Grain.test_rye)"),
    ],
)
def test_a_node_id_in_any_attribute_is_the_tests(read: Read, classname: str, name: str) -> None:
    assert [result.nodeid for result in read(case(classname, name)).results] == [f"{GRAIN}::test_rye"]


def test_the_type_is_the_exceptions_where_a_converter_writes_one_for_all(read: Read) -> None:
    suite = read(case("checks.test_grain.Grain", "test_rye", TRACE, type="testtools.testresult.real._StringException"))

    (failure,) = suite.failures.values()
    assert (failure.raised.type, failure.raised.message) == ("KeyError", "'rye'")


def test_a_test_that_passed_when_it_was_run_again_passed(read: Read) -> None:
    flaky = case("checks.test_grain.Grain", "test_rye", TRACE).replace("failure", "flakyFailure")

    assert [result.outcome for result in read(flaky).results] == ["passed"]


@pytest.mark.parametrize(
    "test",
    [
        {"name": "test_rye", "suite": "checks.test_grain > Grain", "filePath": "/ci/build/checks/test_grain.py"},
        {"name": "test_rye", "suite": ["checks.test_grain", "Grain"]},
        {"name": "test_rye", "suite": ["checks", "test_grain.py", "Grain"], "filePath": "checks/test_grain.py"},
        {"name": "Grain.test_rye", "suite": ["test_grain.py"], "filePath": "checks/test_grain.py"},
        {"name": "Grain.test_rye", "suite": ["smoke tests"], "filePath": "checks\\test_grain.py"},
        {"name": "checks.test_grain.Grain.test_rye"},
        {"name": "test_rye (checks.test_grain.Grain.test_rye)", "suite": ["unittest"]},
        {"name": f"{GRAIN}::test_rye"},
    ],
)
def test_a_test_of_ctrf_is_found_by_what_names_it(read: Read, test: dict[str, Any]) -> None:
    report = {"results": {"tool": {"name": "other"}, "tests": [{**test, "status": "failed", "trace": TRACE}]}}

    assert [result.nodeid for result in read(json.dumps(report)).results] == [f"{GRAIN}::test_rye"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("TAP version 13\n1..1\nok 1 a\n", "is TAP, which names no tracebacks: let pytest write JUnit XML too"),
        ("1..2\nok 1 a\nnot ok 2 b\n", "is TAP"),
        ("=== test session starts ===\nplatform linux\n", "is what pytest printed, which is cut short"),
        ("<robot><suite/></robot>", "its root is robot, not testsuites: write Robot's results with robot --xunit"),
        ("<TestRun><Results/></TestRun>", "its root is TestRun, not testsuites."),
    ],
)
def test_what_is_refused_says_what_it_is(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "results").write_text(content)

    with pytest.raises(UsageError, match=said):
        read_file(tmp_path / "results")


def test_an_archive_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "artifact.zip", "w") as archive:
        archive.writestr("results.xml", case("checks.test_grain.Grain", "test_rye"))

    with pytest.raises(UsageError, match="is a ZIP archive: unpack it, and name the files of results in it"):
        read_file(tmp_path / "artifact.zip")
