"""What the suite probe keeps of a failing test: its exception chain, from the objects, and its one outcome."""

from __future__ import annotations

import hashlib
import json
import re
from os.path import basename, dirname, isabs, join

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Optional, Set, Tuple

    from ...wire.collecting import FrameRecord, Link, OutcomeName, PhaseName, Relation


encode, sha256 = json.JSONEncoder().encode, hashlib.sha256  # bound before a test can replace them

# more than kit keeps, since it masks secrets before it cuts (see kit.masking.cutting)
MARGIN = 8_000
LONGEST_MESSAGE, LONGEST_TAIL, MOST_FRAMES, LONGEST_CHAIN = 10_000 + MARGIN, 2_000 + MARGIN, 400, 20
HARNESS = re.compile(r"[/\\\\](?:_pytest|pluggy|importlib)[/\\\\]|^<frozen ")
COMPILED = (".so", ".pyd")
ORDINARY = ("passed", "skipped", "xfailed", "xpassed")
OF_DOCTEST = ("UnexpectedException", "MultipleDoctestFailures")
WEIGHT = {"passed": 1, "skipped": 1, "xfailed": 1, "xpassed": 1, "error": 2, "failed": 3}


class ItemResult:
    """What the reports of one test add up to: one outcome, as pytest's own terminal counts it."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.outcome: Optional[OutcomeName] = None
        self.phase: Optional[PhaseName] = None
        self.reason: Optional[str] = None
        self.failure: Optional[str] = None
        self.phases: List[float] = []  # how long each took, in seconds

    def is_changed_by(self, outcome: OutcomeName) -> bool:
        """A failed call weighs most, then an error; of the others the first one counts."""
        return self.outcome is None or WEIGHT[outcome] > WEIGHT[self.outcome]

    def take(
        self,
        outcome: OutcomeName,
        phase: Optional[PhaseName],
        reason: Optional[str] = None,
        failure: Optional[str] = None,
    ) -> None:
        if self.is_changed_by(outcome):
            self.outcome, self.phase, self.reason, self.failure = outcome, phase, reason, failure


def describe(error: BaseException, traceback: Any = None) -> List[Link]:
    """The exception and what it came from: ``[{"type", "module", "message", "length", "relation", "frames"}]``."""
    chain: List[Link] = []
    seen: Set[int] = set()
    waiting: List[Tuple[BaseException, Any, Optional[Relation]]] = [(error, traceback or error.__traceback__, None)]
    while waiting and len(chain) < LONGEST_CHAIN:
        error, traceback, relation = waiting.pop()
        if id(error) in seen:
            continue
        seen.add(id(error))
        frames = frames_of(traceback) + place_in_source(error)
        link = link_of(
            type(error).__name__, message_of(error) or ("" if frames else place_in_pytest(traceback)), frames
        )
        link["module"], link["relation"] = str(getattr(type(error), "__module__", "")), relation
        chain.append(link)
        waiting += reversed([(origin, origin.__traceback__, how) for origin, how in origins(error)])
    return chain


def unraised(text: str) -> List[Link]:
    """The chain of a failure that no exception stands behind, such as an unexpected pass."""
    return [link_of("Failed", text, [])]


def link_of(name: str, text: str, frames: List[FrameRecord]) -> Link:
    cut = text[:LONGEST_MESSAGE]
    return {"type": name, "module": "", "message": cut, "length": len(text), "relation": None, "frames": frames}


def origins(error: BaseException) -> List[Tuple[BaseException, Relation]]:
    members = getattr(error, "exceptions", None)
    if isinstance(members, (tuple, list)) and members and all(isinstance(member, BaseException) for member in members):
        return [(member, "member") for member in members]
    if error.__cause__ is not None:
        return [(error.__cause__, "cause")]
    raised = raised_in_doctest(error)
    if raised is not None:
        return [(raised, "cause")]
    if error.__context__ is not None and not error.__suppress_context__:
        return [(error.__context__, "context")]
    return []


def raised_in_doctest(error: BaseException) -> Optional[BaseException]:
    """What a line of a doctest raised, the first one where several lines failed: doctest keeps it beside its own."""
    if type(error).__name__ not in OF_DOCTEST:
        return None
    failures = getattr(error, "failures", None)
    for one in failures if isinstance(failures, list) else [error]:
        raised = getattr(one, "exc_info", None)
        if isinstance(raised, tuple) and len(raised) == 3 and isinstance(raised[1], BaseException):
            return raised[1]
    return None


def message_of(error: BaseException) -> str:
    if type(error).__name__ == "FixtureLookupError":  # its text is made only when pytest renders it
        return str(getattr(error, "msg", None) or "fixture %r not found" % (getattr(error, "argname", "?"),))
    try:
        return str(error)
    except BaseException as broken:
        return "<its __str__ raised %s>" % type(broken).__name__


def frames_of(traceback: Any) -> List[FrameRecord]:
    """The frames, outermost first; the middle of an endless recursion is left out.

    So is pytest's machinery on the way to the test: it differs where the error of a fixture is raised once more.
    """
    while traceback is not None and HARNESS.search(traceback.tb_frame.f_code.co_filename):
        traceback = traceback.tb_next
    frames: List[FrameRecord] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        path = file_of_compiled(code.co_filename, traceback.tb_frame.f_globals)
        frames.append((path, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    half = MOST_FRAMES // 2
    return frames if len(frames) <= MOST_FRAMES else frames[:half] + frames[-half:]


def file_of_compiled(path: str, module: Dict[str, Any]) -> str:
    """The path of a frame; of a module that Cython compiled, which names its source relative to where it was built, the
    place beside the compiled file: a relative path would be looked for in the target.
    """
    compiled = module.get("__file__")
    if isabs(path) or not isinstance(compiled, str) or not compiled.endswith(COMPILED):
        return path
    return join(dirname(compiled), basename(path))


def place_in_source(error: BaseException) -> List[FrameRecord]:
    """Where the parser stopped: the one frame that a syntax error does not have."""
    if not isinstance(error, SyntaxError) or not isinstance(error.filename, str):
        return []
    return [(error.filename, error.lineno or 1, "<module>")]


def place_in_pytest(traceback: Any) -> str:
    """Where pytest itself raised an error that has no text: nothing else tells what it is about."""
    if traceback is None:
        return ""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    code = traceback.tb_frame.f_code
    folder, file = basename(dirname(code.co_filename)), basename(code.co_filename)
    return "raised in _pytest/%s, %s" % (file, code.co_name) if folder == "_pytest" else ""


def fixture_of(traceback: Any) -> Optional[str]:
    """The fixture whose set-up or tear-down raised: pytest's own frames know it, also when an error is raised again
    for every test that shares the fixture.
    """
    name = None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals.get("__name__") == "_pytest.fixtures":
            known_as = {"pytest_fixture_setup": "fixturedef", "finish": "self"}.get(frame.f_code.co_name)
            found = getattr(frame.f_locals.get(known_as), "argname", None) if known_as else None
            name = found if isinstance(found, str) else name
        traceback = traceback.tb_next
    return name


def tail_of(report: Any) -> str:
    """The end of what was printed and logged."""
    parts = ["%s:\n%s" % (title, text[-LONGEST_TAIL:]) for title, text in report.sections if text]
    return "\n".join(parts)[-LONGEST_TAIL:]


def reason_of(report: Any) -> Optional[str]:
    """Why a test was skipped or expected to fail, or failed without an exception."""
    longrepr = report.longrepr
    if report.failed:
        return longrepr if isinstance(longrepr, str) and longrepr.startswith("[XPASS(strict)]") else None
    if hasattr(report, "wasxfail"):
        return without("reason: ", str(report.wasxfail)) or None
    if report.skipped and isinstance(longrepr, tuple) and len(longrepr) == 3:
        return without("Skipped: ", str(longrepr[2]))
    return None


def without(start: str, text: str) -> str:
    return text[len(start) :] if text.startswith(start) else text


def identify(phase: PhaseName, fixture: Optional[str], chain: List[Link]) -> str:
    """The same for failures that are the same."""
    return sha256(encode([phase, fixture, chain]).encode()).hexdigest()[:16]
