"""What commands that work on a case print on the way: the head of the case, progress, the command that resumes it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kit import case
from kit.cli.exit_codes import InterruptedCaseError
from kit.cli.options import typed_names
from kit.facts.errors import KitError, StoreError
from kit.facts.target import Target
from kit.platform import interrupts


class CaseWork:
    """The work of a command on one case, which is known as soon as it exists."""

    def __init__(self) -> None:
        """No case is known yet."""
        self.begun: case.OpenCase | None = None

    def open(self, options: case.CaseOptions, resume: str = "", *, needs_source: bool = True) -> case.Investigation:
        """The case with the name ``resume``, with the options on the command line; a new case when that is empty."""
        if resume:
            return case.Investigation.resume(resume, options, typed_names(), begun=self._begin)
        return case.Investigation.start(options, needs_source=needs_source, begun=self._begin)

    def _begin(self, opened: case.OpenCase) -> None:
        self.begun = opened


def show_head(investigation: case.Investigation) -> None:
    """Print which case of which target this is, and the warnings about the target."""
    target: Target = investigation.target
    python = target.interpreter.version if target.interpreter else "no interpreter"
    packages = " · ".join(f"{name} {version}" for name in ("pytest", "sqlalchemy") if (version := target.package(name)))
    say(f"case {investigation.case.id} · {target.name} · Python {python}" + (f" · {packages}" if packages else ""))
    for warning in target.warnings:
        say(f"warning: {warning}")


def say(line: str) -> None:
    """Print a line of progress."""
    click.echo(f"kit: {line}", err=True)


@contextmanager
def resumable(name: str, given: dict[str, Any]) -> Iterator[CaseWork]:
    """Work on a case; an interruption or a lost store is reported with the command line that resumes it."""
    work = CaseWork()
    try:
        yield work
    except KeyboardInterrupt:
        if work.begun is None:
            raise
        raise InterruptedCaseError(resume_command(name, work.begun, given)) from None
    except StoreError as error:
        if work.begun is None:
            raise
        if interrupts.has_come():  # it stopped a transaction, and the store is still locked
            raise InterruptedCaseError(resume_command(name, work.begun, given)) from None
        again = resume_command(name, work.begun, given)
        raise KitError(f"{str(error).rstrip('.')}. Continue with: {again}") from error


def resume_command(name: str, opened: case.OpenCase, given: dict[str, Any]) -> str:
    """The command line that resumes a case, typed in the same folder."""
    return shlex.join(["kit", name, "--resume", opened.case.id, *reports_words(opened.reports, given)])


def reports_words(reports: Path, given: dict[str, Any]) -> list[str]:
    """The options that name the reports folder and the store, for a command that is typed in the same folder."""
    words: list[str] = case.reports_words(reports, given["reports_dir"], given["store_url"])
    return words


def share_at_end(folder: Path) -> None:
    """Let everybody on this machine read a case when the command ends, however it does."""
    from kit.target import open_to_all

    click.get_current_context().call_on_close(lambda: open_to_all(folder))
