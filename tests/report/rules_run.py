"""Rules for the words about the run: warnings, coverage, times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kit.report.wording import duration
from tests.report.known import Known
from tests.report.words import Rule, rule

_TIMES = "\N{MULTIPLICATION SIGN}"


def rules(known: Known) -> Iterator[Rule]:
    """The rules of this part."""
    for part in (_run, _changes, _times):
        yield from part(known)


def _run(known: Known) -> Iterator[Rule]:
    ran = known.incident["run"] or {}
    for one in ran.get("warnings") or ():
        yield rule(r"\| <n> \| (?:◆|at collection)$", one["count"])
    yield rule(r"<n> distinct warnings?", len(ran.get("warnings") or ()))
    coverage = ran.get("coverage")
    if coverage:
        yield rule(r"(\d+\.\d) % as the target's own", f"{coverage['percent']:.1f}")
        yield rule(r"<n> of <n> statements ran", (coverage["covered"], coverage["statements"]))
        yield rule(
            r"^◆ \| <n> \| <n> \| <%>$",
            *((one["statements"], one["covered"], f"{one['percent']:.1f} %") for one in coverage["modules"]),
        )
    alone = Counter(one["alone"] for one in known.incident["tests"] or ())
    yield rule(r"\| <n> \| ◆", *alone.values())
    yield rule(rf"(?:^|[|;] )([^|;]+?) {_TIMES} <n>", *((reason, count) for reason, count in known.reasons))
    yield rule(r"\| (timed out after .*|exited .*)$", *(reason for reason, _ in known.reasons))
    asked = known.incident["case"]["parameters"].values()
    yield rule(r"^(\d\S*)$", *(str(one) for one in asked))


def _changes(known: Known) -> Iterator[Rule]:
    found = known.incident["comparison"]
    if not found:
        return
    dash = "\N{EN DASH}"
    yield rule(
        r"\| (\d[\d,]*|\N{EN DASH}) \| (\d[\d,]*|\N{EN DASH})$",
        *(tuple(dash if one[at] is None else one[at] for at in ("before", "after")) for one in found["causes"]),
    )
    yield rule(r"<n> tests? of the earlier case", len(found["gone"]))
    yield rule(
        r"([A-Z][^:,]+) <n> → <n>", *((one["title"], one["before"], one["after"]) for one in found["categories"])
    )
    yield rule(r"<d> → <d>", *((duration(one["before"]), duration(one["after"])) for one in found["slower"]))


def _times(known: Known) -> Iterator[Rule]:
    run, ran = known.incident["timeline"], known.incident["run"] or {}
    if ran.get("seconds") is not None:
        yield rule(r"executed in <d>", duration(ran["seconds"]))
    stages = known.incident["case"]["stages"]
    yield rule(
        r"^(?:Time of the stage )?([\w ]+) \| (?:[^|]+ \| )?<d>",
        *(
            (name, duration(one["seconds"]))
            for one in stages
            for name in (one["name"].replace("_", " "), one["name"].replace("_", " ").capitalize())
        ),
    )
    named = known.case["named_after"]
    first = (known.incident["causes"] or [{"id": ""}])[0]["id"]
    yield rule(r"^<d>$", *(duration(one) for one in (named.get(first), known.case["first_cause_after"])), *_ticks(run))
    yield from _slow(known)
    if not run:
        return
    failures, causes = run["first_failures"], run["causes_named"]
    begun = _between(known.case["started"], run["started"])
    heard = [max(one["at"], 0.0) for one in causes]
    heard += [max(after - begun, 0.0) for after in named.values()]
    yield rule(
        r"(?:All|The) <n> kinds? of failures had been seen after <d> of <d>",
        (len(failures), duration(failures[-1]["at"]) if failures else "", duration(run["seconds"])),
    )
    yield rule(r"the first cause was named after <d>", *(duration(min(heard, default=0)),))
    yield rule(
        r"<n> tests? ended in <d>",
        (sum(one["ended"] is not None for one in known.incident["tests"]), duration(run["seconds"])),
    )
    yield rule(r"named after <d>", *map(duration, heard))
    yield rule(r"a worker went down: [^;]* at <d>", *(duration(one["at"]) for one in run["moments"]))
    yield rule(r"first seen after <d>", *(duration(one["at"]) for one in failures))
    yield rule(
        r"^<d> \| (New failure|Cause named(?: before the run)?|Worker went down|Failures run once more|Resumed) \|",
        *((duration(one["at"]), "New failure") for one in failures),
        *((duration(one), name) for one in heard for name in ("Cause named", "Cause named before the run")),
        *((duration(one["at"]), name) for one in run["moments"] for name in _MOMENTS[one["kind"]]),
    )
    yield rule(r"[Ww]orker <n>\b", *{one["worker"] for one in known.incident["tests"] if one["worker"]}, *range(1, 3))


_MOMENTS = {"lost": ["Worker went down"], "resumed": ["Resumed"], "rechecking": ["Failures run once more"]}


def _ticks(run: dict[str, Any] | None) -> list[str]:
    """The marks of the axis of time: quarters of the run."""
    return [duration(run["seconds"] * part / 4) for part in range(5)] if run else []


def _between(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()


def _slow(known: Known) -> Iterator[Rule]:
    timed = [one for one in known.incident["tests"] or () if one["seconds"]]
    total = sum(one["seconds"] for one in timed) or 1
    by_file: dict[str, list[float]] = {}
    for one in timed:
        by_file.setdefault(one["nodeid"].partition("::")[0], []).append(one["seconds"])
    taken, half = 0.0, 0
    for seconds in sorted((sum(one) for one in by_file.values()), reverse=True):
        half += taken < total / 2
        taken += seconds
    yield rule(r"<n> files? of <n> takes? half of the time", (half, len(by_file)))
    yield rule(
        r"^◆ \| <n> \| <d> \| (\d+ %)$",
        *((len(one), duration(sum(one)), f"{100 * sum(one) / total:.0f} %") for one in by_file.values()),
    )
    yield rule(
        r"^◆ \| ([a-z ]+) \| <d>$", *((one["outcome"].replace("_", " "), duration(one["seconds"])) for one in timed)
    )
