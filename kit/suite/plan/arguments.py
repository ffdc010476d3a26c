"""The target's own pytest options, without those that would end, slow down or hide a run of ours."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

#: how an option takes its value: not at all · always, joined or as the next word · perhaps (the next word counts)
Takes = Literal["nothing", "value", "perhaps"]

_ENDS = "would have ended the run at the first failure"
_PARALLEL = "kit runs the batches itself"
_COVERAGE = "coverage is not measured here and would slow every test down"
_REPORT = "kit writes its own report"
_RERUN = "would have chosen tests by an earlier run"
_OUTPUT = "kit captures tracebacks itself"
_DEBUG = "would have waited for somebody at the keyboard"
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
    "--timeout": ("value", "kit's own limit holds for each test"),
    "--timeout-method": ("value", "kit's own limit holds for each test"),
    "--timeout_method": ("value", "kit's own limit holds for each test"),
    "--session-timeout": ("value", "would have ended the run"),
    "--timeout-disable-debugger-detection": ("nothing", "kit's own limit holds for each test"),
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

#: short options; those that take a value but stay are here too, since what follows them belongs to them
_SHORT: dict[str, tuple[Takes, str | None]] = {
    "x": ("nothing", _ENDS),
    "n": ("value", _PARALLEL),
    "d": ("nothing", _PARALLEL),
    "f": ("nothing", _RERUN),
    **dict.fromkeys("kmpcorW", ("value", None)),
}

_STAYS: tuple[Takes, str | None] = ("nothing", None)

#: dropped without a word: whoever set them loses nothing that kit does not give
_SILENT = frozenset({_OUTPUT})


@dataclass(frozen=True)
class Cleaned:
    """Options that may stay, and a sentence for each that may not."""

    kept: tuple[str, ...]
    disabled: tuple[str, ...]


def clean(options: Sequence[str], source: str) -> Cleaned:
    """Take out of ``options`` what must not reach pytest; ``source`` says where they stand."""
    kept: list[str] = []
    dropped: list[str] = []
    words = zip_longest(options, options[1:])
    for word, following in words:
        for option, why, takes_next in _options_in(word, following):
            written = [option]
            if takes_next:
                next(words)
                written.append(str(following))
            if why is None:
                kept += written
            elif why not in _SILENT:
                dropped.append(f"{' '.join(written)} ({source}): {why}")
    return Cleaned(tuple(kept), tuple(dropped))


def split_options(text: str) -> tuple[str, ...]:
    """Split the value of ``PYTEST_ADDOPTS`` as pytest does; one with an open quotation mark is taken as it stands."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return (text,)


def _options_in(word: str, following: str | None) -> Iterator[tuple[str, str | None, bool]]:
    """Each option in ``word``, why it must go (``None``: it may stay), and whether the next word is its value."""
    if word.startswith("--"):
        name, equals, _ = word.partition("=")
        takes, why = _LONG.get(name, _STAYS)
        yield word, why, not equals and _takes_next(takes, following)
    elif word.startswith("-") and len(word) > 1:
        yield from _options_in_cluster(word[1:], following)
    else:
        yield word, None, False


def _options_in_cluster(letters: str, following: str | None) -> Iterator[tuple[str, str | None, bool]]:
    """Short options may be written together (``-xvs``); what follows one that takes a value is its value."""
    for position, letter in enumerate(letters):
        takes, why = _SHORT.get(letter, _STAYS)
        if takes == "value":
            value = letters[position + 1 :]
            yield f"-{letter}{value}", why, not value and following is not None
            return
        yield f"-{letter}", why, False


def _takes_next(takes: Takes, following: str | None) -> bool:
    if following is None or takes == "nothing":
        return False
    return takes == "value" or not following.startswith("-")
