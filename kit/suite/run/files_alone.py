"""Which test files of failing tests pytest can collect only with the others: their modules need others imported first.

A failing test that "fails alone" has run in a fork of the whole collected suite. A run of its file alone shows another
error if the file cannot even be imported then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from kit.facts.suite import CollectionError, SuiteFacts
from kit.suite.collect.absent import first_line

#: each costs the imports of one file, and where no process can be forked for it, a start of pytest
_MOST = 3


def files_to_try(facts: SuiteFacts, *, is_whole: bool) -> tuple[str, ...]:
    """The files of the first tests that show the most frequent failures, by path. If the record ``is_whole``, the file
    that pytest collects first is not among them: nothing is imported before it.
    """
    first = facts.tests[0].path if facts.tests and is_whole else ""
    own = [one for one in facts.results if one.failure and one.alone == "fails"]
    shown = Counter(one.failure for one in own)
    files: dict[str, None] = {}
    for failure, _ in shown.most_common():
        files.setdefault(next(one.path for one in own if one.failure == failure))
    return tuple([path for path in files if path != first][:_MOST])


def not_alone(files: Iterable[str], collect: Callable[[str], Sequence[CollectionError]]) -> Iterator[tuple[str, str]]:
    """Those of the files that cannot be collected alone, with the error in one line. ``collect`` tries that."""
    for path in files:
        if errors := collect(path):
            yield path, first_line(errors[0])
