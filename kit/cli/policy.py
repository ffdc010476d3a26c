"""What makes a command fail: everything, or only what is new or stops tests (``--fail-on``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import click

from kit import case as cases
from kit import history
from kit.cli.exit_codes import ExitCode, blocking, code_of_case
from kit.cli.known import accepted
from kit.cli.progress import say
from kit.facts.case import CaseFacts
from kit.facts.wording import counted

Policy = Literal["any", "new", "blocking"]


def fail_on_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--fail-on``."""
    return click.option(
        "--fail-on",
        type=click.Choice(["any", "new", "blocking"]),
        default="any",
        show_default=True,
        help="What makes the exit code 1: any cause or finding, those that the last case did not have, or those that "
        "stop tests.",
    )(function)


def passed_over(
    policy: Policy, investigation: cases.Investigation, facts: CaseFacts, *, is_whole: bool = True
) -> frozenset[str]:
    """The ids of causes and findings that do not decide the exit code: known issues, and what the policy passes over.
    ``is_whole`` says whether the command was to run all tests.
    """
    ids = accepted(investigation.target.root, facts, is_whole=is_whole)
    if policy == "blocking":
        ids |= _not_blocking(facts)
    elif policy == "new":
        known = history.known_before(investigation.store, facts)
        if known is None:
            say("there is no earlier case of this target to compare with, so everything counts as new")
        else:
            ids |= known.ids
            say(_what_is_new(facts, ids, known.case))
    return ids


def _what_is_new(facts: CaseFacts, ids: frozenset[str], earlier: str) -> str:
    """``7 tests failing, none new since shop-20261129``, or the ids of what is new. Accepted causes are not new."""
    failing = counted(facts.suite.accounting.bad if facts.suite else 0, "test")
    files = len(facts.suite.collection_errors) if facts.suite else 0
    also = f", {counted(files, 'file')} not collected" if files else ""
    if code_of_case(facts, ids) is not ExitCode.FOUND:
        return f"{failing} failing{also}, none new since {earlier}"
    findings = [one.id for one in blocking(facts.inventory.findings if facts.inventory else ())]
    named = [cause.id for cause in facts.causes or ()]
    new = dict.fromkeys(one for one in (*named, *findings) if one not in ids)
    return f"{failing} failing{also}; new since {earlier}: {', '.join(new) or 'a test without a cause'}"


def _not_blocking(facts: CaseFacts) -> frozenset[str]:
    findings = facts.inventory.findings if facts.inventory else ()
    causes = (cause.id for cause in facts.causes or () if not cause.tests and not cause.uncollectable)
    return frozenset((*causes, *(one.id for one in findings if one.severity != "blocks_now")))
