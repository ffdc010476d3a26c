"""Files that the target's Python cannot parse."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import write_project
from tests.inventory.projects import Source

BROKEN = "import os\ndef f(:\n    pass\n"


def test_a_broken_file_that_something_imports_blocks() -> None:
    (finding,) = Source({"app/a.py": BROKEN, "app/b.py": "from app import a"}).found("unparsable-file")
    assert (finding.id, finding.severity) == ("unparsable-file:app/a.py", "blocks_now")
    assert [str(place) for place in finding.locations] == ["app/a.py:2"]
    assert finding.evidence == ("SyntaxError: invalid syntax", "Imported at app/b.py:1")


def test_a_broken_test_module_blocks() -> None:
    (finding,) = Source({"tests/test_a.py": BROKEN}).found("unparsable-file")
    assert finding.severity == "blocks_now"


def test_a_broken_template_that_nothing_imports_is_a_smell() -> None:
    (finding,) = Source({"templates/app.py": "{{ code }} = 1 1", "tests/data/bad.py": BROKEN}).found("unparsable-file")[
        :1
    ]
    assert finding.severity == "smell"


def test_the_other_files_are_not_lost() -> None:
    project = Source({"a.py": BROKEN, "b.py": "from c import d"})
    assert project.lines("c") == ["b.py:1"]
    assert project.lines("os") == ["a.py:1"]


CONFTEST = """
import sys
collect_ignore = ["bad/test_a.py"]
collect_ignore_glob = []
if sys.version_info < (3, 99):
    collect_ignore_glob.append("*_py399.py")
"""


def test_a_test_module_that_a_conftest_leaves_out_is_a_smell(tmp_path: Path) -> None:
    paths = ["tests/test_t_py399.py", "tests/bad/test_a.py", "tests/test_b.py", "other/test_t_py399.py"]
    files = {"tests/conftest.py": CONFTEST, **dict.fromkeys(paths, BROKEN)}
    found = Source(files, root=write_project(tmp_path, files)).found("unparsable-file")
    assert {one.locations[0].path: one.severity for one in found} == {
        "tests/test_t_py399.py": "smell",
        "tests/bad/test_a.py": "smell",
        "tests/test_b.py": "blocks_now",
        "other/test_t_py399.py": "blocks_now",
    }
    evidence = {one.locations[0].path: one.evidence for one in found}
    assert evidence["tests/bad/test_a.py"][1:] == ("tests/conftest.py keeps pytest from collecting it",)


def test_a_conftest_that_cannot_be_parsed_leaves_out_nothing(tmp_path: Path) -> None:
    files = {"conftest.py": "collect_ignore = ['test_a.py'\n", "test_a.py": BROKEN}
    found = Source(files, root=write_project(tmp_path, files)).found("unparsable-file")
    assert {one.severity for one in found} == {"blocks_now"}
