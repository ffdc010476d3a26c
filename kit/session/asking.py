"""What a thing of a case answers to a question that it does not have."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from kit.facts.errors import UsageError

#: words that people use for a question, and the names that the questions have
_WORDS: dict[str, tuple[str, ...]] = {
    "failing": ("failures", "failed", "errors", "failing_tests", "broken"),
    "output": ("traceback", "stdout", "stderr", "error", "message", "prints", "print", "log"),
    "story": ("summary", "overview", "describe", "info", "status", "help"),
    "write_report": ("report", "html", "save"),
    "changed": ("changes", "diff", "compare", "since_last"),
    "trend": ("history", "cases", "over_time"),
    "history": ("past", "runs", "before"),
    "cause": ("why", "reason", "blocked_by"),
    "source": ("where", "code", "location", "locations", "lines", "place"),
    "fixes": ("fix", "patch", "patches", "solutions", "options"),
    "since": ("commit", "when", "introduced", "blame"),
    "importers": ("imported_by", "users", "usages", "dependents", "who"),
    "parties": ("classes", "collisions", "definitions"),
    "mapper": ("table", "model", "class_"),
    "mappers": ("models", "tables", "classes"),
    "module": ("modules", "file", "files", "package"),
    "rerun": ("run", "retry", "again"),
    "run_tests": ("run", "execute"),
    "slowest": ("slow", "durations", "times"),
    "evidence": ("proof", "proofs", "facts"),
    "tests": ("blocks", "blocked", "affected"),
}

_NOUNS = {"Session": "case", "Mapper": "mapped class"}

#: names that are less alike than this are not misspellings of each other (the ratio of difflib)
_NEAR = 0.7


class UnknownQuestionError(UsageError, AttributeError):
    """A thing of a case has no question of that name. The sentence names the one that is meant, or all of them."""


class Asked:
    """Names the question that is meant when an attribute does not exist."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # IPython and pandas look for such names everywhere
            raise AttributeError(name)
        kind = type(self)
        noun = _NOUNS.get(kind.__name__, kind.__name__.lower())
        raise UnknownQuestionError(f"A {noun} has no `{name}`{_meant(name, kind)}")


def _meant(name: str, kind: type) -> str:
    known = [one for one in dir(kind) if not one.startswith("_")]
    wanted = name.lower()
    by_word = [one for one, words in _WORDS.items() if one in known and wanted in words]
    near = by_word or get_close_matches(wanted, known, n=1, cutoff=_NEAR)
    if near:
        return f": ask it for `.{near[0]}{'()' if callable(getattr(kind, near[0])) else ''}`."
    return f"; it has {', '.join(f'`.{one}`' for one in known)}."
