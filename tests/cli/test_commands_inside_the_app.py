"""Every command that takes a case finds the one that lies beside the app it is called in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

RESULTS = """<testsuite tests="1"><testcase classname="test_a" name="test_it">
<failure message="assert 0">E assert 0</failure></testcase></testsuite>"""


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an app whose case was made from the folder above it."""
    above = tmp_path_factory.mktemp("above")
    root = write_project(above / "app", {"test_a.py": "def test_it(): assert 0\n"})
    (above / "results.xml").write_text(RESULTS)
    taken = run_kit("ingest", "results.xml", "--target", "app", "--case", "taken", cwd=above)
    assert taken.returncode == 1, taken.stderr
    return root


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "test_it"),
        ("cases",),
        ("cases", "."),
        ("show", "taken"),
        ("flaky",),
        ("compare", "taken", "taken"),
        ("export", "taken", "../taken.json.gz"),
        ("baseline", "taken", "--reason", "known", "--print"),
        ("store", "prune", "--keep", "1", "--dry-run"),
    ],
    ids=lambda words: words[0],
)
def test_the_case_beside_the_app_is_found(inside: Path, words: tuple[str, ...]) -> None:
    done = run_kit(*words, cwd=inside)

    assert done.returncode in (0, 1), done.stderr
    assert "There is no case" not in done.stdout + done.stderr
    assert not (inside.parent / "app-reports").exists()
