"""Whether a cause is gone, and whether its fix broke something, is found by investigating again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

TESTS = """
from shop import features


def test_blend():
    features.require("blend")


def test_off():
    assert features.MAX == 3
"""
FEATURES = """
FLAGS = {}
MAX = 3
blend = False


class FeatureDisabled(Exception):
    pass


def require(name):
    if not globals()[name]:
        raise FeatureDisabled(f"feature {name!r} is switched off")
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    files: dict[str, str | bytes] = {
        "shop/__init__.py": "",
        "shop/features.py": FEATURES,
        "tests/test_shop.py": TESTS,
        "pytest.ini": "[pytest]\npythonpath = .\n",
    }
    write_project(folder / "app", files)
    done = run_kit("run", "app", "--case", "monday", "--reports-dir", "reports", cwd=folder)
    assert "1 failed" in done.stdout + done.stderr
    return folder


def verify(reports: Path, *given: str, text: str = FEATURES) -> tuple[int, str, str]:
    (reports / "app/shop/features.py").write_text(text)
    done = run_kit("verify", *given, "--reports-dir", "reports", cwd=reports)
    return done.returncode, done.stdout.strip(), done.stderr


def test_a_cause_that_is_still_there_is_not_resolved(reports: Path) -> None:
    code, verdict, _ = verify(reports, "monday")

    assert (code, verdict) == (1, "NOT RESOLVED: 1 cause of 1 still there")


def test_a_cause_that_is_gone_is_resolved(reports: Path) -> None:
    code, verdict, said = verify(reports, "monday", text=FEATURES.replace("blend = False", "blend = True"))

    assert (code, verdict) == (0, "RESOLVED: 1 cause gone, no test broken"), said
    assert "(1 of 1 test pass now)" in said


def test_a_fix_that_breaks_a_test_is_not_resolved(reports: Path) -> None:
    fixed = FEATURES.replace("blend = False", "blend = True").replace("MAX = 3", "MAX = 4")

    code, verdict, said = verify(reports, "monday", text=fixed)

    assert (code, verdict) == (1, "NOT RESOLVED: 1 test broken")
    assert "broken: tests/test_shop.py::test_off" in said


def test_a_tree_whose_suite_does_not_run_any_more_is_not_resolved(reports: Path) -> None:
    code, verdict, _ = verify(reports, "monday", text="raise RuntimeError\n")

    assert code in (1, 3)
    assert not verdict.startswith("RESOLVED")


@pytest.mark.parametrize(
    ("given", "sentence"), [(["friday"], 'There is no case "friday"'), (["monday", "x"], 'There is no cause "x"')]
)
def test_what_is_not_there_is_one_sentence(given: list[str], sentence: str, reports: Path) -> None:
    code, verdict, said = verify(reports, *given)

    assert (code, verdict) == (2, "")
    assert sentence in said


def test_the_causes_that_are_left_are_named(tmp_path: Path) -> None:
    text = "import shop\n\n\ndef test_a():\n    shop.sell()\n\n\ndef test_b():\n    raise LookupError('no bread')\n"
    shop = "def sell():\n    raise ValueError('sold out')\n"
    write_project(tmp_path / "app", {"shop.py": shop, "test_it.py": text, "pytest.ini": "[pytest]\npythonpath = .\n"})
    run_kit("run", "app", "--case", "monday", "--reports-dir", "reports", cwd=tmp_path)
    shown = run_kit("show", "monday", "--reports-dir", "reports", cwd=tmp_path).stdout.splitlines()
    sold_out = next(line for line in shown if "sold out" in line and line.endswith("]")).rpartition("[")[2].rstrip("]")
    (tmp_path / "app/shop.py").write_text("def sell():\n    pass\n")

    done = run_kit("verify", "monday", sold_out, "--reports-dir", "reports", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, "RESOLVED: 1 cause gone, no test broken; 1 other cause still there\n")
    assert "not judged, still there: LookupError: no bread (1 test)" in done.stderr


def test_a_file_that_is_collected_again_is_resolved(tmp_path: Path) -> None:
    text = "import shop\n\n\ndef test_a(): ...\n\n\ndef test_b():\n    assert shop.x\n"
    write_project(tmp_path / "app", {"test_it.py": text, "pytest.ini": "[pytest]\npythonpath = .\n"})
    run_kit("run", "app", "--case", "monday", "--reports-dir", "reports", cwd=tmp_path)
    (tmp_path / "app/shop.py").write_text("x = 0\n")

    done = run_kit("verify", "monday", "--reports-dir", "reports", cwd=tmp_path)

    told = "RESOLVED: 1 cause gone, no test broken; 2 tests are collected that were not, 1 of them fails\n"
    assert (done.returncode, done.stdout) == (0, told), done.stderr
