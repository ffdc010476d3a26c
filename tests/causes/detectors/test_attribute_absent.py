"""An attribute that is gone while several lines still read it leads to its class."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import places, told, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own

SETTINGS = """
class Base:
    rows = 4


class Settings(Base):
    columns = 3
"""
WEB = """
def serve(settings):
    return settings.backlog


def listen(settings):
    return settings.backlog + settings.rows + settings.columns
"""


def _first(folder: Path, settings: str = SETTINGS, web: str = WEB, test: str = "") -> tuple[str, list[str], str]:
    """Kind, places and evidence of the first cause, where two lines lack the attribute."""
    failures = [
        failure_with(
            "'Settings' object has no attribute 'backlog'", "AttributeError", frames=(own("shop/web.py", line, name),)
        )
        for line, name in ((2, "serve"), (6, "listen"))
    ]
    results = [result(f"tests/test_a.py::test_{at}", failure) for at, failure in enumerate(failures)]
    files = {"shop/settings.py": settings, "shop/web.py": web, "tests/test_a.py": test}
    (cause, *_) = told_of(folder, files, suite(results, failures))
    return cause.kind, places(cause), told(cause)


def test_the_class_comes_first_and_then_the_lines_that_read_the_attribute(tmp_path: Path) -> None:
    kind, found, said = _first(tmp_path)

    assert (kind, found) == ("attribute-absent", ["shop/settings.py:5", "shop/web.py:2", "shop/web.py:6"])
    assert 'Neither this class nor another one declares "backlog"' in said


@pytest.mark.parametrize(
    ("settings", "web"),
    [
        (SETTINGS + "\n\nclass Other:\n    backlog = 1\n", WEB),
        (SETTINGS, WEB + "\n\ndef fill(settings):\n    settings.backlog = 1\n"),
        (SETTINGS.replace("class Base:", "class Base(library.Base):"), WEB),
        (SETTINGS + "\n    def __getattr__(self, name):\n        raise AttributeError(name)\n", WEB),
        (SETTINGS + "\n\nclass Settings:\n    rows = 1\n", WEB),
        (SETTINGS.replace("Settings", "Options"), WEB),
    ],
    ids=["in another class", "set elsewhere", "base of a library", "dynamic", "two classes", "no class"],
)
def test_where_the_attribute_may_come_from_elsewhere_the_class_is_not_blamed(
    tmp_path: Path, settings: str, web: str
) -> None:
    assert _first(tmp_path, settings, web)[0] == "failure-group"


def test_a_class_that_also_takes_attributes_from_data_has_none_of_that_name_either(tmp_path: Path) -> None:
    settings = (
        SETTINGS + "\n    def update(self, values):\n        for one in values:\n            setattr(self, one, 1)\n"
    )

    assert _first(tmp_path, settings)[0] == "attribute-absent"


#: of the app, the first line alone reads the attribute
ONE_READER = WEB.replace("settings.backlog +", "settings.rows +")


@pytest.mark.parametrize(
    "test", ["", "def test_0(settings):\n    assert settings.backlog\n"], ids=["no test reads it", "a test does"]
)
def test_one_line_alone_may_be_wrong_itself_and_the_class_comes_behind_it(tmp_path: Path, test: str) -> None:
    kind, found, said = _first(tmp_path, web=ONE_READER, test=test)

    assert (kind, found[:2]) == ("failure-group", ["shop/web.py:2", "shop/settings.py:5"])
    assert 'Settings is defined here: neither it nor another class declares "backlog"' in said


def test_what_a_test_sets_is_meant_to_be_there_also_where_one_line_reads_it(tmp_path: Path) -> None:
    kind, found, said = _first(tmp_path, web=ONE_READER, test="def test_0(settings):\n    settings.backlog = 2\n")

    assert (kind, found[:2]) == ("attribute-absent", ["shop/settings.py:5", "shop/web.py:2"])
    assert 'Neither this class nor another one declares "backlog"' in said


def test_what_a_class_of_a_test_declares_may_come_from_there(tmp_path: Path) -> None:
    kind, found, _ = _first(tmp_path, test="class Fake:\n    backlog = 1\n")

    assert (kind, "shop/settings.py:5" in found) == ("failure-group", False)
