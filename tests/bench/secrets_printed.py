"""What kit prints of a case, for ``secrets.py``: commands in each format, a terminal, an assistant, notebooks as HTML,
the summary of a CI job, and the values that the store compresses.

The app is a git repository with two commits, so that commands about history have something to tell.
"""

from __future__ import annotations

import gzip
import json
import os
import pty
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from kit.cli.assistant import Assistant, ToolRefusedError
from kit.cli.job_summary import VARIABLE as JOB_SUMMARY
from kit.store.packing import unpacked

ROOT = Path(__file__).parents[2]

#: formats of a run that are not among what an investigation writes
_FORMATS = ("text", "json", "junit", "ctrf", "github", "codequality")
_CHOSEN = ("--recheck-s", "0", "--", "-k", "raises or takes or skipped")
_GIT = ("git", "-c", "user.name=kit", "-c", "user.email=kit@example.com", "-c", "init.defaultBranch=main")

#: commands of which the last case is ``c``; ``apply`` comes last, as it changes the app
_COMMANDS = (
    ("show", "c"), ("show", "c", "--format", "json"), ("show", "c", "--format", "markdown"),
    ("cases",), ("cases", "--format", "json"), ("flaky", "app"), ("flaky", "app", "--format", "json"),
    ("compare", "first", "c"), ("compare", "first", "c", "--format", "json"),
    ("compare", "c", "c", "--format", "markdown"), ("when", "c"), ("when", "c", "--format", "json", "--authors"),
    ("watch", "c"), ("scan", "app"), ("scan", "app", "--format", "json"), ("scan", "app", "--format", "sarif"),
    ("importers", "app", "pay0"), ("upgrade-check", "app"), ("doctor", "app"),
    ("baseline", "c", "--reason", "x", "--print"),
    ("run", "app", "--failed", "c", "--recheck-s", "0"), ("trial", "app", "--against", "first"),
    ("trial", "app", "--against", "first", "--format", "json"), ("ingest", "run.junit", "--target", "app"),
    ("ingest", "run.ctrf", "--target", "app"),
    ("investigate", "app", "--no-trials", "--recheck-s", "0", "--format", "github"),
    ("export", "c", "c.kit.json.gz"), ("verify", "c"), ("store", "rebuild"), ("apply", "c"),
)  # fmt: skip


def kit(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of kit in ``folder``."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), JOB_SUMMARY: str(folder / "summary.md")}
    command = [sys.executable, "-m", "kit", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", env=environment)


def commit(app: Path, message: str) -> None:
    """Commit all that the app holds; the first time the repository is made."""
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", message)):
        subprocess.run([*_GIT, *words], cwd=app, check=True, capture_output=True)


def printed(folder: Path, numbers: Sequence[int]) -> dict[str, str]:
    """What each output shows, by its name. ``app`` and ``reports`` in ``folder`` have the case ``c``."""
    made = dict(_of_runs(folder)) | {"terminal: run": _at_a_terminal(folder, "run", "app", *_CHOSEN)}
    made |= _of_an_assistant(folder)
    ways = ("raises", "raises_from", "compares_dicts", "holds", "prints", "logs", "is_skipped", "takes")
    for name, more in (("explain", ()), ("explain --format json", ("--format", "json"))):
        dossiers = [
            kit(folder, "explain", f"test_{ways[number % len(ways)]}_{number}", "--case", "c", *more)
            for number in numbers[::12]
        ]
        made[name] = "".join(one.stdout + one.stderr for one in dossiers)
    made["terminal: show"] = _at_a_terminal(folder, "show", "c")
    made |= _notebooks(folder)
    for words in _COMMANDS:
        done = kit(folder, *words)
        made[" ".join(words)] = done.stdout + done.stderr
    made["summary.md"] = (folder / "summary.md").read_text()
    made |= {f"{path.name}, its values": _values(path) for path in folder.rglob("*.sqlite")}
    return made | {path.name: _unpacked(path) for path in folder.glob("*.gz")}


def _of_runs(folder: Path) -> Iterator[tuple[str, str]]:
    for form in _FORMATS:
        run = kit(folder, "run", "app", "--format", form, *_CHOSEN)
        (folder / f"run.{form}").write_text(run.stdout)
        yield f"run --format {form}", run.stdout
        yield f"run --format {form}: stderr", run.stderr


def _of_an_assistant(folder: Path) -> dict[str, str]:
    assistant = Assistant(folder / "app", ("--reports-dir", str(folder / "reports")))
    causes = assistant.causes("c")
    tests = [assistant.tests_of_cause(one["id"], "c") for one in causes["causes"] or ()]
    made = {"mcp: causes": causes, "mcp: tests": tests, "mcp: scan": assistant.scan(), "mcp: flaky": assistant.flaky()}
    try:
        made["mcp: explain"] = assistant.explain("test_holds_0")
    except ToolRefusedError as refused:
        made["mcp: explain"] = str(refused)
    return {name: json.dumps(value, ensure_ascii=False) for name, value in made.items()}


def _at_a_terminal(folder: Path, *words: str) -> str:
    """What a command shows on a terminal, with its live lines."""
    ours, its = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "TERM": "xterm"}
    command = [sys.executable, "-m", "kit", *words]
    seen: list[bytes] = []
    with subprocess.Popen(command, cwd=folder, stdin=its, stdout=its, stderr=its, env=environment) as process:
        os.close(its)
        reader = threading.Thread(target=_read_to_the_end, args=(ours, seen))
        reader.start()
        process.wait()
        reader.join()
    os.close(ours)
    return b"".join(seen).decode(errors="replace")


def _read_to_the_end(descriptor: int, seen: list[bytes]) -> None:
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # nobody writes any more
            return
        if not part:
            return
        seen.append(part)


def _notebooks(folder: Path) -> dict[str, str]:
    """Each executed notebook of the case, as HTML."""
    made = {}
    for notebook in sorted((folder / "reports").rglob("*.ipynb")):
        command = [sys.executable, "-m", "nbconvert", "--to", "html", "--stdout", str(notebook)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=True)
        made[f"{notebook.stem} as HTML"] = done.stdout
    return made


def _values(store: Path) -> str:
    """Every value of a SQLite database; the store compresses long ones."""
    with closing(sqlite3.connect(store)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = (row for (name,) in tables for row in connection.execute(f'SELECT * FROM "{name}"'))
        values = [unpacked(value).decode() if isinstance(value, bytes) else str(value) for row in rows for value in row]
    return "\n".join(values)


def _unpacked(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode(errors="replace")
