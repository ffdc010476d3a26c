"""Rules for the words about fixes, the pass rate after each, and what they change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kit.report.wording import one_line, share
from tests.report.known import Known
from tests.report.words import Rule, rule

_MINUS = "\N{MINUS SIGN}"


def rules(known: Known) -> Iterator[Rule]:
    """The rules of this part."""
    for part in (_fixes, _ladder, _impact):
        yield from part(known)


def _fixes(known: Known) -> Iterator[Rule]:
    options = known.incident["options"] or []
    tried = [(one, one["trial"]) for one in options if one["trial"] and one["trial"]["problem"] is None]
    yield rule(
        r"By canary: <n> of <n> tests? were run, one for each kind of failure in a file",
        *((trial["tests_run"], trial["tests_of"]) for _, trial in tried),
    )
    yield rule(
        r"(.+?): it unlocks <n> tests?(?:, unmasks <n>)?(?:, brings <n> to collection)?"
        r"(?:, lets files that cannot be collected show another cause)?, breaks <n>, "
        r"loses (?:nothing|<n> things?), and changes <n> lines? in <n> files?",
        *(
            (
                title,
                trial["unlocked"],
                sum(trial["unmasked"].values()) or None,
                sum(trial["newly_collected"].values()) or None,
                len(trial["broken"]),
                len(one["losses"]) or None,
                one["lines_added"] + one["lines_removed"],
                len(one["files_changed"]),
            )
            for one, trial in tried
            for title in (one["title"], f"{known.titles.get(one['cause'], one['cause'])}: {one['title']}")
        ),
    )
    measured = [
        (
            trial["unlocked"],
            sum(trial["unmasked"].values()),
            len(trial["broken"]),
            one["lines_added"],
            one["lines_removed"],
        )
        for one, trial in tried
    ]
    yield rule(rf"\| <n> \| <n> \| <n> \| \+<n> {_MINUS}<n>", *measured)
    yield rule(rf"\| [^|]+ \| \+<n> {_MINUS}<n>", *((one["lines_added"], one["lines_removed"]) for one in options))
    yield rule(
        r"^<n> unlocked, <n> unmasked, <n> broken$|\| <n> unlocked, <n> unmasked, <n> broken$", *_either(measured)
    )
    chosen = {one["id"] for one in known.kept}
    alternatives = sum(one["id"] not in chosen for one in options)
    yield rule(
        r"^(?:<n> alternatives?(?:, |$))?(?:<n> fix(?:es)? checked for production)?$",
        (alternatives or None, len(known.kept) or None),
    )
    if not known.kept:
        return
    fixes = len(known.kept)
    files = len({path for one in known.kept for path, _ in _lines(one["patch"])})
    yield rule(r"^<n> fix(?:es)? in <n> files?$", (fixes, files))
    yield rule(r"<n> fix(?:es)? changes? <n> files?", (fixes, files))
    yield rule(r"writes <n> fix(?:es)?", fixes)
    changed = [_lines(one["patch"]) for one in known.kept]
    by_path = Counter[tuple[str, str]]()
    for found in changed:
        by_path.update(found)
    yield rule(
        rf"^◆(?: \|.*)? \+<n> {_MINUS}<n>",
        *((by_path[path, "+"], by_path[path, "-"]) for path in known.paths),
    )
    yield rule(r"^◆ \| <n> \| <n>", *((by_path[path, "+"], by_path[path, "-"]) for path in known.paths))


def _either(measured: list[tuple[int, ...]]) -> Iterator[tuple[int | None, ...]]:
    for unlocked, unmasked, broken, *_ in measured:
        yield unlocked, unmasked, broken, None, None, None
        yield None, None, None, unlocked, unmasked, broken


def _lines(patch: str) -> Counter[tuple[str, str]]:
    """Lines that come and go, by file."""
    found: Counter[tuple[str, str]] = Counter()
    path = ""
    for line in patch.splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ b/")
        elif line[:1] in "+-" and line[:4] not in ("--- ", "+++ ") and line:
            found[path, line[0]] += 1
    return found


def _ladder(known: Known) -> Iterator[Rule]:
    steps, then = known.incident["peeling"] or [], known.then
    if not steps or not known.accounting:
        return
    rates = [(known.accounting["passed"], known.collected), *((one["passed"], one["collected"]) for one in steps)]
    if known.whole:
        rates[-1] = (then["passed"], then["after"])
    for at, (passed, collected) in enumerate(rates):
        name = "no fix" if not at else "fix 1" if at == 1 else f"fixes 1 to {at}"
        yield rule(rf"\b{name}: <%>", share(passed, collected))
    yield rule(r"^<%>$", *(share(*one) for one in rates))
    yield rule(r"^(\d+) %$", "0", "50", "100")
    rows = [
        (one["unlocked"], sum(one["unmasked"].values()), one["broken"], one["collected"], one["passed"])
        for one in steps
    ]
    if known.whole:
        rows.append((then["unlocked"], then["unmasked"], then["broken"], then["after"], then["passed"]))
    yield rule(r"\| <n> \| <n> \| <n> \| <n> \| <n> \| <%>", *((*row, share(row[4], row[3])) for row in rows))
    yield rule(r"\| – \| – \| – \| <n> \| <n> \| <%>", (known.collected, rates[0][0], share(*rates[0])))  # noqa: RUF001
    unmasked = [(n, known.titles.get(cause, "no named cause")) for one in steps for cause, n in one["unmasked"].items()]
    yield rule(r"<n> tests? then shows?:", *(n for n, _ in unmasked))
    yield rule(r"(?:^|fixes: )<n> tests?: (.+)$", *((n, title) for n, title in known.left()), *_evidence(known))
    yield rule(r"(?:^|→ )<n> collected, <n> passed, <n> broken", (then["after"], then["passed"], then["broken"]))
    if known.whole:
        yield rule(r"The last row ran <n> tests?", known.whole["tests_run"])
        yield rule(r"<n> tests? failed once and not again", len(known.whole["flaky"]))
        yield rule(
            r"<n> unlocked \+ <n> kept \+ <n> unmasked \+ <n> still failing \+ <n> broken \+ <n> gone = <n> collected "
            r"before\. <n> of them are collected after as well; with <n> newly collected these are <n>",
            (
                *(then[one] for one in ("unlocked", "kept", "unmasked", "still", "broken", "gone", "before")),
                then["before"] - then["gone"],
                then["new"],
                then["after"],
            ),
        )


def _evidence(known: Known) -> Iterator[tuple[str, str]]:
    """Evidence that begins with a number of tests, as the store has it."""
    for cause in known.causes:
        for one in cause["evidence"]:
            count, _, text = one["text"].partition(" test")
            if text.startswith((": ", "s: ")):
                yield count, one_line(text.partition(": ")[2])


def _impact(known: Known) -> Iterator[Rule]:
    if not known.kept or not known.accounting:
        return
    then, whole = known.then, known.whole
    yield rule(r"With the fixes <n> tests? that failed", then["unlocked"])
    unlocked = set(whole["comparison"]["unlocked"]) if whole else set()
    tests = Counter(one["nodeid"].partition("::")[0] for one in known.incident["tests"] or ())
    by_file = Counter(one.partition("::")[0] for one in unlocked)
    wholly = sum(tests[path] == n for path, n in by_file.items())
    yield rule(r"<n> test files? with tests that the fixes unlock", len(by_file))
    yield rule(
        r"With the fixes <n> tests? that failed pass(?:es)?, in <n> test files?; of <n> files? no test passed",
        (then["unlocked"], len(by_file), wholly),
    )
    yield rule(r"^◆ \| <n>(?: of <n>| \| <n>)?$", *_cells(by_file, tests))
    production = {path for one in known.kept for path in one["files_changed"] if "/tests/" not in f"/{path}"}
    tried = [one for one in known.incident["options"] if one["trial"]]
    values = {
        "Files modified": len(known.paths),
        "of them production code": len(production),
        "Lines that come or go": known.lines,
        "Tests unlocked": then["unlocked"],
        "Tests broken": then["broken"],
        "Tests that can be collected only with the fixes": then["new"],
        "Pass rate before": share(known.accounting["passed"], known.collected),
        "Pass rate after": share(then["passed"], then["after"]),
        "Options tried": f"{len(tried)} of {len(known.incident['options'])}",
    }
    yield rule(
        rf"^({'|'.join(values)}) \| (.+)$",
        *((name, f"{one:,}" if isinstance(one, int) else one) for name, one in values.items()),
    )


def _cells(by_file: Counter[str], tests: Counter[str]) -> Iterator[tuple[int | None, ...]]:
    for path, n in by_file.items():
        yield n, tests[path], None
        yield n, None, tests[path]
        yield n, None, None
