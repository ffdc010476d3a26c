"""A linter for the words of a report: placeholders, singulars, sums, and claims that are stronger than their state."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PLACEHOLDERS = re.compile(
    r"\{\{|\}\}|\{%|(?<![=.\w])None\b(?! (?:is|named))|\bundefined\b|\bnan\b|\bTODO\b|\bFIXME\b|\bXXX\b|\bLorem\b"
    r"|<\w+ object at|\bMarkup\(|Location\(|(?<= )\(\s*\)(?=[ .,])|\bdefaultdict\b"
)
#: the number by itself; "fix 1" is the name of a fix
_ONE = r"(?<![\d,.:/])(?<!fix )\b1 "
_NOUNS = "tests|files|causes|fixes|lines|places|findings|modules|rows|options|groups|frames|workers|moments|collisions"
_PLURALS = re.compile(rf"{_ONE}(?:\w+ )?(?:{_NOUNS})\b(?! of)")
_VERBS = re.compile(rf"{_ONE}(?:test|file|cause|fix|place|collision)s? (?:are|were|have|pass|show|wait|take|stop)\b")
_CLAIMS = re.compile(
    r"\b(?:completely|fully|entirely) (?:resolved|fixed|safe)|\bzero risk|\bno risk\b|\bguarantee[ds]?\b|\bproves?\b"
    r"|\bcertainly\b|\bundoubtedly\b|\b100 % safe|\bwill definitely\b|\balways works\b",
    re.IGNORECASE,
)
_CELLS = re.compile(
    r"([\d,]+) unlocked \+ ([\d,]+) kept \+ ([\d,]+) unmasked \+ ([\d,]+) still failing \+ ([\d,]+) broken"
    r" \+ ([\d,]+) gone = ([\d,]+) collected before\. ([\d,]+) of them are collected after as well;"
    r" with ([\d,]+) newly collected these are ([\d,]+)"
)
_ROW = re.compile(r"^\| (?!\*)([^|]+) \| ([\d,]+) \| [^|]+ \|$", re.MULTILINE)
_COLLECTED = re.compile(r"^\| \*\*Collected\*\* \| \*\*([\d,]+)\*\*", re.MULTILINE)


def findings(text: str) -> Iterator[str]:
    """What is wrong with the words of a report, a line each; ``text`` is what a reader sees."""
    for name, pattern in (
        ("placeholder", _PLACEHOLDERS),
        ("singular", _PLURALS),
        ("singular", _VERBS),
        ("claim", _CLAIMS),
    ):
        for found in pattern.finditer(text):
            yield f"{name}: …{text[max(0, found.start() - 40) : found.end() + 40]}…"
    for found in _CELLS.finditer(text):
        *cells, before, both, newly, after = (_number(one) for one in found.groups())
        if sum(cells) != before or sum(cells[:5]) != both or both + newly != after:
            yield f"sum: {found[0]}"


def findings_of_markdown(text: str) -> Iterator[str]:
    """The same for Markdown, whose table of outcomes has to add up; code is not looked at."""
    words = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from findings(re.sub(r"(`+)[^`]+\1", "code", words))
    accounting = words.partition("\n## Accounting\n")[2].partition("\n## ")[0]
    if collected := _COLLECTED.search(accounting):
        rows = sum(_number(tests) for _, tests in _ROW.findall(accounting))
        if rows != _number(collected[1]):
            yield f"sum: the outcomes add up to {rows:,}, and {collected[1]} tests were collected"


def confirmed_without_a_trial(text: str, confirmed: set[str]) -> Iterator[str]:
    """Causes that Markdown calls confirmed and that are not among those that a trial confirmed, by their titles."""
    for title, state in re.findall(r"^### \d+\. (.+)\n\n.* · (\w+)$", text, flags=re.MULTILINE):
        if state == "confirmed" and title.replace("\\", "") not in confirmed:
            yield f"claim: {title} is called confirmed"


def _number(text: str) -> int:
    return int(text.replace(",", ""))
