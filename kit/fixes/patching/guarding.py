"""What a change does to tests that no fix may do: take one away, let it be skipped or expected to fail, or let it check
less.

https://docs.pytest.org/en/stable/how-to/skipping.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from kit.facts.wording import counted

_TEST: Final = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+((?:test|Test)\w*)", re.MULTILINE)
_SKIP: Final = re.compile(
    r"\b(?:skip|skipif|skipIf|skipUnless|xfail|importorskip|expectedFailure|SkipTest"
    r"|collect_ignore|collect_ignore_glob|pytest_ignore_collect|pytest_deselected|__test__)\b"
)
_CHECK: Final = re.compile(r"^[ \t]*assert\b|\bself\.assert\w+\(|\b(?:raises|warns)\(", re.MULTILINE)
#: options of pytest that leave tests out, in files that hold its options
_LEFT_OUT: Final = re.compile(r"--(?:ignore|ignore-glob|deselect|exitfirst|maxfail)\b|(?<![\w-])-[km]\b")
_OPTIONS_IN: Final = frozenset({"pytest.ini", ".pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini"})


def harm_to_tests(before: Mapping[str, str], after: Mapping[str, str | None], tests: frozenset[str]) -> str | None:
    """A sentence on the first thing of that kind, or ``None``. Texts are by path; ``tests`` are the paths of tests."""
    return next(_harms(before, after, tests), None)


def _harms(before: Mapping[str, str], after: Mapping[str, str | None], tests: frozenset[str]) -> Iterator[str]:
    was = {path: before.get(path, "") for path in after}
    now = {path: text or "" for path, text in after.items()}
    own = sorted(tests & set(after))
    there = Counter(name for path in own for name in _TEST.findall(now[path]))
    for path in own:
        if missing := sorted(name for name in set(_TEST.findall(was[path])) if not there[name]):
            yield f"It would take {missing[0]} of {path} away"
        if len(_SKIP.findall(now[path])) > len(_SKIP.findall(was[path])):
            yield f"It would let tests of {path} be skipped, or be expected to fail"
    fewer = sum(len(_CHECK.findall(was[path])) - len(_CHECK.findall(now[path])) for path in own)
    if fewer > 0:
        yield f"It would take {counted(fewer, 'check')} out of the tests"
    for path in sorted(after):
        options = path.rpartition("/")[2] in _OPTIONS_IN
        if options and len(_LEFT_OUT.findall(now[path])) > len(_LEFT_OUT.findall(was[path])):
            yield f"It would leave tests out by an option of pytest in {path}"
