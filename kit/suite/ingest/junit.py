"""JUnit XML, as pytest writes it (``--junitxml``, both families), and as other runners do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, ParseError, XMLParser

from kit.facts.failures import Phase
from kit.facts.wording import counted
from kit.suite.ingest import foreign
from kit.suite.ingest.bazel import bazel_log
from kit.suite.ingest.longrepr import as_traceback
from kit.suite.ingest.recorded import (
    BrokenResultsError,
    Document,
    Format,
    Recorded,
    RecordedOutcome,
    TestName,
    Uncollectable,
    text,
    without,
)

_DECLARATION = re.compile(r"^<\?xml.*?\?>", re.DOTALL)
#: comments and instructions may come before the root element; a document type is never read
_DOCTYPE = re.compile(r"(?>\s+|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE", re.DOTALL)
_IN_PHASE = re.compile(r"^(?:failed on|test) (?P<phase>setup|teardown)\b")
_CUT = re.compile(r"\n\[\+\d+ more lines; full report in element text\]")
_WITHIN = re.compile(r'^failed on \w+ with "(?P<message>.*)"$', re.DOTALL)
#: xmlrunner ends the names of all suites of one run with the same time
_RUN = re.compile(r"-(?P<run>\d{14})$")

_OUTPUT = ("system-out", "system-err")
_RESULTS = ("failure", "error", "skipped")
#: attempts that a later one replaced (Surefire), and what says nothing about the outcome
_PASSED_OVER = ("rerunFailure", "rerunError", "flakyFailure", "flakyError", "properties", "property", *_OUTPUT)
_FAILED_STATUS = ("failed", "failure", "error", "broken")
_SKIPPED_STATUS = ("notrun", "skipped", "disabled", "ignored", "suppressed")
#: the words of nose2, which writes it as a skip; xmlrunner writes an error of the type UnexpectedSuccess
_UNEXPECTED = "test passes unexpectedly"
_GENERIC = "test failure"  # nose2's message of every failure
_ANY_TYPE = "testtools.testresult.real._StringException"  # the type that subunit2junitxml writes for every failure


@dataclass
class _Found:
    """The cases of one file, sorted by what they report."""

    tests: list[RecordedOutcome] = field(default_factory=list)
    uncollectable: list[Uncollectable] = field(default_factory=list)
    shared: list[RecordedOutcome] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def _recognises(document: Document) -> bool:
    return document.text[:1_000].lstrip().startswith("<")


def _read(document: Document) -> Recorded:
    root = _parse(document.text)
    if log := bazel_log(root):
        return log
    found = _Found()
    for case in root.iter("testcase"):
        _sort(case, found)
    suites = list(root.iter("testsuite"))
    found.problems += [*_failed_suites(root), *_differences(root, suites)]
    for tag, number in found.unknown.items():
        found.problems.append(f"{counted(number, 'element')} <{tag}> of test cases are not of JUnit XML and left out.")
    run = _RUN.search(suites[0].get("name", "")) if suites else None
    return Recorded(
        tests=tuple(found.tests),
        uncollectable=tuple(found.uncollectable),
        shared=tuple(found.shared),
        seconds=_span(root),
        problems=tuple(dict.fromkeys(found.problems)),
        run=run["run"] if run else "",
    )


def _parse(words: str) -> Element:
    words = _DECLARATION.sub("", words.lstrip(), count=1)  # it names the encoding of the bytes, which are decoded
    if _DOCTYPE.match(words):
        raise BrokenResultsError("declares a document type, which results never do; it was not read any further")
    parser = XMLParser()  # noqa: S314 - a document type, and with it every entity, is refused above
    try:
        parser.feed(words)
        root: Element = parser.close()
    except (ParseError, ValueError) as error:
        raise BrokenResultsError(f"is broken XML ({error})") from None
    for element in root.iter():  # other dialects have a name space
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]
    if root.tag not in ("testsuites", "testsuite"):
        how = ": write Robot's results with robot --xunit" if root.tag == "robot" else ""
        raise BrokenResultsError(f"is XML, but not JUnit XML: its root is {root.tag}, not testsuites{how}")
    return root


def _sort(case: Element, found: _Found) -> None:
    """Put one case where it belongs."""
    name = TestName(classname=_of(case, "classname"), name=_of(case, "name"), file=_of(case, "file"))
    results = [child for child in case if child.tag in _RESULTS]
    found.unknown.update(child.tag for child in case if child.tag not in (*_RESULTS, *_PASSED_OVER))
    message, words = (_of(results[0], "message"), text(results[0].text)) if results else ("", "")
    if not (name.classname or name.name):
        found.problems.append("A test case has no name: pytest was interrupted in it, or it is damaged.")
    elif message == "collection failure":
        found.uncollectable.append(Uncollectable(TestName(classname=name.name, file=name.file), words))
    elif results and name.name == "collection" and name.file and name.file == name.classname:  # as kit writes it
        kind = _of(results[0], "type").rpartition(".")[2]
        found.uncollectable.append(Uncollectable(TestName(nodeid=name.file), as_traceback(words, f"{kind}: {message}")))
    elif message == "internal error":
        found.problems.append("pytest itself failed during the recorded run.")
    elif message == "collection skipped" or foreign.is_skipped_module(name, words):
        pass  # a whole file was skipped: it has no tests
    elif (failed := foreign.failed_module(name, f"{message}\n{words}")) and not failed.name:
        found.uncollectable.append(Uncollectable(failed, words or message))
    else:
        _sort_tests(case, results, name, failed, found)


def _sort_tests(case: Element, results: list[Element], name: TestName, failed: TestName | None, found: _Found) -> None:
    """Put a case that holds tests where they belong; ``failed`` is the name of one in a module that failed."""
    if shared := foreign.shared_by(name):
        phase: Phase = "setup" if shared.is_setup else "teardown"
        for one in _tests(case, results, shared.name):
            outcome = "error" if one.outcome in ("failed", "error") else one.outcome
            found.shared.append(replace(one, outcome=outcome, phase=phase, line=None))
    elif part := foreign.part_of(name):
        for one in _tests(case, results, part.name):  # the test of a skipped subtest continues, and passes
            found.tests.append(replace(one, outcome="passed", reason="") if one.outcome == "skipped" else one)
    else:
        found.tests += _tests(case, results, failed or foreign.plain_name(name))


def _tests(case: Element, results: list[Element], name: TestName) -> Iterator[RecordedOutcome]:
    line = _of(case, "line")
    # pytest counts from 0, and writes lines and files in its older family only; others count from 1
    first = 0 if case.get("timestamp") else 1
    at = int(line) + first if line.isdecimal() and len(line) < 10 else None
    time = _number(case.get("time"))
    tail = "\n".join(text(part.text) for part in case if part.tag in _OUTPUT)
    if not results:
        yield _by_status(case, RecordedOutcome(name, "passed", seconds=time, line=at, tail=tail))
    for number, result in enumerate(results):
        yield replace(_seen(name, result), seconds=None if number else time, line=at, tail=tail)


def _by_status(case: Element, seen: RecordedOutcome) -> RecordedOutcome:
    """The outcome of a case without a result element: some writers use an attribute."""
    words = {_of(case, "status").lower(), _of(case, "result").lower()}
    if words & set(_FAILED_STATUS):
        return replace(seen, outcome="failed", message="The results say that it failed, and not why.")
    return replace(seen, outcome="skipped", tail="") if words & set(_SKIPPED_STATUS) else replace(seen, tail="")


def _seen(name: TestName, result: Element) -> RecordedOutcome:
    message, words, type_ = _of(result, "message"), text(result.text), without(_ANY_TYPE, _of(result, "type"))
    if type_ == "UnexpectedSuccess" or (result.tag == "skipped" and message.startswith(_UNEXPECTED)):
        return RecordedOutcome(name, "failed", message="Unexpected success", text=words)
    if result.tag == "skipped":
        return _skipped(name, message, type_)
    phase: Phase = "call"
    if result.tag == "error" and (within := _IN_PHASE.match(message)):
        phase = "setup" if within["phase"] == "setup" else "teardown"
    if told := _WITHIN.match(message):
        message = told["message"]
    return RecordedOutcome(
        name,
        "failed" if phase == "call" else "error",
        phase,
        reason=message if message.startswith("[XPASS(strict)]") else "",
        type=type_,
        message="" if message == _GENERIC and words.strip() else _CUT.sub("", message),
        text=words,
    )


def _skipped(name: TestName, message: str, type_: str) -> RecordedOutcome:
    if type_ == "XFAIL" or message.startswith("expected test failure"):  # xmlrunner's and nose2's words give no reason
        return RecordedOutcome(name, "xfailed")
    if type_ == "pytest.xfail":
        return RecordedOutcome(name, "xfailed", reason=without("reason: ", message))
    return RecordedOutcome(name, "skipped", reason=without("test skipped: ", without("Skipped: ", message)))


def _failed_suites(root: Element) -> Iterator[str]:
    """A sentence for each failure that belongs to a suite, and to none of its test cases."""
    for suite in root.iter():
        for one in suite if suite.tag in ("testsuite", "testsuites") else ():
            if one.tag in ("failure", "error"):
                told = _of(one, "message") or text(one.text).strip().partition("\n")[0] or "it does not say why"
                of = f' "{_of(suite, "name")}"' if _of(suite, "name") else ""
                yield f"The suite{of} itself failed: {told.rstrip('.')}."


def _differences(root: Element, suites: list[Element]) -> Iterator[str]:
    """Compare the attributes ``failures`` and ``errors`` with the elements that are there."""
    for suite in suites if root in suites else [root, *suites]:
        said = [_whole_number(suite.get(what)) for what in ("failures", "errors")]
        if said == [None, None]:
            continue
        told = sum(number or 0 for number in said)
        below = _bad(suite.iter("testcase"))
        # some writers count the nested suites, some do not
        if told not in (below, _bad(suite.iterfind("testcase"))):
            of = f' for the suite "{_of(suite, "name")}"' if _of(suite, "name") else ""
            sentence = f"its attributes{of} count {told:,} failed"
            yield f"The file does not agree with itself: {sentence}, and kit counts {below:,}."
    if not any(True for _ in root.iter("testcase")) and any(_whole_number(one.get("tests")) for one in [root, *suites]):
        yield "The file says that it has tests, and holds none."


def _bad(cases: Iterator[Element]) -> int:
    number = 0
    for case in cases:
        bad = sum(child.tag in ("failure", "error") for child in case)
        status = _of(case, "status").lower() in _FAILED_STATUS
        number += bad or status
    return number


def _span(root: Element) -> float | None:
    """The seconds of the outermost suites."""
    outermost = [root] if root.tag == "testsuite" else root.iterfind("testsuite")
    times = [time for suite in outermost if (time := _number(suite.get("time"))) is not None]
    return sum(times) if times else None


def _of(element: Element, attribute: str) -> str:
    return text(element.get(attribute))


def _whole_number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) < 10 else None


def _number(value: str | None) -> float | None:
    try:
        number = float((value or "").replace(",", ""))
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None


FORMAT = Format("JUnit XML", _recognises, _read)
