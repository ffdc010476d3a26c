"""What makes a command fail: everything, or only what is new or stops tests (``--fail-on``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import click

from kit import case as cases
from kit import history
from kit.cli.exit_codes import ExitCode, code_of_case
from kit.cli.known import accepted
from kit.cli.progress import say
from kit.facts.case import CaseFacts

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


def code_by_policy(policy: Policy, investigation: cases.Investigation, facts: CaseFacts) -> ExitCode:
    """The exit code of a case; known issues and what the policy passes over do not count."""
    ids = accepted(investigation.target.root, facts)
    if policy == "blocking":
        ids |= _not_blocking(facts)
    elif policy == "new":
        known = history.known_before(investigation.store, facts)
        if known is None:
            say("there is no earlier case of this target to compare with, so everything counts as new")
        ids |= known or frozenset()
    return code_of_case(facts, ids)


def _not_blocking(facts: CaseFacts) -> frozenset[str]:
    findings = facts.inventory.findings if facts.inventory else ()
    causes = (cause.id for cause in facts.causes or () if not cause.tests and not cause.uncollectable)
    return frozenset((*causes, *(one.id for one in findings if one.severity != "blocks_now")))
