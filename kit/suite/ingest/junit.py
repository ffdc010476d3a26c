"""JUnit XML, as pytest writes it (``--junitxml``, both families), and as others do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from junitparser import Attr, Error, JUnitXml, JUnitXmlError, Skipped, TestCase
from junitparser.junitparser import Result, SystemErr, SystemOut

from kit.facts.failures import Phase
from kit.suite.ingest.recorded import (
    BrokenResultsError,
    Document,
    Format,
    Recorded,
    Seen,
    TestName,
    Uncollectable,
    counted_from_one,
    text,
    without,
)

_DECLARATION = re.compile(r"^<\?xml.*?\?>", re.DOTALL)
#: everything before the root element is comments and instructions; a document type has no business there
_DOCTYPE = re.compile(r"(?>\s+|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE", re.DOTALL)
_IN_PHASE = re.compile(r"^(?:failed on|test) (?P<phase>setup|teardown)\b")
_CUT = re.compile(r"\n\[\+\d+ more lines; full report in element text\]")
_WITHIN = re.compile(r'^failed on \w+ with "(?P<message>.*)"$', re.DOTALL)


class _Case(TestCase):
    """A test case with what pytest's older family adds."""

    file = Attr()
    line = Attr()


def _recognises(document: Document) -> bool:
    return document.text.lstrip().startswith("<")


def _read(document: Document) -> Recorded:
    suites = list(_parse(document.text))
    try:
        cases = [_Case.fromelem(case) for suite in suites for case in suite]  # type: ignore[no-untyped-call]
    except RecursionError:
        raise BrokenResultsError("has suites within suites beyond all measure") from None
    tests: list[Seen] = []
    uncollectable: list[Uncollectable] = []
    problem = None
    for case in cases:
        message = text(case.result[0].message) if case.result else ""
        if message == "collection failure":
            name = TestName(classname=text(case.name), file=text(case.file))
            uncollectable.append(Uncollectable(name, text(case.result[0].text)))
        elif message == "internal error":
            problem = "pytest itself failed during the recorded run."
        elif message != "collection skipped":  # a whole file: it has no tests
            tests += _tests(case)
    times = [time for suite in suites if (time := _number(suite.time)) is not None]
    return Recorded(tuple(tests), tuple(uncollectable), None, sum(times) if times else None, problem)


def _parse(words: str) -> JUnitXml:
    words = _DECLARATION.sub("", words.lstrip(), count=1)  # it names an encoding, which text no longer has
    if _DOCTYPE.match(words):
        raise BrokenResultsError("declares a document type, which results never do; it was not read any further")
    try:
        return JUnitXml.fromstring(words)
    except JUnitXmlError:
        raise BrokenResultsError("is XML, but no JUnit XML: its root is no testsuites") from None
    except (ParseError, SyntaxError, ValueError) as error:  # lxml, where it is installed, has errors of its own
        raise BrokenResultsError(f"is broken XML ({error})") from None


def _tests(case: _Case) -> Iterator[Seen]:
    name = TestName(classname=text(case.classname), name=text(case.name), file=text(case.file))
    line = counted_from_one(int(case.line)) if text(case.line).isdecimal() else None
    time = _number(case.time)
    results = case.result
    if not results:
        yield Seen(name, "passed", seconds=time, line=line)
    for at, result in enumerate(results):
        seen = _seen(name, result, begins=at == 0)
        tail = "\n".join(text(part.text) for part in case if isinstance(part, SystemOut | SystemErr))
        yield Seen(**{**vars(seen), "seconds": None if at else time, "line": line, "tail": tail})


def _seen(name: TestName, result: Result, *, begins: bool) -> Seen:
    message, words, type_ = text(result.message), text(result.text), text(result.type)
    if isinstance(result, Skipped):
        if type_ == "pytest.xfail" or message == "expected test failure":
            return Seen(name, "xfailed", begins=begins, reason=without("reason: ", message))
        return Seen(name, "skipped", begins=begins, reason=without("Skipped: ", message))
    phase: Phase = "call"
    if isinstance(result, Error) and (within := _IN_PHASE.match(message)):
        phase = "setup" if within["phase"] == "setup" else "teardown"
    if told := _WITHIN.match(message):
        message = told["message"]
    return Seen(
        name,
        "failed" if phase == "call" else "error",
        phase,
        begins=begins and phase != "teardown",  # pytest writes a case of its own for the tear-down of one that failed
        reason=message if message.startswith("[XPASS(strict)]") else "",
        type=type_,
        message=_CUT.sub("", message),
        text=words,
    )


def _number(value: object) -> float | None:
    return value if isinstance(value, float) else None


FORMAT = Format("JUnit XML", _recognises, _read)
