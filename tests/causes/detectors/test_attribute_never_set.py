"""An attribute that a class declares or reads, and that nothing sets, leads to the ``__init__`` that lacks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own

DECLARED = """class Options:
    strict: bool
    fields: list
    ordered: bool

    def __init__(self, meta):
        super().__init__(meta)
        self.strict = meta.strict
        self.ordered = meta.ordered


class AutoOptions(Options):
    pass
"""
READ = """class Desk:
    def __init__(self, app):
        self.app = app

    def count(self):
        return self.fields.count()
"""


def _first(folder: Path, source: str, *, owner: str, others: str = "", tests: str = "") -> tuple[str, str, list[str]]:
    """The first cause of two tests that lack "fields", one in its set-up and one in its call."""
    failures = [
        failure_with(
            f"'{owner}' object has no attribute 'fields'", "AttributeError", frames=(own("shop/use.py", line, "use"),)
        )
        for line in (30, 40)
    ]
    results = [result(f"tests/test_a.py::test_{at}", failure) for at, failure in enumerate(failures)]
    causes = told_of(
        folder, {"shop/desk.py": source, "shop/use.py": others, "tests/test_a.py": tests}, suite(results, failures)
    )
    return causes[0].kind, causes[0].title, places(causes[0])[:3]


@pytest.mark.parametrize("owner", ["Options", "AutoOptions"])
def test_the_statement_of_what_is_declared_beside_it_comes_first_and_then_the_function(
    tmp_path: Path, owner: str
) -> None:
    kind, title, found = _first(tmp_path, DECLARED, owner=owner)

    assert (kind, title) == ("attribute-never-set", f'{owner} reads or declares "fields", and nothing sets it')
    assert found == ["shop/desk.py:8", "shop/desk.py:6", "shop/use.py:30"]


def test_what_only_the_methods_read_leads_to_the_function(tmp_path: Path) -> None:
    kind, _, found = _first(tmp_path, READ, owner="Desk")

    assert (kind, found) == ("attribute-never-set", ["shop/use.py:30", "shop/desk.py:2", "shop/use.py:40"])


KEPT_NOWHERE = """class Page:
    def __init__(self, size):
        self.size = size
        fields = self._query_fields(size)

        if not fields and size > 1:
            raise LookupError(size)

        self.total = size * 2

    def _query_fields(self, size):
        raise NotImplementedError

    def __iter__(self):
        return iter(self.fields)


class SelectPage(Page):
    pass
"""


def test_a_local_of_that_name_which_is_kept_nowhere_comes_first_though_a_test_sets_the_attribute(
    tmp_path: Path,
) -> None:
    kind, _, found = _first(tmp_path, KEPT_NOWHERE, owner="SelectPage", tests="def fill(page):\n    page.fields = []\n")

    assert (kind, found) == ("attribute-never-set", ["shop/desk.py:6", "shop/desk.py:2", "shop/use.py:30"])


@pytest.mark.parametrize(
    "source",
    [
        READ.replace("self.app = app", "self.open(app)")
        + "\n    def open(self, app):\n        self.fields = app.fields\n",
        READ.replace("self.app = app", "vars(self).update(app)"),
        READ.replace("self.fields", "self.app"),
        READ.replace("class Desk:", "class Desk:\n    fields = ()\n"),
        READ.replace("__init__", "begin"),
    ],
    ids=["another method sets it", "set in a way that source does not show", "never read", "a value", "no __init__"],
)
def test_an_attribute_that_may_come_from_elsewhere_is_not_told(tmp_path: Path, source: str) -> None:
    assert _first(tmp_path, source, owner="Desk")[0] != "attribute-never-set"


def test_an_attribute_that_other_code_sets_is_not_told(tmp_path: Path) -> None:
    assert _first(tmp_path, READ, owner="Desk", others="def use(desk):\n    desk.fields = []\n")[0] == "failure-group"
