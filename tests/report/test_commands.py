from __future__ import annotations

import shlex
from dataclasses import replace

from kit.report import commands
from tests.report.sample_case import CASE


def test_an_investigation_is_made_again_with_what_was_asked_for() -> None:
    case = replace(CASE, parameters={**CASE.parameters, "tests": ["a b", "c"], "python": "", "timeout_s": 2.5})
    assert commands.investigate(case) == (
        "kit investigate /home/dev/src/trading --tests 'a b' --tests c --timeout-s 2.5 --workers 2"
    )


def test_how_the_tests_were_run_is_a_part_of_the_command() -> None:
    run = {"isolation": "process", "coverage": True, "recheck_s": 0.0, "timeouts": {"tests/slow/*": 120.0}}
    case = replace(CASE, parameters={"target": "app", "workers": 0, "run": run})
    assert commands.investigate(case) == (
        "kit investigate app --isolation process --coverage --recheck-s 0 --timeout 'tests/slow/*=120'"
    )


def test_the_demo_needs_no_path() -> None:
    demo = replace(CASE, parameters={"target": ""})
    assert commands.investigate(demo) == "kit investigate"
    assert commands.scan(demo) == "kit scan"


def test_node_ids_survive_a_shell() -> None:
    nodeid = "tests/test_a.py::test_a['; rm -rf $HOME-1]"
    assert shlex.split(commands.run(CASE, nodeid)) == [
        *("kit", "run", "/home/dev/src/trading", "--timeout-s", "30", "--", nodeid)
    ]
