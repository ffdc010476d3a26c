"""Folds the events of a run into its progress."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kit.facts.outcomes import Outcome
from kit.facts.wording import counted
from kit.suite.live.lines import duration
from kit.suite.live.progress import FailureKind, Progress, RunningTest

Event = Mapping[str, Any]

#: the parts of a message that may differ between two failures of one kind
_DATA = re.compile(r"\d+|'[^']*'|\"[^\"]*\"|0x[0-9a-fA-F]+")
#: of these, what stands in quotation marks is a name, and another name is another failure
_NAMING = re.compile(r"^(?:ModuleNotFound|Import|Name|UnboundLocal|Attribute)Error: |\bfixture '")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")

#: how many characters of a message are shown, and how many kinds are counted apart
_LONGEST_TITLE, _MOST_KINDS = 120, 300


def advance(progress: Progress, event: Event) -> Progress:
    """The progress after ``event``; an event of an unknown kind changes nothing."""
    step = _STEPS.get(event["kind"])
    return progress if step is None else step(progress, event)


def _header(_progress: Progress, _event: Event) -> Progress:
    return Progress()  # a new file, or the old one was emptied


def _session(progress: Progress, event: Event) -> Progress:
    began, attempt = datetime.fromisoformat(event["started"]).timestamp(), event.get("attempt", 1)
    if attempt != progress.attempt:
        return Progress(stage="collecting", attempt=attempt, began=began)
    return Progress(
        stage="collecting",
        attempt=attempt,
        counts=progress.counts,
        earlier=progress.finished,
        kinds=progress.kinds,
        kind_of=progress.kind_of,
        uncollected=progress.uncollected,
        began=began,
    )


def _collecting(progress: Progress, event: Event) -> Progress:
    if progress.stage != "collecting":
        return progress  # a process collects the suite again while others run tests
    return replace(progress, files=event["files"], collected=event["tests"])


def _collection_error(progress: Progress, event: Event) -> Progress:
    progress = _failure(progress, event)
    path, kinds = event["path"], progress.kinds
    if path not in progress.uncollected:  # a session that resumes tells it again
        kinds = _counted(progress, progress.kind_of.get(event["failure"]["id"]), path)
    uncollected = progress.uncollected | {path}
    return replace(progress, collection_errors=progress.collection_errors + 1, kinds=kinds, uncollected=uncollected)


def _ready(progress: Progress, event: Event) -> Progress:
    ready = (progress.began or 0.0) + event["at"]
    return replace(progress, stage="running", collected=event["tests"], ready=ready, expected_s=event.get("expected_s"))


def _running(progress: Progress, event: Event) -> Progress:
    tests = tuple(
        RunningTest(each["worker"], each["nodeid"], each["phase"], each["seconds"]) for each in event["tests"]
    )
    return replace(progress, running=tests)


def _slow(progress: Progress, event: Event) -> Progress:
    return replace(progress, slow=f"{event['nodeid']} · {duration(event['seconds'])} in {event['phase']}")


def _finished(progress: Progress, event: Event) -> Progress:
    outcome: Outcome = event["outcome"]
    counts = {**progress.counts, outcome: progress.counts[outcome] + 1}
    key = progress.kind_of.get(event.get("failure") or "")
    if key is None and outcome in ("timed_out", "crashed"):  # there is no stack, only a reason
        progress, key = _known(progress, event.get("reason") or outcome.replace("_", " "))
    nodeid = event["nodeid"]
    slow = None if progress.slow and progress.slow.startswith(f"{nodeid} · ") else progress.slow
    # the same as replace(), which is slow with this many fields: this runs for every test
    after = object.__new__(Progress)
    vars(after).update(vars(progress), counts=counts, latest=nodeid, slow=slow, kinds=_counted(progress, key, nodeid))
    return after


def _failure(progress: Progress, event: Event) -> Progress:
    failure = event["failure"]
    root, phase = failure["chain"][-1], failure.get("phase", "call")
    text = f"{root['type']}: {root['message']}".strip().rstrip(":").partition("\n")[0]
    text = text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1].rstrip()}…"
    progress, key = _known(progress, text if phase == "call" else f"{text} ({phase})")
    if key is not None:
        # one dictionary that only grows: copying it for each of thousands of failures would take long
        progress.kind_of[failure["id"]] = key
    return progress


def _known(progress: Progress, title: str) -> tuple[Progress, str | None]:
    """The progress with the kind of this title, and the key of the kind; ``None`` when there are too many kinds."""
    key = (_ADDRESS if _NAMING.search(title) else _DATA).sub("…", title)
    if key in progress.kinds:
        return progress, key
    if len(progress.kinds) >= _MOST_KINDS:
        return progress, None
    return replace(progress, kinds={**progress.kinds, key: FailureKind(title)}), key


def _counted(progress: Progress, key: str | None, name: str) -> Mapping[str, FailureKind]:
    if key is None:
        return progress.kinds
    kind = progress.kinds[key]
    return {**progress.kinds, key: replace(kind, count=kind.count + 1, first=kind.first or name)}


def _rechecking(progress: Progress, event: Event) -> Progress:
    return replace(progress, rechecking=f"{counted(event['tests'], 'test')} {event['how']}")


def _rerun(progress: Progress, event: Event) -> Progress:
    return replace(progress, rechecking=f"{event['done']:,} of {counted(event['tests'], 'test')} {event['how']}")


def _rechecked(progress: Progress, event: Event) -> Progress:
    """Count a test that fails only beside others as it ends without them."""
    outcome: Outcome | None = event.get("outcome")
    if outcome is None:
        return progress
    counts = dict(progress.counts)
    seen: Outcome = event["was"]
    counts[seen] -= 1
    counts[outcome] += 1
    return replace(progress, counts=counts)


def _shared_state(progress: Progress, event: Event) -> Progress:
    return replace(progress, shared_state=event["what"])


def _end(progress: Progress, event: Event) -> Progress:
    return replace(
        progress,
        stage="ended",
        running=(),
        rechecking=None,
        seconds=event["seconds"],
        problem=event["problem"],
        interrupted=event["interrupted"],
    )


_STEPS: dict[str, Callable[[Progress, Event], Progress]] = {
    "header": _header,
    "session": _session,
    "collecting": _collecting,
    "collection_error": _collection_error,
    "ready": _ready,
    "running": _running,
    "slow": _slow,
    "finished": _finished,
    "failure": _failure,
    "rechecking": _rechecking,
    "rerun": _rerun,
    "rechecked": _rechecked,
    "shares": _shared_state,
    "end": _end,
}
