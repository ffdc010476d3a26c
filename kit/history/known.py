"""Known issues: causes and findings that a project has accepted, each with a reason, an owner and a last day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from kit.facts.case import CaseFacts
from kit.facts.causes import Cause
from kit.facts.errors import UsageError
from kit.facts.inventory import Finding
from kit.facts.kinds import CauseKind, FindingKind
from kit.facts.spelling import did_you_mean
from kit.facts.suite import SuiteFacts
from kit.history.identity import fingerprints

_FIELDS = ("id", "reason", "owner", "expires", "fingerprint")
#: causes that no finding shows
_OF_FAILURES: CauseKind = "failure-group"

#: kinds whose ids are those of findings alone: causes have other ids under the same kinds
_OF_FINDINGS = frozenset(get_args(FindingKind)) - frozenset(get_args(CauseKind))
#: of these, those that only the running target shows
_OF_RUNNING: frozenset[FindingKind] = frozenset(
    {
        "column-without-type",
        "duplicate-constraint",
        "flush-cycle",
        "mapper-configuration",
        "mapper-warning",
        "stale-class",
        "table-cycle",
        "unnamed-constraint",
    }
)
#: how the anchors of findings in the report begin, and how their ids do
_ANCHORS = {"#finding-": "", "#collision-": "duplicate-class:"}


@dataclass(frozen=True)
class KnownIssue:
    """An accepted cause or finding. It counts again after the day ``expires``. ``fingerprint`` is that of
    :func:`~kit.history.identity.fingerprints`, which stays when lines move.
    """

    id: str
    reason: str
    owner: str = ""
    expires: date | None = None
    fingerprint: str = ""

    @property
    def sentence(self) -> str:
        """``"duplicate-index:ix (waits for release 4, @data, until 2026-12-31)"``."""
        until = f"until {self.expires}" if self.expires else ""
        return f"{self.id} ({', '.join(filter(None, (self.reason, self.owner, until)))})"


@dataclass(frozen=True)
class Judgement:
    """What known issues mean for a case. ``accepted`` are the ids of its causes and findings that do not count;
    ``removable`` are the issues that were looked for and are gone.
    """

    accepted: frozenset[str] = frozenset()
    known: tuple[KnownIssue, ...] = ()
    expired: tuple[KnownIssue, ...] = ()
    removable: tuple[KnownIssue, ...] = ()


def read_known(table: Mapping[str, Any], file: str) -> tuple[KnownIssue, ...]:
    """The issues in the list ``known`` of a configuration. Raises :class:`UsageError` for one that is not right."""
    entries = table.get("known", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{file}: known is not a list of tables; write [[known]] above each issue.")
    return tuple(_issue(entry, f"{file}: known issue {number}") for number, entry in enumerate(entries, 1))


def _issue(entry: Mapping[str, Any], where: str) -> KnownIssue:
    for name, value in entry.items():
        if name not in _FIELDS:
            raise UsageError(f'{where} has no field "{name}"{did_you_mean(name, _FIELDS)}')
        if name != "expires" and not isinstance(value, str):
            raise UsageError(f"{where}: {name} is not a text.")
    for name in ("id", "reason"):
        if not entry.get(name):
            raise UsageError(f"{where} has no {name}; each one needs an id and a reason.")
    return KnownIssue(**{**entry, "expires": _day(entry.get("expires"), where)})


def _day(value: object, where: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UsageError(f'{where}: expires is "{value}"; write a day such as 2026-12-31.') from None


def judge(issues: Sequence[KnownIssue], facts: CaseFacts, today: date, *, is_whole: bool = True) -> Judgement:
    """Which issues a case shows, which of them have expired, and which are gone. ``is_whole`` says whether the run was
    to take all tests of the target: a part of them does not show that a cause is gone.
    """
    causes = facts.causes or ()
    findings = facts.inventory.findings if facts.inventory else ()
    marks = fingerprints(causes)
    accepted: set[str] = set()
    known, expired, gone = [], [], []
    for issue in issues:
        met = [cause for cause in causes if cause.id == issue.id or marks[cause.id] == issue.fingerprint]
        met_findings = [finding for finding in findings if finding.id == issue.id]
        if not met and not met_findings:
            gone += [issue] if _was_looked_for(issue, facts, is_whole) else []
        elif _is_over(issue, today):
            expired.append(issue)
        else:
            known.append(issue)
            accepted |= {issue.id, *(cause.id for cause in met), *findings_of(met)}
    left = tuple(one for one in expired if one.id not in accepted)  # the others were renewed
    return Judgement(frozenset(accepted), tuple(known), left, tuple(gone))


def _is_over(issue: KnownIssue, today: date) -> bool:
    return issue.expires is not None and issue.expires < today


def findings_of(causes: Iterable[Cause]) -> Iterator[str]:
    """The ids of the findings that the evidence of these causes names."""
    for anchor in (item.anchor or "" for cause in causes for item in cause.evidence):
        for beginning, kind in _ANCHORS.items():
            if anchor.startswith(beginning):
                yield kind + anchor.removeprefix(beginning)


def _was_looked_for(issue: KnownIssue, facts: CaseFacts, is_whole: bool) -> bool:
    """Whether a case that does not show an issue would have shown it.

    A finding: the source was read, and the target ran where only that shows it. A cause: every test of the
    target ran and none failed, since one that fails may stop before the cause; and the source was read, unless failing
    tests alone make such a cause.
    """
    inventory, suite = facts.inventory, facts.suite
    kind = issue.id.partition(":")[0]
    ran = is_whole and facts.causes is not None and suite is not None and _all_fine(suite)
    if kind == _OF_FAILURES:
        return ran
    if inventory is None or inventory.losses:
        return False
    if kind in _OF_FINDINGS and not issue.fingerprint:
        return kind not in _OF_RUNNING or (suite is not None and not inventory.problems)
    return ran


def _all_fine(suite: SuiteFacts) -> bool:
    counts = suite.accounting
    stopped = suite.problem or suite.collection_errors or suite.start_refusal or suite.failed_end
    return not (stopped or counts.not_run or counts.bad) and counts.executed > 0


def to_accept(facts: CaseFacts, issues: Sequence[KnownIssue], today: date) -> tuple[tuple[str, str, str], ...]:
    """What a case has and no issue covers (any more): id, fingerprint (of causes) and title of each cause, and of each
    blocking finding that no cause rests on.
    """
    valid = [issue for issue in issues if not _is_over(issue, today)]
    listed = {issue.id for issue in valid} | {issue.fingerprint for issue in valid if issue.fingerprint}
    causes = facts.causes or ()
    marks = fingerprints(causes)
    blocking = [one for one in (facts.inventory.findings if facts.inventory else ()) if one.severity != "smell"]
    covered = {*findings_of(causes), *(cause.id for cause in causes)}
    found = [(one.id, marks[one.id], one.title) for one in causes if not listed & {one.id, marks[one.id]}]
    return (*found, *(_entry(one) for one in blocking if one.id not in covered | listed))


def _entry(finding: Finding) -> tuple[str, str, str]:
    return finding.id, "", finding.title


def as_toml(entries: Iterable[tuple[str, str, str]], table_name: str, *, reason: str, owner: str, expires: date) -> str:
    """The entries of :func:`to_accept` as tables of TOML, each with its title in a comment."""
    return "".join(
        f"\n# {' '.join(title.split())}\n[[{table_name}known]]\nid = {_quoted(id_)}\n"
        + (f"fingerprint = {_quoted(mark)}\n" if mark else "")
        + f"reason = {_quoted(reason)}\n"
        + (f"owner = {_quoted(owner)}\n" if owner else "")
        + f"expires = {expires.isoformat()}\n"
        for id_, mark, title in entries
    )


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in escaped) + '"'
