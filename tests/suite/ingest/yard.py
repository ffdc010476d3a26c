"""A project in which every kind of outcome occurs that runners name differently, and its results by real runners.

``python -m tests.suite.ingest.yard NEW OLD`` records the files in ``samples/`` again. NEW and OLD are interpreters of
environments that hold the current and an older release of pytest, pytest-reportlog, pytest-json-report,
pytest-json-ctrf, pytest-xdist, pytest-rerunfailures (NEW only), pytest-subtests (OLD only), unittest-xml-reporting,
nose2 and robotframework.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.helpers import write_project

SAMPLES = Path(__file__).parent / "samples"

YARD = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "yard/__init__.py": "",
    "yard/stock.py": """
        def level(sku):
            return {"bolt": 4, "nut": 0}[sku]
    """,
    "unit/__init__.py": "",
    "tests/test_lost.py": """
        from yard.freight import Lorry


        def test_never():
            assert Lorry
    """,
    "tests/test_mixed.py": """
        import unittest

        import pytest

        from yard import stock


        @pytest.fixture
        def shut():
            raise RuntimeError("the yard is shut")


        @pytest.fixture
        def stuck():
            yield
            raise OSError("the gate is stuck")


        @pytest.mark.parametrize("sku", ["bolt", "ring", "a@b", "x::y"])
        @pytest.mark.xdist_group("shelf")
        def test_level(sku):
            assert stock.level(sku)


        def test_subtests(subtests):
            for n in range(4):
                with subtests.test("even", n=n):
                    assert n % 2 == 0, f"odd {n}"


        def test_subtests_fine(subtests):
            with subtests.test("one"):
                pass


        def test_subtests_skip(subtests):
            with subtests.test("one"):
                pytest.skip("not now")


        def test_setup(shut):
            pass


        def test_leaving(stuck):
            pass


        def test_both(stuck):
            assert 0


        @pytest.mark.skip(reason="no scale")
        def test_skip():
            pass


        @pytest.mark.xfail(reason="known")
        def test_xfail():
            assert 0


        @pytest.mark.xfail(reason="was known")
        def test_xpass():
            pass


        class TestUnit(unittest.TestCase):
            def test_only_subtests_fail(self):
                for sku in ("nut", "bolt"):
                    with self.subTest("level", sku=sku):
                        self.assertGreater(stock.level(sku), 0)

            def test_both_fail(self):
                with self.subTest(n=1):
                    self.fail("in the subtest")
                self.fail("after the subtest")

            def test_all_fine(self):
                with self.subTest(n=1):
                    pass

            @unittest.expectedFailure
            def test_known(self):
                self.fail("known")

            @unittest.expectedFailure
            def test_no_more(self):
                pass
    """,
    "unit/test_stock.py": """
        import unittest

        from yard import stock


        class StockCase(unittest.TestCase):
            def test_levels(self):
                for sku in ("bolt", "nut", "bolt"):
                    with self.subTest(sku=sku):
                        self.assertGreater(stock.level(sku), 0)

            def test_unknown(self):
                for sku in ("ring", "bolt", "gear (x) [y]"):
                    with self.subTest("lookup (a) [b]", sku=sku):
                        stock.level(sku)

            def test_fine(self):
                with self.subTest(sku="bolt"):
                    self.assertTrue(stock.level("bolt"))

            def test_wrong(self):
                self.assertEqual(stock.level("bolt"), 5)

            @unittest.skip("no scale here")
            def test_weight(self):
                pass


        class Parent(unittest.TestCase):
            def test_inherited(self):
                pass


        class Shut(Parent):
            @classmethod
            def setUpClass(cls):
                raise RuntimeError("the yard is shut")

            def test_one(self):
                pass


        class Skipped(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                raise unittest.SkipTest("closed on Sundays")

            def test_one(self):
                pass


        class Stuck(unittest.TestCase):
            @classmethod
            def tearDownClass(cls):
                raise OSError("the gate is stuck")

            def test_one(self):
                pass

            def test_two(self):
                pass
    """,
    "unit/test_far.py": """
        from unit import test_stock


        class Far(test_stock.Parent):
            @classmethod
            def setUpClass(cls):
                raise RuntimeError("too far away")
    """,
    "unit/test_module.py": """
        import unittest


        def setUpModule():
            raise RuntimeError("no yard at all")


        class One(unittest.TestCase):
            def test_one(self):
                pass


        class Two(unittest.TestCase):
            def test_two(self):
                pass
    """,
    "unit/test_gone.py": """
        import unittest

        from yard.freight import Lorry


        class Gone(unittest.TestCase):
            def test_drive(self):
                Lorry()
    """,
    # the older xmlrunner crashes on expected failures: it runs without this file
    "unit/test_expected.py": """
        import unittest


        class Expected(unittest.TestCase):
            @unittest.expectedFailure
            def test_known(self):
                self.assertEqual(1, 2)

            @unittest.expectedFailure
            def test_no_more(self):
                pass
    """,
    "robot/sub/01__gate.robot": """
        *** Test Cases ***
        Level Of Bolt
            Should Be Equal As Integers    4    4

        Level Of Ring
            Fail    ring is not in stock

        Later
            Skip    not today
    """,
}

#: a plugin that writes what pytest's own reports come to: one outcome a test, files that could not be collected
JUDGE = """
import json, os

outcomes, files = {}, []


def pytest_runtest_logreport(report):
    is_part = type(report).__name__ != "TestReport"
    nodeid, known = report.nodeid, outcomes.get(report.nodeid)
    if report.outcome == "failed":
        said = "failed" if report.when == "call" else "error"
        outcomes[nodeid] = "failed" if "failed" in (said, known) else "error"
    elif not is_part and known not in ("failed", "error"):
        if hasattr(report, "wasxfail") and (report.outcome == "skipped" or report.when == "call"):
            outcomes[nodeid] = "xfailed" if report.outcome == "skipped" else "xpassed"
        elif report.outcome == "skipped" or report.when == "call":
            outcomes[nodeid] = report.outcome


def pytest_collectreport(report):
    if report.failed:
        files.append(report.nodeid)


def pytest_sessionfinish():
    with open(os.environ["JUDGED"], "w") as file:
        json.dump({"outcomes": outcomes, "files": files}, file, indent=1)
"""


def main(new: str, old: str) -> None:
    """Record all samples."""
    shutil.rmtree(SAMPLES, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        root = write_project(Path(folder, "yard"), YARD)
        Path(folder, "judge.py").write_text(JUDGE)
        for release, python in (("new", new), ("old", old)):
            target = SAMPLES / release
            target.mkdir(parents=True)
            _pytest(python, root, target)
            _unittest(python, root, target, is_old=release == "old")
            _run(python, "-m", "robot", "--xunit", str(target / "robot.xml"), "--output", "NONE", "robot", root=root)
            for path in target.iterdir():
                _store(path, root, Path(python).parents[1])


def _pytest(python: str, root: Path, target: Path) -> None:
    """The files of pytest's plugins, and what plain pytest says of the same tests."""
    common = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    _run(python, *common, "-p", "judge", "tests", root=root, JUDGED=str(target / "judged-tests.json"))
    _run(python, *common, "-p", "judge", "unit", root=root, JUDGED=str(target / "judged-unit.json"))
    for name, more in (("plain", []), ("xdist", ["-n", "2", "--dist", "loadgroup"]), ("rerun", ["--reruns", "1"])):
        if name == "rerun" and target.name == "old":
            continue
        files = [f"--junitxml={target}/{name}.xml", f"--report-log={target}/{name}.jsonl", "--json-report"]
        files.append(f"--json-report-file={target}/{name}.json")
        if name == "plain":
            files += ["--ctrf", f"{target}/ctrf.json"]
        done = _run(python, *common, *more, *files, "tests", root=root)
        (target / f"{name}.txt").write_text(done)


def _unittest(python: str, root: Path, target: Path, *, is_old: bool) -> None:
    pattern = ["-p", "test_[!e]*.py"] if is_old else []
    _run(python, "-m", "xmlrunner", "discover", "-s", "unit", "-t", ".", *pattern, "-o", str(target), root=root)
    plugin = ["--plugin", "nose2.plugins.junitxml", "--junit-xml", "--junit-xml-path", str(target / "nose2.xml")]
    _run(python, "-m", "nose2", "-s", "unit", "-t", ".", *plugin, root=root)


def _run(python: str, *arguments: str, root: Path, **variables: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root.parent), "PYTHONDONTWRITEBYTECODE": "1", **variables}
    done = subprocess.run([python, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.stdout


def _store(path: Path, root: Path, environment: Path) -> None:
    """Without the folders of this machine; what is long is compressed."""
    words = path.read_text()
    base = (environment / "bin" / "python").resolve().parents[1]
    for folder, name in ((root, "yard"), (environment, "env"), (base, "python"), (path.parent, "results")):
        words = words.replace(str(folder), f"/srv/{name}")
    path.unlink()
    if path.name.startswith("TEST-"):  # a stable name: the suite in the file carries the time of the run
        path = path.with_name(path.stem.rpartition("-")[0] + ".xml")
    if path.suffix in (".jsonl", ".json") and not path.name.startswith("judged"):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(words.encode(), mtime=0))
    elif path.name.startswith("judged"):
        path.write_text(json.dumps(json.loads(words), indent=1, sort_keys=True) + "\n")
    else:
        path.write_text(words)


if __name__ == "__main__":
    main(*sys.argv[1:3])
