"""Outcomes as JUnit XML, the dialect that CI servers read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from kit.facts.case import CaseFacts
from kit.facts.failures import Failure
from kit.facts.suite import SuiteFacts, TestResult
from kit.masking import escaped_xml

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ELEMENTS = {
    "failed": "failure",
    "error": "error",
    "timed_out": "error",
    "crashed": "error",
    "skipped": "skipped",
    "xfailed": "skipped",
    "not_run": "skipped",
}


def junit(facts: CaseFacts) -> str:
    """One ``testsuite`` with a ``testcase`` for each test, and for each file that could not be collected."""
    suite = facts.suite or SuiteFacts()
    counts = suite.accounting
    errors = counts.error + counts.timed_out + counts.crashed + len(suite.collection_errors)
    element = ET.Element(
        "testsuite",
        name=_clean(facts.case.target.name),
        tests=str(counts.collected + len(suite.collection_errors)),
        failures=str(counts.failed),
        errors=str(errors),
        skipped=str(counts.skipped + counts.xfailed + counts.not_run),
        time=f"{suite.seconds or 0:.3f}",
        timestamp=facts.case.started,
    )
    _add_properties(element, _properties(suite))
    for result in suite.results:
        _add_test(element, result, suite.failures.get(result.failure or ""))
    finished = {result.nodeid for result in suite.results}
    for test in suite.tests:
        if test.nodeid not in finished:
            _add_test(element, TestResult(test.nodeid, test.path, "not_run"), None)
    for error in suite.collection_errors:
        path = _clean(error.path)
        case = ET.SubElement(element, "testcase", classname=path, name="collection", file=path, time="0")
        _add_failure(case, "error", error.failure, "could not be collected")
    root = ET.Element("testsuites")
    root.append(element)
    ET.indent(root)
    return escaped_xml(ET.tostring(root, encoding="unicode", xml_declaration=True)) + "\n"


def _properties(suite: SuiteFacts) -> dict[str, str]:
    warnings = sum(warning.count for warning in suite.warnings)
    return {
        "isolation": suite.isolation or "",
        "shares": suite.shares or "",
        "warnings": str(warnings) if warnings else "",
        "coverage": f"{suite.coverage.percent:.1f}" if suite.coverage else "",
        "coverage_problem": suite.coverage_problem or "",
    }


def _add_properties(element: ET.Element, properties: Mapping[str, str]) -> None:
    """Those that have a value."""
    known = {name: value for name, value in properties.items() if value}
    if known:
        parent = ET.SubElement(element, "properties")
        for name, value in known.items():
            ET.SubElement(parent, "property", name=name, value=_clean(value))


def _add_test(suite: ET.Element, result: TestResult, failure: Failure | None) -> None:
    path, _, name = result.nodeid.partition("::")
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_clean(path.removesuffix(".py").replace("/", ".")),
        name=_clean(name or path),
        file=_clean(result.path),
        time=f"{result.seconds or 0:.3f}",
    )
    _add_properties(case, {"alone": result.alone or "", "leaked": ", ".join(result.leaked)})
    if element := _ELEMENTS.get(result.outcome):
        _add_failure(case, element, failure, result.reason or result.outcome.replace("_", " "))


def _add_failure(case: ET.Element, name: str, failure: Failure | None, reason: str) -> None:
    if failure is None:
        ET.SubElement(case, name, message=_clean(reason))
        return
    raised = failure.raised
    element = ET.SubElement(case, name, message=_clean(raised.message), type=_clean(f"{raised.module}.{raised.type}"))
    element.text = _clean("\n".join(f"{frame.path}:{frame.line}: in {frame.function}" for frame in raised.frames))


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
