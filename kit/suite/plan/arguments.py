"""Removes those of the target's pytest options that would end, slow down or hide a run of kit."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Literal

#: how an option takes its value: never · always, joined or as the next word · from a next word that is not an option
Takes = Literal["nothing", "value", "perhaps"]

_ENDS = "would have ended the run at the first failure"
_PARALLEL = "kit runs the batches itself"
_COVERAGE = "coverage is not measured here and would slow every test down"
_REPORT = "kit writes its own report"
_RERUN = "would have chosen tests by an earlier run"
_OUTPUT = "kit captures tracebacks itself"
_DEBUG = "would have waited for input from the keyboard"
_LIST = "would have run no test"

_LONG: dict[str, tuple[Takes, str]] = {
    "--exitfirst": ("nothing", _ENDS),
    "--maxfail": ("value", _ENDS),
    "--stepwise": ("nothing", _RERUN),
    "--stepwise-skip": ("nothing", _RERUN),
    "--stepwise-reset": ("nothing", _RERUN),
    "--sw": ("nothing", _RERUN),
    "--sw-skip": ("nothing", _RERUN),
    "--sw-reset": ("nothing", _RERUN),
    "--lf": ("nothing", _RERUN),
    "--last-failed": ("nothing", _RERUN),
    "--last-failed-no-failures": ("value", _RERUN),
    "--lfnf": ("value", _RERUN),
    "--ff": ("nothing", _RERUN),
    "--failed-first": ("nothing", _RERUN),
    "--nf": ("nothing", _RERUN),
    "--new-first": ("nothing", _RERUN),
    "--looponfail": ("nothing", _RERUN),
    "--numprocesses": ("value", _PARALLEL),
    "--maxprocesses": ("value", _PARALLEL),
    "--max-worker-restart": ("value", _PARALLEL),
    "--dist": ("value", _PARALLEL),
    "--tx": ("value", _PARALLEL),
    "--px": ("value", _PARALLEL),
    "--boxed": ("nothing", _PARALLEL),
    "--forked": ("nothing", _PARALLEL),
    "--parallel": ("perhaps", _PARALLEL),
    "--parallel-workers": ("value", _PARALLEL),
    "--workers": ("value", _PARALLEL),
    "--tests-per-worker": ("value", _PARALLEL),
    "--session-timeout": ("value", "would have ended the run"),
    "--cov": ("perhaps", _COVERAGE),
    "--cov-report": ("value", _COVERAGE),
    "--cov-config": ("value", _COVERAGE),
    "--cov-context": ("value", _COVERAGE),
    "--cov-fail-under": ("value", _COVERAGE),
    "--cov-precision": ("value", _COVERAGE),
    "--cov-append": ("nothing", _COVERAGE),
    "--cov-branch": ("nothing", _COVERAGE),
    "--cov-reset": ("nothing", _COVERAGE),
    "--no-cov": ("nothing", _COVERAGE),
    "--no-cov-on-fail": ("nothing", _COVERAGE),
    "--json-report": ("nothing", _REPORT),
    "--json-report-file": ("value", _REPORT),
    "--json-report-omit": ("value", _REPORT),
    "--json-report-summary": ("nothing", _REPORT),
    "--json-report-indent": ("value", _REPORT),
    "--json-report-verbosity": ("value", _REPORT),
    "--html": ("value", _REPORT),
    "--self-contained-html": ("nothing", _REPORT),
    "--junitxml": ("value", _REPORT),
    "--junit-xml": ("value", _REPORT),
    "--junitprefix": ("value", _REPORT),
    "--junit-prefix": ("value", _REPORT),
    "--report-log": ("value", _REPORT),
    "--alluredir": ("value", _REPORT),
    "--ctrf": ("value", _REPORT),
    "--resultlog": ("value", _REPORT),
    "--result-log": ("value", _REPORT),
    "--pastebin": ("value", _REPORT),
    "--debug": ("perhaps", _REPORT),
    "--tb": ("value", _OUTPUT),
    "--full-trace": ("nothing", _OUTPUT),
    "--pdb": ("nothing", _DEBUG),
    "--trace": ("nothing", _DEBUG),
    "--collect-only": ("nothing", _LIST),
    "--co": ("nothing", _LIST),
    "--setup-only": ("nothing", _LIST),
    "--setup-plan": ("nothing", _LIST),
    "--basetemp": ("value", "the workers would have removed each other's temporary files"),
}

#: short options; those that stay are here too if they take a value, since the text after them is that value
_SHORT: dict[str, tuple[Takes, str | None]] = {
    "x": ("nothing", _ENDS),
    "n": ("value", _PARALLEL),
    "d": ("nothing", _PARALLEL),
    "f": ("nothing", _RERUN),
    **dict.fromkeys("kmpcorW", ("value", None)),
}

_STAYS: tuple[Takes, str | None] = ("nothing", None)

_LATE = "pytest has found its configuration by the time that it reads this"

#: what has no effect in a configuration file; as an argument it would have one
_LATE_LONG: dict[str, tuple[Takes, str]] = {"--rootdir": ("value", _LATE), "--config-file": ("value", _LATE)}
_LATE_SHORT: dict[str, tuple[Takes, str]] = {"c": ("value", _LATE)}

#: disabled without a sentence: kit gives what the option would have given, or it would have given nothing
_SILENT = frozenset({_OUTPUT, _LATE})


@dataclass(frozen=True)
class Cleaned:
    """The options that stay, and a sentence for each that kit has disabled."""

    kept: tuple[str, ...]
    disabled: tuple[str, ...]


def clean(options: Sequence[str], source: str, *, from_file: bool = False) -> Cleaned:
    """Remove from ``options`` what must not reach pytest; ``source`` names the place where they are set.

    ``from_file``: they stand in a configuration file, where some have no effect.
    """
    kept: list[str] = []
    dropped: list[str] = []
    known = _Known(_LONG | _LATE_LONG, _SHORT | _LATE_SHORT) if from_file else _Known(_LONG, _SHORT)
    words = zip_longest(options, options[1:])
    for word, following in words:
        for option, why, takes_next in known.options_in(word, following):
            written = [option]
            if takes_next:
                next(words)
                written.append(str(following))
            if why is None:
                kept += written
            elif why not in _SILENT:
                dropped.append(f"{' '.join(written)} ({source}): {why}")
    return Cleaned(tuple(kept), tuple(dropped))


def report_paths(options: Sequence[str]) -> tuple[str, ...]:
    """The values of options that name where a report is written, and which kit leaves out."""
    return tuple(
        value if equals else following
        for word, following in pairwise((*options, ""))
        for name, equals, value in [word.partition("=")]
        if _LONG.get(name) == ("value", _REPORT)
    )


def split_options(text: str) -> tuple[str, ...]:
    """Split the value of ``PYTEST_ADDOPTS`` as pytest does; a value with an open quotation mark is one word."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return (text,)


