"""Stands for what the tests of a run could read: an answer of an earlier run holds as long as all of that is the same.

All files of the tree count, and not only the modules: tests read data and configurations, and import modules late.
Most files count by their content, since each checkout has other times. The environment variables do not count: there
are some that differ from run to run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from kit.facts.target import Interpreter
from kit.suite.select.tree_facts import LEFT_OUT

#: change it with the rules by which answers are found: an answer that other rules gave does not count
_RULES = b"8"


class RunInputs:
    """The files with tests, and all else; paths are relative to the root of the tree."""

    def __init__(
        self, tests: Sequence[str], nodeids: Sequence[str], digests: Callable[[], Mapping[str, bytes]], python: bytes
    ) -> None:
        """``tests`` has the file of each test, and ``nodeids`` the tests in their order. ``digests`` returns what
        stands for each file of the copy that ran, ``python`` stands for the interpreter.
        """
        self._names: dict[str, list[bytes]] = {}  # of the tests, by file; without their parameters
        for path, nodeid in zip(tests, nodeids, strict=True):
            self._names.setdefault(path, []).append(_name(nodeid.partition("[")[0]))
        self._read, self._python = digests, python

    def digest(self, path: str) -> bytes:
        """Stands for one file."""
        return self._files.get(path) or _sha1(_name(path))

    def up_to(self, path: str) -> bytes:
        """Stands for the tests of a file and all before them in plain order: one may pass on what another changed."""
        return self._each_with_those_before[path]

    @cached_property
    def tests(self) -> bytes:
        """Stands for all files of tests, and for which tests ran, in which order; not for their parameters: some have
        another id in each run.
        """
        return _sha1(*self._each_with_those_before.values())

    @cached_property
    def _each_with_those_before(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        all_before = b""
        for path, names in self._names.items():
            found[path] = all_before = _sha1(all_before, self.digest(path), *names)
        return found

    def key(self, *parts: bytes) -> int:
        """The number of an answer that holds as long as nothing but files of tests changes."""
        return int.from_bytes(_sha1(_RULES, self._rest, *parts)[:6], "big")

    @cached_property
    def _rest(self) -> bytes:
        """Stands for all but the files of tests."""
        return _sha1(self._python, *(self.digest(path) for path in sorted(self._files.keys() - self._names.keys())))

    @cached_property
    def _files(self) -> dict[str, bytes]:
        return {path: _sha1(_name(path), digest) for path, digest in self._read().items() if is_input(path)}


def is_input(path: str) -> bool:
    """Whether a file of the tree counts: what tools keep for themselves does not."""
    return LEFT_OUT.isdisjoint(PurePosixPath(path).parts)


def stands_for(python: Interpreter | None) -> bytes:
    """Stands for an interpreter and what it has installed."""
    installed = sorted(python.installed.items()) if python else ()
    return repr((python and python.version, *installed)).encode()


def _name(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _sha1(*parts: bytes) -> bytes:
    return hashlib.sha1(b"\0".join(parts), usedforsecurity=False).digest()
