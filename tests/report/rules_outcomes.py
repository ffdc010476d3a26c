"""Rules for the words about outcomes, the first screen, causes and groups of failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from kit.report.wording import OUTCOME_LABELS, duration, share
from tests.report.known import Known
from tests.report.words import Rule, rule


def rules(known: Known) -> Iterator[Rule]:
    """The rules of this part."""
    for part in (_outcomes, _first_screen, _kept, _causes, _groups):
        yield from part(known)


def _outcomes(known: Known) -> Iterator[Rule]:
    found, all_tests = known.accounting, known.collected
    if not found:
        return
    words = {name: label.lower() for name, label in OUTCOME_LABELS.items()}
    said = {"error": "ended in an error", "xpassed": "passed against expectation"}
    yield rule(
        r"<n> (passed|failed|ended in an error|timed out|crashed|skipped|failed as expected|passed against expectation)"
        r"(?=[,.:]| and )",
        *((found[name], said.get(name, word)) for name, word in words.items()),
    )
    yield rule(r"<n> tests? (?:was|were) collected", all_tests)
    yield rule(r"collected and (?:all|<n>) executed", all_tests - found["not_run"], None)
    yield rule(r"<n> files? could not be collected", known.uncollectable)
    tiles = {"collected": all_tests, "executed": all_tests - found["not_run"], "passed": found["passed"]}
    tiles |= {"failed": found["failed"], "errors": found["error"]}
    yield rule(
        r"^<n> (collected|executed|passed|failed|errors)(?: <%>)?$",
        *((tests, word, share(tests, all_tests) if word != "collected" else None) for word, tests in tiles.items()),
    )
    yield rule(
        r"^([A-Z][a-z ]+) <n> <%>$",
        *((OUTCOME_LABELS[one], found[one], share(found[one], all_tests)) for one in OUTCOME_LABELS),
        *_after(known),
    )
    yield rule(
        r"<n> ([a-z ]+) \(<%>\)",
        *((found[one], words[one], share(found[one], all_tests)) for one in OUTCOME_LABELS),
    )
    yield rule(r"Of <n> collected tests?:", all_tests)
    yield rule(
        r"Of <n> tests? that are collected with the fixes: <n> passed",
        (known.then.get("after", 0), known.then.get("passed", 0)),
    )
    yield rule(r"<%> of the collected tests pass", share(found["passed"], all_tests))
    yield rule(r"^(\d[\d,]*(?: \| \d[\d,]*){4})$", " | ".join(f"{one:,}" for one in tiles.values()))
    yield rule(
        r"<n> failing tests?(?: and <n> uncollectable files?)?, no cause", (known.failing, known.uncollectable or None)
    )
    if known.causes:
        numbers = [*tiles.values(), known.incident["causes"][0]["tests_blocked"], known.then.get("unlocked")]
        row = " | ".join("not measured" if one is None else f"{one:,}" for one in numbers)
        yield rule(r"^(\d[\d,]*(?: \| \d[\d,]*){5} \| (?:\d[\d,]*|not measured))$", row)
    yield rule(
        r"<n> (not passed|failed or not run|skipped or failed as expected)",
        *((tests, word.lower()) for word, tests, _ in _after(known)),
    )
    yield rule(r"<n> more tests? can be collected only with the fixes", known.then.get("after", 0) - all_tests)
    yield rule(
        r"^<n> collected tests?, <n> failing(?:, <n> files? not collected)?$",
        (all_tests, known.failing, known.uncollectable or None),
    )
    labels = {one: [label] for one, label in OUTCOME_LABELS.items()}
    rows = Counter((one["outcome"], one["phase"]) for one in known.incident["tests"] or ())
    yield rule(
        r"^([A-Z][a-z -]+) \| <n> \| <%>",
        *((label, found[one], share(found[one], all_tests)) for one, names in labels.items() for label in names),
        *((f"{OUTCOME_LABELS[one]} at {phase}", n, share(n, all_tests)) for (one, phase), n in rows.items()),
    )
    yield rule(r"^Collected \| <n> \|(?: <%>)?", (all_tests, share(all_tests, all_tests)), (all_tests, None))
    yield rule(r"The rows add up to <n>, the number of collected tests", all_tests)
    yield rule(r"^<n> collected, <n> passed, <n> failing(?:, <n> files? not collected)?", _before(known))
    yield rule(r"→ <n> collected, <n> passed, <n> failing(?:, <n> files? not collected)?", _before(known))
    yield rule(r"<n> tests to search, <n> mapped class(?:es)?", (all_tests, len(known.mapped)))


def _before(known: Known) -> tuple[int | None, ...]:
    return known.collected, known.accounting["passed"], known.failing, known.uncollectable or None


def _after(known: Known) -> list[tuple[str, int, str]]:
    then = known.then
    if not then:
        return []
    others, whole = then["after"] - then["passed"], then["after"]
    parts = [("Passed", then["passed"])]
    if "failing" in then:
        parts += [("Failed or not run", then["failing"]), ("Skipped or failed as expected", others - then["failing"])]
    else:
        parts += [("Not passed", others)]
    return [(word, tests, share(tests, whole)) for word, tests in parts]


def _first_screen(known: Known) -> Iterator[Rule]:
    causes, then = known.incident["causes"] or [], known.then
    waiting = sum(one["loaded"] is False for one in known.incident["collisions"] or ())
    yield rule(r"<n> collisions? (?:of mapped classes|that no test meets)", waiting)
    if not causes or not known.accounting:
        return
    first, named = causes[0], [one for one in causes if one["state"] != "unknown"]
    hidden = sum(one["hidden_behind"] == first["id"] for one in causes)
    blocked = first["tests_blocked"]
    yield rule(r"<n> of <n> tests fail because of it", (blocked, known.collected))
    yield rule(r"<n> files? cannot be collected because of it", len(first["uncollectable"]))
    yield rule(r"hides <n> (?:more|further) causes?", hidden)
    yield rule(r"<n> causes? (?:is|are) named", len(named))
    yield rule(r"<n> more groups? of failures", len(causes) - len(named))
    yield rule(r"^<n> blocked by the first cause <%>$", (blocked, share(blocked, known.collected)))
    yield rule(r"named <d> after the start", duration(known.case["named_after"].get(first["id"])))
    if not then:
        return
    fixes = len(known.kept)
    now, after = share(known.accounting["passed"], known.collected), share(then["passed"], then["after"])
    yield rule(r"<%> of the tests pass now, <%> with <n> fix(?:es)?", (now, after, fixes))
    yield rule(r"<%> of the tests pass, with <n> fix(?:es)? as without", (now, fixes))


def _kept(known: Known) -> Iterator[Rule]:
    then = known.then
    if not then:
        return
    fixes, size = len(known.kept), (len(known.paths), known.lines)
    yield rule(r"Apply (?:the )?<n> (?:measured )?fix(?:es)?", fixes)
    yield rule(r"for this cause and <n> others?", len({one["cause"] for one in known.kept}) - 1)
    yield rule(r"(?:\(|^|→ )<n> files?, <n> lines?(?:\)|$)", size)
    yield rule(r"<n> failing tests? pass(?:es)? then", then["unlocked"])
    yield rule(r", <n> still fails?\b", then.get("failing", 0))
    yield rule(r", <n> breaks?\b", then["broken"])
    yield rule(r"<n> more can be collected", then["new"])
    yield rule(r"<n> show another cause", then["unmasked"])
    yield rule(r"<n> tests? still fails?: (.+?)(?: ◆)?$", *(known.left() or [(0, "")]))
    yield rule(
        r"<n> of the <n> tests that still fail: (.+?)(?: ◆)?$",
        *((tests, then.get("failing", 0), title) for tests, title in known.left()),
    )
    yield rule(r"unlocked by <n> fix(?:es)?", fixes)
    yield rule(r"^<n> unlocked by", then["unlocked"])
    yield rule(r"and <n> newly collected$", then["new"])
    yield rule(r"<n> unlocked, <n> broken", (then["unlocked"], then["broken"]))


def _causes(known: Known) -> Iterator[Rule]:
    causes, all_tests = known.incident["causes"] or [], known.collected
    yield rule(r"^(?:Then: )?(?:<n> tests?(?: and <n> files?)?|<n> files?): ", *_sizes(causes))
    waiting = {one["waiting"] for one in causes if one["waiting"] is not None}
    yield rule(r"<n> (?:more )?tests? stops? at the cause in front", *waiting)
    yield rule(r"<n> tests? shows? it in this run", *(one["tests_blocked"] for one in causes))
    yield rule(
        r"<n> of <n> collected tests? blocked", *((one["tests_blocked"], all_tests) for one in causes if not None)
    )
    yield rule(r"<n> files? cannot be collected(?! because)", *(len(one["uncollectable"]) for one in causes))
    shown = [(one["tests_blocked"], one["tests_first_hand"]) for one in causes]
    shown += [(one["count"], one["first_hand"]) for one in known.groups]
    yield rule(r"<n>(?: tests?)?: (?:all show|it shows) the error itself", *(n for n, direct in shown if n == direct))
    yield rule(
        r"<n>(?: tests?)?: <n> shows? the error itself, <n> shows? what follows",
        *((n, direct, n - direct) for n, direct in shown),
    )
    yield rule(r"\(<n> tests?(?: and <n> files?)?\)|\(<n> files?\)", *_sizes(causes))
    yield rule(r" <n> tests?(?: and <n> files?)?(?: ◆)?$| <n> files?(?: ◆)?$", *_sizes(causes), *_of_groups(known))
    named = known.incident["foreseen"] or ()
    yield rule(r"<n> test files?(?: alone)?(?:$|:| \()", *(len(one["test_files"]) for one in named))
    yield rule(r"is defined <n> times", *(len(one["defined_at"]) for one in named))
    findings = known.incident["findings"] or ()
    yield rule(r"<n> findings? in <n> source files?", (len(findings), known.files))


def _sizes(causes: list[dict[str, Any]]) -> list[tuple[int | None, ...]]:
    sizes = [(one["tests_blocked"], len(one["uncollectable"])) for one in causes]
    return [(tests if tests or not files else None, files or None, None) for tests, files in sizes] + [
        (None, None, files) for tests, files in sizes if files and not tests
    ]


def _of_groups(known: Known) -> list[tuple[int | None, ...]]:
    sizes = [(one["count"], len(one.get("files") or ())) for one in known.groups]
    by_category = Counter[str]()
    files = Counter[str]()
    for one in known.groups:
        by_category[one["category"]] += one["count"]
        files[one["category"]] += len(one.get("files") or ())
    sizes += [(by_category[one], files[one]) for one in by_category]
    return _sizes([{"tests_blocked": tests, "uncollectable": range(more)} for tests, more in sizes])


def _groups(known: Known) -> Iterator[Rule]:
    groups = known.groups
    if not groups:
        return
    tests = Counter[str]()
    files = Counter[str]()
    for one in groups:
        tests[one["category"]] += one["count"]
        files[one["category"]] += len(one.get("files") or ())
    titles = {one["name"]: one["title"] for one in known.incident["categories"] or ()}
    all_tests, all_files = sum(tests.values()), sum(files.values())
    every = {name: tests[name] + files[name] for name in tests}
    yield rule(r"<n> categor(?:y|ies): <n> tests?(?:, <n> files?)?", (len(tests), all_tests, all_files or None))
    yield rule(r"<n> tests?(?: and <n> files?)? are each in exactly one", (all_tests, all_files or None))
    yield rule(
        r"The largest of <n> categories, .+, has <%>", (len(tests), share(max(every.values()), all_tests + all_files))
    )
    for name, title in titles.items():
        yield rule(rf"(?:^|, ){_escaped(title)}: <n>", every[name])
        yield rule(
            rf"^{_escaped(title)} \| <n>(?: \| <n>)? \| <%>(?: \| <n>)?",
            *(
                (tests[name], more, share(every[name], all_tests + all_files), number)
                for more in (files[name], None)
                for number in (sum(one["category"] == name for one in groups), None)
            ),
        )
    left = [one for one in groups if one["id"] not in {group for cause in known.causes for group in cause["groups"]}]
    yield rule(r"<n> tests?(?: and <n> files?)? in <n> groups? ha(?:s|ve) no named cause", *_left(left))
    yield rule(r"^(0|10+|1,000|10,000|100,000)$", "0", "10", "100", "1,000", "10,000", "100,000")
    counts = {one["count"] + len(one.get("files") or ()) for one in groups} | set(every.values())
    yield rule(r"^<n>$", *counts, *(size for one in known.incident["reached"] or () for size in _sizes_of(one)))
    yield rule(
        r"^<n> (?=[\w.]+(?:Error|Exception|Disabled|Warning)?\b.*:|crashed|timed)",
        *(one["count"] + len(one.get("files") or ()) for one in groups),
    )
    yield rule(
        r"<n> distinct tracebacks were recorded for this group; <n> are shown",
        *((len(one["failure_ids"]), shown) for one in groups for shown in range(1, 6)),
    )


def _left(groups: list[dict[str, Any]]) -> list[tuple[int | None, ...]]:
    files = sum(len(one.get("files") or ()) for one in groups)
    return [(sum(one["count"] for one in groups), files or None, len(groups))]


def _sizes_of(reached: dict[str, Any]) -> tuple[int, ...]:
    return len(reached["direct"]), len(reached["indirect"]), len(reached["test_files"])


def _escaped(title: str) -> str:
    return "".join(f"\\{one}" if one in "()[]{}.*+?|" else one for one in title)