@dataclass(frozen=True)
class _Known:
    """The options that are known, long and short."""

    long: Mapping[str, tuple[Takes, str]]
    short: Mapping[str, tuple[Takes, str | None]]

    def options_in(self, word: str, following: str | None) -> Iterator[tuple[str, str | None, bool]]:
        """Each option in ``word``, why it is disabled (``None``: it stays), and whether the next word is its value."""
        if word.startswith("--"):
            name, equals, _ = word.partition("=")
            takes, why = self.long.get(name, _STAYS)
            yield word, why, not equals and _takes_next(takes, following)
        elif word.startswith("-") and len(word) > 1:
            yield from self._options_in_cluster(word[1:], following)
        else:
            yield word, None, False

    def _options_in_cluster(self, letters: str, following: str | None) -> Iterator[tuple[str, str | None, bool]]:
        """The options in a cluster such as ``-xvs``; the text after one that takes a value is its value."""
        for position, letter in enumerate(letters):
            takes, why = self.short.get(letter, _STAYS)
            if takes == "value":
                value = letters[position + 1 :]
                yield f"-{letter}{value}", why, not value and following is not None
                return
            yield f"-{letter}", why, False


def _takes_next(takes: Takes, following: str | None) -> bool:
    if following is None or takes == "nothing":
        return False
    return takes == "value" or not following.startswith("-")
