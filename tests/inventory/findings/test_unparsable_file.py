"""Files that the target's Python cannot parse."""

from __future__ import annotations

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
