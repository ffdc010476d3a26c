"""kit's commands as tools of an assistant. Each starts kit in a process of its own, with words that are fixed here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.cli.exit_codes import ExitCode
from kit.facts.errors import KitError
from kit.platform.temporary_folders import temporary_folder

Answer = dict[str, Any]

#: what of a case is too long for an answer; its tests are answered by the cause
_LEFT_OUT = ("tests", "groups", "importers", "collisions")

#: an answer names at most this many tests
_MOST = 500

#: codes after which a command has an answer
_ANSWERED = (ExitCode.NOTHING_FOUND, ExitCode.FOUND)


class ToolRefusedError(KitError):
    """What an assistant asked for is not possible; the sentence says why."""


@dataclass(frozen=True)
class Assistant:
    """The tools, for one app. Nothing here writes into ``app``, except :meth:`apply`, which is offered only when the
    user allows it.

    ``reports`` are the options that name the folder of the cases.
    """

    app: Path
    reports: tuple[str, ...] = ()

    def scan(self) -> Answer:
        """What the source of the app shows without running it: findings with their places. Takes a second or two."""
        return self._kit("scan", str(self.app), "--format", "json")

    def investigate(self) -> Answer:
        """Run the whole suite in a protected copy and explain its failures, as a new case. Takes as long as the suite.

        Answers with the name of the case, its verdict, its accounting and its causes. The report is written too.
        """
        name = f"{self.app.name}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        self._run("investigate", str(self.app), "--case", name, "--no-trials", *self.reports)
        return self.causes(name)

    def causes(self, case: str = "") -> Answer:
        """The causes of a case (default: the newest of the app) with their evidence, places and next steps."""
        document = self._document(case)
        return {name: value for name, value in document.items() if name not in _LEFT_OUT}

    def tests_of_cause(self, cause: str, case: str = "") -> Answer:
        """The tests that a cause stops: node id, outcome and error of each; at most 500, and how many there are."""
        document = self._document(case)
        known = [one["id"] for one in document["causes"] or ()]
        if cause not in known:
            raise ToolRefusedError(f'There is no cause "{cause}" in this case. It has: {", ".join(known) or "none"}.')
        tests = [one for one in document["tests"] or () if one.get("cause") == cause]
        return {"case": document["case"]["id"], "cause": cause, "number": len(tests), "tests": tests[:_MOST]}

    def importers(self, module: str) -> Answer:
        """Every place that imports a module, or a name of it: ``app.users`` or ``app.users:User``."""
        return self._kit("importers", str(self.app), _plain(module), "--format", "json")

    def explain(self, test: str) -> Answer:
        """The dossier of one test: outcomes, durations, cause, flakiness, imports, commands. A node id, or its end."""
        return self._kit("explain", _plain(test), "--format", "json", *self.reports)

    def flaky(self) -> Answer:
        """The tests that pass and fail at one revision."""
        return self._kit("flaky", str(self.app), "--format", "json", *self.reports)

    def trial(self, patch: str) -> Answer:
        """Run every test before and after a patch (a unified diff, relative to the app), in a scratch copy.

        The app itself is not changed. Answers what became of each test: fixed, broken, still failing.
        """
        with temporary_folder() as folder:
            file = folder / "change.patch"
            file.write_text(patch if patch.endswith("\n") else f"{patch}\n", encoding="utf-8", newline="")
            return self._kit("trial", str(self.app), "--patch", str(file), "--format", "json", *self.reports)

    def verify(self, case: str) -> Answer:
        """Investigate the app of a case again as it is now, and say whether its causes are RESOLVED."""
        self._document(case)  # a case of another app is refused
        done = self._run("verify", _plain(case), *self.reports)
        return {"verdict": done.stdout.strip(), "details": done.stderr.strip().splitlines()[-_MOST:]}

    def apply(self, case: str) -> Answer:
        """Write the recommended fixes of a case into the app. Answers with the diff and the command that undoes it."""
        self._document(case)
        return {"output": self._run("apply", _plain(case), *self.reports).stdout}

    def _document(self, case: str) -> Answer:
        """All of a case of this app, as ``incident.json`` has it."""
        cases = self._kit("cases", str(self.app), "--format", "json", *self.reports)["cases"]
        names = [one["id"] for one in cases]
        if not names:
            raise ToolRefusedError("The app has no case yet: call investigate.")
        if case and case not in names:
            raise ToolRefusedError(f'The app has no case "{case}". It has: {", ".join(names[:5])}.')
        return self._kit("show", case or names[0], "--format", "json", *self.reports)

    def _kit(self, *words: str) -> Answer:
        answer: Answer = json.loads(self._run(*words).stdout)
        return answer

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run kit. Raises :class:`ToolRefusedError` with its last sentence where it has no answer.

        With ``-P`` a package of the app that is named kit, in the current folder, is not taken for kit.
        """
        command = [sys.executable, "-P", "-m", "kit", *words]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode not in _ANSWERED:
            said = done.stderr.strip().splitlines() or [f"kit {words[0]} ended with {done.returncode}"]
            raise ToolRefusedError(said[-1].removeprefix("kit: "))
        return done


def _plain(word: str) -> str:
    """A word that cannot be taken for an option. Raises :class:`ToolRefusedError`."""
    if not word or word.startswith("-"):
        raise ToolRefusedError(f'"{word}" cannot be used as a name.')
    return word


def offered(assistant: Assistant, *, allow_apply: bool) -> tuple[Callable[..., Answer], ...]:
    """The tools. Only with ``allow_apply`` there is one that writes into the app."""
    reading = (
        assistant.scan,
        assistant.investigate,
        assistant.causes,
        assistant.tests_of_cause,
        assistant.importers,
        assistant.explain,
        assistant.flaky,
        assistant.trial,
        assistant.verify,
    )
    return (*reading, assistant.apply) if allow_apply else reading
