"""A command about a case gets those options of it that it takes, each once, before the tests that it names."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from kit.facts.case import Case
from kit.facts.case_commands import completed
from kit.facts.target import Target

CASE = Case(
    "c",
    "",
    "0.1.0",
    Target("/app", "app", None, (), ()),
    {
        "target": "app",
        "python": "py",
        "app": ["lib"],
        "tests": ["tests"],
        "workers": 2,
        "reports_dir": "my reports",
        "run": {"isolation": "process", "timeouts": {"slow": 9.0}},
    },
)
HOW = "--isolation process --timeout slow=9"
THERE = "--reports-dir 'my reports'"


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("kit scan app", "kit scan app --python py --app lib"),
        ("kit importers app shop", "kit importers app shop --python py --app lib"),
        ("kit run app", f"kit run app --python py --tests tests --app lib --workers 2 {HOW} {THERE}"),
        ("kit run app --tests t.py", f"kit run app --tests t.py --python py --app lib --workers 2 {HOW} {THERE}"),
        ("kit run app -- t.py::a", f"kit run app --python py --app lib {HOW} {THERE} -- t.py::a"),
        ("kit run app --bisect t.py::a", f"kit run app --python py --app lib {HOW} {THERE} --bisect t.py::a"),
        ("kit run --failed c", f"kit run --failed c {THERE}"),
        ("kit verify c cause", f"kit verify c cause {THERE}"),
        ("pip install shop", "pip install shop"),
        ("", ""),
    ],
)
def test_a_command_has_the_options_that_it_takes(typed: str, whole: str) -> None:
    assert completed(shlex.split(typed), CASE) == tuple(shlex.split(whole))


def test_a_command_about_a_case_names_the_store_that_the_case_is_in() -> None:
    case = replace(CASE, parameters={"store_url": "postgresql://kit:***@db/kit"})
    there = ("--store-url", "postgresql://kit:***@db/kit")

    assert completed(["kit", "apply", "c"], case) == ("kit", "apply", "c", *there)
    assert completed(["kit", "run", "app", "--", "t.py::a"], case) == ("kit", "run", "app", *there, "--", "t.py::a")
    assert completed(["kit", "scan", "app"], case) == ("kit", "scan", "app")


def test_the_folder_of_the_reports_is_the_one_that_was_named_last() -> None:
    assert completed(["kit", "when", "c"], CASE, ["--reports-dir", "there"]) == (
        *("kit", "when", "c", "--reports-dir", "there"),
    )
