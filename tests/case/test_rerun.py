"""A group of failures is run again, from a notebook, while its cause is being fixed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kit.case.investigation import Investigation
from kit.case.options import CaseOptions
from kit.facts.errors import UsageError
from tests.helpers import write_project

pytestmark = pytest.mark.slow

FILES = {
    "pytest.ini": "[pytest]\n",
    "app.py": "def double(x): return x + 1\n",
    "test_double.py": """
        import pytest
        from app import double
        @pytest.mark.parametrize("x", [2, 3])
        def test_double(x): assert double(x) == 2 * x
        def test_other(): pass
    """,
    "sub/test_broken.py": "import no_such_module\n",
}


@pytest.fixture
def investigation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Investigation]:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    root = write_project(tmp_path / "project", FILES)
    investigation = Investigation.start(
        CaseOptions(target=str(root), case="loop", reports_dir=str(tmp_path / "reports"))
    )
    yield investigation
    investigation.stop_rerunning()
    investigation.store.close()


def test_a_group_is_run_again_until_it_is_fixed(investigation: Investigation) -> None:
    before = investigation.run_tests()
    grouping, _ = investigation.diagnose()
    (group,) = (group for group in grouping.groups if group.tests)
    (uncollectable,) = (group for group in grouping.groups if group.files)

    assert investigation.rerun(group).accounting.failed == 2
    write_project(Path(investigation.target.root), {"app.py": "def double(x): return 2 * x\n"})
    fixed = investigation.rerun(group)
    assert {result.nodeid: result.outcome for result in fixed.results} == {
        "test_double.py::test_double[2]": "passed",
        "test_double.py::test_double[3]": "passed",
    }

    write_project(Path(investigation.target.root), {"sub/test_broken.py": "def test_whole(): pass\n"})
    assert [result.nodeid for result in investigation.rerun(uncollectable).results] == [
        "sub/test_broken.py::test_whole"
    ]
    assert investigation.facts.suite == before


def test_nothing_is_left_when_it_is_stopped(investigation: Investigation) -> None:
    investigation.rerun(["test_double.py::test_other"])
    assert psutil.Process().children()
    investigation.stop_rerunning()
    investigation.stop_rerunning()

    assert not psutil.Process().children()
    assert investigation.rerun(["test_double.py::test_other"]).accounting.passed == 1


def test_one_node_id_and_one_path_stand_for_themselves(investigation: Investigation) -> None:
    assert investigation.run_tests(nodeids="test_double.py::test_other").accounting.passed == 1
    assert investigation.rerun("test_double.py::test_other").accounting.passed == 1


def test_to_run_nothing_again_is_wrong_use(investigation: Investigation) -> None:
    with pytest.raises(UsageError, match="no test to run again"):
        investigation.rerun([])
