"""Bazel's ``test.xml`` of a test that writes no XML of its own: one case for the target, the test's output as text."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from kit.suite.ingest.recorded import BrokenResultsError, Recorded, text
from kit.suite.ingest.terminal import read_terminal

_MARKS = ("Generated test.log", "Executing tests from //", "Executing tests from @")


def bazel_log(root: Element) -> Recorded | None:
    """Read pytest's output in Bazel's file; ``None`` for any other file.

    Raises :class:`BrokenResultsError` when the output is not pytest's: the file then says nothing about tests.
    """
    output = [text(one.text) for suite in root.iter("testsuite") for one in suite.iterfind("system-out")]
    cases = list(root.iter("testcase"))
    is_bazel = any(mark in words for words in output for mark in _MARKS)
    if not is_bazel or len(cases) != 1 or cases[0].get("classname"):
        return None
    recorded = read_terminal("\n".join(output))
    if recorded is None:
        raise BrokenResultsError(
            f"is written by Bazel for the whole target {text(cases[0].get('name'))} and holds no output of pytest: "
            "let pytest write its own results, with --junitxml=$XML_OUTPUT_FILE"
        )
    return recorded
