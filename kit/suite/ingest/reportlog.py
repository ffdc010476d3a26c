"""The lines of pytest-reportlog (``--report-log``): pytest's own reports, a JSON object each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kit.facts.failures import Phase
from kit.facts.suite import Outcome
from kit.suite.ingest.recorded import (
    BrokenResultsError,
    Document,
    Format,
    Recorded,
    Seen,
    TestName,
    Uncollectable,
    counted_from_one,
    decoded,
    mapping,
    objects,
    seconds,
    text,
    without,
)

UNENDED = "The recorded run did not come to its end."


def _recognises(document: Document) -> bool:
    return "$report_type" in mapping(document.first_line)


def _read(document: Document) -> Recorded:
    records = list(_records(document.text))
    kinds = [record.get("$report_type") for record in records]
    of_tests = [record for record, kind in zip(records, kinds, strict=True) if kind == "TestReport"]
    collected = [record for record, kind in zip(records, kinds, strict=True) if kind == "CollectReport"]
    versions = (text(record.get("pytest_version")) for record in records)
    return Recorded(
        tests=tuple(seen for record in of_tests if (seen := _seen(record))),
        uncollectable=tuple(
            Uncollectable(TestName(nodeid=text(record.get("nodeid"))), longrepr_text(record.get("longrepr")))
            for record in collected
            if record.get("outcome") == "failed"
        ),
        pytest_version=next(filter(None, versions), None),
        seconds=_span(of_tests),
        problem=None if "SessionFinish" in kinds else UNENDED,
    )


def _records(words: str) -> Iterator[Mapping[str, Any]]:
    """The objects of the lines. Only the last may be torn: by whatever ended the run."""
    lines = [line for line in words.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        record = decoded(line)
        if isinstance(record, dict):
            yield record
        elif number < len(lines):
            raise BrokenResultsError(f"has a line that is no JSON object (line {number})")


def _seen(record: Mapping[str, Any]) -> Seen | None:
    nodeid, when, longrepr = text(record.get("nodeid")), record.get("when"), record.get("longrepr")
    if not nodeid or record.get("outcome") == "rerun":  # the next attempt begins with a set-up of its own
        return None
    phase: Phase = "setup" if when == "setup" else "teardown" if when == "teardown" else "call"
    outcome, reason = _judged(record, phase)
    location = record.get("location")
    path, line = (location[0], location[1]) if isinstance(location, list) and len(location) > 1 else ("", None)
    stands_here = nodeid.startswith(text(path).replace("\\", "/"))  # else it is inherited from another file
    return Seen(
        TestName(nodeid=nodeid),
        outcome,
        phase,
        begins=phase == "setup",
        seconds=seconds(record.get("duration")),
        reason=reason,
        message=text(mapping(mapping(longrepr).get("reprcrash")).get("message")),
        text=longrepr_text(longrepr) if outcome in ("failed", "error") else "",
        tail="\n".join(_sections(record.get("sections"))),
        line=counted_from_one(line) if stands_here else None,
    )


def _judged(record: Mapping[str, Any], phase: Phase) -> tuple[Outcome, str]:
    """The outcome that pytest's terminal makes of a report, and its reason."""
    said, longrepr = record.get("outcome"), record.get("longrepr")
    if said == "failed":
        strict = text(longrepr)
        return ("failed" if phase == "call" else "error"), strict if strict.startswith("[XPASS(strict)]") else ""
    if "wasxfail" in record and (said == "skipped" or phase == "call"):
        return ("xfailed" if said == "skipped" else "xpassed"), without("reason: ", text(record["wasxfail"]))
    if said == "skipped":
        place = longrepr if isinstance(longrepr, list) else [""]
        return "skipped", without("Skipped: ", text(place[-1] if place else ""))
    return ("passed" if phase == "call" else "not_run"), ""


def longrepr_text(longrepr: object) -> str:
    """The text that pytest's terminal would show for a serialised representation of an error."""
    shown = mapping(longrepr)
    links = shown.get("chain")
    if not isinstance(links, list) or not links:
        return text(longrepr) or text(shown.get("longrepr")) or _entries_text(shown.get("reprtraceback"))
    parts = []
    for link in links:
        traceback, _, follows = link if isinstance(link, list) and len(link) == 3 else (None, None, None)
        parts += [_entries_text(traceback), text(follows)]
    return "\n".join(parts)


def _entries_text(traceback: object) -> str:
    lines = []
    for entry in objects(mapping(traceback).get("reprentries")):
        data = mapping(entry.get("data"))
        place = mapping(data.get("reprfileloc"))
        where = f"{text(place.get('path'))}:{place.get('lineno')}: {text(place.get('message'))}" if place else ""
        shown = data.get("lines")
        source = [text(line) for line in shown] if isinstance(shown, list) else []
        # in the short style the place comes first; its lines then belong to it all the same
        lines += [where, *source] if data.get("style") == "short" else [*source, where]
    return "\n".join(lines)


def _sections(value: object) -> Iterator[str]:
    for section in value if isinstance(value, list) else []:
        if isinstance(section, list) and len(section) == 2 and text(section[1]):
            yield f"{text(section[0])}:\n{text(section[1])}"


def _span(records: list[Mapping[str, Any]]) -> float | None:
    starts = [start for record in records if (start := seconds(record.get("start"))) is not None]
    stops = [stop for record in records if (stop := seconds(record.get("stop"))) is not None]
    return round(max(stops) - min(starts), 3) if starts and stops else None


FORMAT = Format("pytest-reportlog", _recognises, _read)
