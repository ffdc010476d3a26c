"""The kinds of apps and cases that every notebook has to work on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tests.helpers import run_kit, write_project

Kind = Literal["failing", "healthy", "not_importable", "ingested"]

HEALTHY = {"test_fine.py": "def test_one(): pass\ndef test_two(): pass\n"}
NOT_IMPORTABLE = {"app.py": "import no_such_package\n", "test_app.py": "import app\ndef test_it(): app.run()\n"}
FAILING = {"test_it.py": "def test_ok():\n    pass\n\n\ndef test_bad():\n    assert 1 == 2\n"}
RESULTS = """<testsuites><testsuite name="s" tests="2">
<testcase classname="test_fine" name="test_one" time="0.1"/>
<testcase classname="test_fine" name="test_two" time="0.1">
<failure message="assert 1 == 2">E assert 1 == 2</failure></testcase>
</testsuite></testsuites>"""

_FILES: dict[Kind, dict[str, str]] = {
    "failing": FAILING,
    "healthy": HEALTHY,
    "not_importable": NOT_IMPORTABLE,
    "ingested": HEALTHY,
}


def prepare(kind: Kind, here: Path) -> None:
    """An app of this kind in the folder ``app``. There is no store yet, unless results of others were ingested."""
    write_project(here / "app", _FILES[kind])
    if kind == "ingested":
        (here / "results.xml").write_text(RESULTS)
        taken = run_kit("ingest", "results.xml", "--target", "app", "--case", "taken", cwd=here)
        assert taken.returncode == 1, taken.stderr
