"""The history of a target in git: its commits, the files of each, and their contents. Nothing is checked out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kit.facts.errors import UsageError
from kit.facts.history import Commit
from kit.masking import cleaned
from kit.target import ask_git

#: a regular file, one that can be executed, and a link, as git writes their modes; a submodule is none of these
_FILE, _PROGRAM, _LINK = "100644", "100755", "120000"
_MODES = frozenset({_FILE, _PROGRAM, _LINK})

#: names of files that many folders have
_EVERYWHERE = frozenset({"__init__.py", "conftest.py"})

#: between the fields of a commit
_FIELD = "\x1f"


class UnreadableCommitError(Exception):
    """The files of a commit cannot be read: what it shows is not known."""

    def __init__(self, commit: str) -> None:
        """``commit`` is its id."""
        super().__init__(
            f"git could not read the files of the commit {commit[:12]}: this clone lacks some, or it took too long"
        )


@dataclass(frozen=True)
class Blob:
    """A file of a commit: the id of its content, its mode as git writes it, and its size in bytes (0 where this clone
    lacks contents).
    """

    id: str
    mode: str
    size: int

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link, whose content is the path that it leads to."""
        return self.mode == _LINK

    @property
    def is_program(self) -> bool:
        """Whether it can be executed."""
        return self.mode == _PROGRAM


class Commits:
    """The commits that a start can reach."""

    def __init__(self, root: Path, start: str) -> None:
        """``root`` is the folder of the target, ``start`` a revision. Raises :class:`UsageError` where git does not
        know them.
        """
        self._root = root
        if ask_git(root, "rev-parse", "--git-dir") is None:
            raise UsageError(f"{root} is in no git repository, or git is not installed: no commit can be named.")
        found = ask_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{start}^{{commit}}")
        if found is None:
            raise UsageError(f"The repository of {root} does not have the commit {start[:12]}: no commit can be named.")
        self.start = found.strip()

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the clone lacks older commits."""
        return (ask_git(self._root, "rev-parse", "--is-shallow-repository") or "").strip() == "true"

    @cached_property
    def _parents(self) -> Mapping[str, tuple[str, ...]]:
        listed = ask_git(self._root, "rev-list", "--parents", self.start)
        if listed is None:
            raise UsageError(f"git could not list the commits before {self.start[:12]}: no commit can be named.")
        lines = (line.split() for line in listed.splitlines())
        return {commit: tuple(parents) for commit, *parents in lines}

    def parents(self, commit: str) -> tuple[str, ...]:
        """The commits right before it; several for a merge."""
        return self._parents.get(commit, ())

    def line(self, commit: str) -> list[str]:
        """The commit and the first parents before it, newest first."""
        found = []
        while commit:
            found.append(commit)
            commit = next(iter(self.parents(commit)), "")
        return found

    def reachable(self, commit: str) -> frozenset[str]:
        """The commit and all before it."""
        seen, waiting = {commit}, [commit]
        while waiting:
            new = [one for one in self.parents(waiting.pop()) if one not in seen]
            seen.update(new)
            waiting += new
        return frozenset(seen)

    def touching(self, line: Sequence[str], paths: Iterable[str]) -> frozenset[str]:
        """Those of a line of first parents, newest first, that change a file with one of these names. Modules move, so
        it may be in any folder, unless many folders have a file of that name, such as ``__init__.py``.
        """
        wanted = [_named(path) for path in paths]
        if not wanted:
            return frozenset()
        listed = ask_git(self._root, "rev-list", "--first-parent", line[0], "--", *wanted)
        return frozenset((listed or "").split()).intersection(line)

    def changing(self, commits: Sequence[str], paths: Iterable[str]) -> frozenset[str]:
        """Those of the commits, without merges, that change a file with one of these names; folders count as above."""
        wanted = [_named(path) for path in paths]
        if not wanted:
            return frozenset()
        listed = ask_git(self._root, "rev-list", "--no-walk", "--no-merges", *commits, "--", *wanted)
        return frozenset((listed or "").split())

    def files(self, commit: str) -> dict[str, Blob]:
        """The files below the root in a commit, by path; without submodules. Raises :class:`UnreadableCommitError`."""
        listed = ask_git(self._root, "ls-tree", "-r", "-z", "-l", commit)
        if listed is None:  # git tells no sizes at all where it lacks one content
            listed = ask_git(self._root, "ls-tree", "-r", "-z", commit)
        if listed is None:
            raise UnreadableCommitError(commit)
        found = {}
        for entry in filter(None, listed.split("\0")):
            head, _, path = entry.partition("\t")
            mode, _, blob, *size = head.split()
            if mode in _MODES:
                found[path] = Blob(blob, mode, int(size[0]) if size and size[0].isdigit() else 0)
        return found

    def contents(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each of these blobs with its content, read by one process; without those that git does not have."""
        wanted = list(dict.fromkeys(blobs))
        if not wanted:
            return
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
        process = subprocess.Popen(
            ["git", "cat-file", "--batch", "--buffer"],
            cwd=self._root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with process:
            # git answers only once it has all questions: neither side waits for the other
            answers = process.communicate("".join(f"{blob}\n" for blob in wanted).encode())[0]
        yield from _parts(answers)

    def describe(self, commit: str) -> Commit:
        """Its day, subject, author, and what it changes below the root."""
        form = _FIELD.join(("%H", "%aI", "%an", "%s"))
        told = ask_git(self._root, "show", "-s", f"--format={form}", commit) or ""
        identity, day, author, subject = (told.strip("\n").split(_FIELD, 3) + [""] * 4)[:4]
        against = self.parents(commit)[:1]
        diff = ["diff-tree", "-r", "--root", "--name-only", "--relative", "-z", "--no-commit-id"]
        changed = ask_git(self._root, *diff, *against, commit)
        paths = None if changed is None else tuple(filter(None, changed.split("\0")))
        return Commit(identity or commit, day, cleaned(subject), cleaned(author), paths)


def _named(path: str) -> str:
    """The words by which git finds a file."""
    name = path.rpartition("/")[2]
    return f":(literal){path}" if name in _EVERYWHERE else f":(glob)**/{name}"


def _parts(answers: bytes) -> Iterator[tuple[str, bytes]]:
    """The answers of ``cat-file --batch``: a line with id, kind and size, the content, and a line end."""
    at = 0
    while at < len(answers):
        end = answers.index(b"\n", at)
        words = answers[at:end].split()
        at = end + 1
        if len(words) == 3:
            size = int(words[2])
            yield words[0].decode(), answers[at : at + size]
            at += size + 1
