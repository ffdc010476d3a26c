"""What tests replace in libraries and leave there is seen, and every later test runs as after it in plain pytest."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from unittest import mock

import pytest

from kit.probes.state.library_patches import LibraryPatches, names_set_by
from kit.probes.state.names import ANY_NAME
from tests.suite.conftest import Run
from tests.suite.projects import outcomes

LIBRARY = """
LIMIT, sent, quiet, ready, _cache = 3, 0, False, None, "empty"

def send(letter):
    return other(letter)

def other(letter):
    return letter

class Post:
    sender = "me"

    def pack(self):
        return send("a")

    @property
    def weight(self):
        return 1

    @staticmethod
    def stamp():
        return 1

    @classmethod
    def make(cls):
        return cls()
"""

#: code of the target that could replace all of these
OF_TARGET = """
def patches(lib, name):
    lib.send = lib.Post = lib.Post.pack = lib.LIMIT = lib.sent = lib.ready = lib._cache = lib.quiet = None
    return "Post.weight", "Post.stamp", "Post.sender", "Post.shout", ("make", "library_of_mail.other")
"""


@pytest.fixture
def library() -> Iterator[Any]:
    module = ModuleType("library_of_mail")
    sys.modules["library_of_mail"] = module
    exec(LIBRARY, module.__dict__)
    yield module
    del sys.modules["library_of_mail"]


@pytest.fixture
def of_target(tmp_path: Path) -> Any:
    """A function of the target: it keeps the names known that it sets."""
    names: dict[str, Any] = {"__name__": "target_of_patches"}
    exec(compile(OF_TARGET, str(tmp_path / "target_of_patches.py"), "exec"), names)
    return names["patches"]


@pytest.fixture
def patches(library: Any, of_target: Any, tmp_path: Path) -> LibraryPatches:
    begun = LibraryPatches(str(tmp_path), {of_target.__module__: ModuleType(of_target.__module__)})
    begun.begin()
    return begun


def paths(patches: LibraryPatches) -> list[str]:
    return [one.path.removeprefix("library_of_mail.") for one in patches.changes() if "of_mail" in one.path]


REPLACED: dict[str, Callable[[Any, Any], object]] = {
    "send": lambda lib, mine: setattr(lib, "send", mine),
    "Post": lambda lib, _: setattr(lib, "Post", type("Mine", (), {"__module__": "target_of_patches"})),
    "LIMIT": lambda lib, _: setattr(lib, "LIMIT", 4),
    "quiet": lambda lib, _: setattr(lib, "quiet", "very"),
    "other": lambda lib, _: mock.patch.object(lib, "other").start(),
    "Post.pack": lambda lib, mine: setattr(lib.Post, "pack", mine),
    "Post.weight": lambda lib, mine: setattr(lib.Post, "weight", property(mine)),
    "Post.stamp": lambda lib, mine: setattr(lib.Post, "stamp", staticmethod(mine)),
    "Post.make": lambda lib, mine: setattr(lib.Post, "make", classmethod(mine)),
    "Post.sender": lambda lib, _: setattr(lib.Post, "sender", "you"),
    "Post.shout": lambda lib, mine: setattr(lib.Post, "shout", mine),
}


@pytest.mark.parametrize("path", REPLACED)
def test_what_a_test_replaces_is_seen_once(path: str, patches: LibraryPatches, library: Any, of_target: Any) -> None:
    before = paths(patches)
    REPLACED[path](library, of_target)

    assert [before, paths(patches), paths(patches)] == [[], [path], []]


@pytest.mark.parametrize(
    "removes", [lambda lib: delattr(lib, "send"), lambda lib: delattr(lib.Post, "pack")], ids=["function", "method"]
)
def test_what_a_test_removes_is_seen(removes: Callable[[Any], None], patches: LibraryPatches, library: Any) -> None:
    removes(library)

    assert len(paths(patches)) == 1


@pytest.mark.parametrize(
    "does",
    [
        lambda lib, _: setattr(lib, "send", lib.other),
        lambda lib, _: setattr(lib, "sent", 1),
        lambda lib, _: setattr(lib, "ready", ["x"]),
        lambda lib, _: setattr(lib, "_cache", "full"),
        lambda lib, _: setattr(lib, "LIMIT", 3),
        lambda lib, mine: setattr(lib, "shout", mine),  # it disturbs no code of the library
    ],
    ids=["swaps", "counts", "fills", "keeps", "same", "adds"],
)
def test_what_a_library_does_itself_is_not(
    does: Callable[[Any, Any], None], patches: LibraryPatches, library: Any, of_target: Any
) -> None:
    does(library, of_target)

    assert paths(patches) == []


def test_a_library_that_is_imported_and_patched_by_one_test_is_seen(
    tmp_path: Path, of_target: Any, request: pytest.FixtureRequest
) -> None:
    patches = LibraryPatches(str(tmp_path), {of_target.__module__: ModuleType(of_target.__module__)})
    patches.begin()
    library = request.getfixturevalue("library")
    library.Post.pack = of_target

    assert paths(patches) == ["Post.pack"]


def test_any_code_can_see_a_patch_which_is_undone_by_putting_back(
    patches: LibraryPatches, library: Any, of_target: Any
) -> None:
    usual = library.Post.pack
    library.Post.pack = library.Post.shout = of_target

    found = patches.changes()
    for one in found:
        one.node.restore(one.key, one.before)

    assert {one.node.names(one.key) for one in found} == {(ANY_NAME,)}
    assert (library.Post.pack, hasattr(library.Post, "shout")) == (usual, False)


def test_the_names_that_code_sets_are_read_from_it_and_from_its_texts() -> None:
    def code(self: Any, patch: Any) -> None:
        self.first = self.read.second = 1
        del self.third
        patch("library.module.fourth", [text for text in ("fifth",) if text])
        patch.multiple("library", sixth=1)

    assert isinstance(code, FunctionType)
    names = names_set_by([code.__code__])

    assert {"first", "second", "third", "fourth", "fifth", "sixth"} <= names
    assert "read" not in names


def test_a_name_after_two_hundred_and_fifty_others_is_read_as_well() -> None:
    lines = "\n".join(f"    self.a{number} = 1" for number in range(300))
    names: dict[str, Any] = {}
    exec(f"def code(self):\n{lines}\n", names)

    assert names_set_by([names["code"].__code__]) >= {f"a{number}" for number in range(300)}


#: what a test of one file does, and what one of a later file asserts, each with what it imports
PATCHES = {
    "through another function": (
        "import base64\ndef test_sets(): base64.b64encode = lambda *_: b'x'",
        "from base64 import urlsafe_b64encode\ndef test_sees(): assert urlsafe_b64encode(b'a') == b'YQ=='",
    ),
    "of a submodule": (
        "import urllib.request\ndef test_sets(): urllib.request.urlopen = lambda url: 'x'",
        "import urllib.request\ndef test_sees(): assert urllib.request.urlopen.__name__ == 'urlopen'",
    ),
    "of os": (
        "import os\ndef test_sets(): os.cpu_count = lambda: 1000",
        "import multiprocessing\ndef test_sees(): assert multiprocessing.cpu_count() < 1000",
    ),
    "by a text": (
        "from unittest import mock\ndef test_sets(): mock.patch('string.Formatter.vformat', return_value='x').start()",
        "from string import Formatter\ndef test_sees(): assert Formatter().format('{}', 1) == '1'",
    ),
    "of a setting": (
        "import logging\ndef test_sets(): logging.Formatter.default_msec_format = 'x'",
        "import logging\ndef test_sees(): assert logging.Formatter().formatTime(logging.makeLogRecord({})) != 'x'",
    ),
    "of a builtin": (
        "import builtins\ndef test_sets(): builtins.ascii = lambda _: 'x'",
        "def show(thing): return '%a' % thing if False else ascii(thing)\ndef test_sees(): assert show(1) == '1'",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("pair", PATCHES.values(), ids=PATCHES)
def test_a_patch_that_one_file_leaves_fails_a_test_of_the_next(run: Run, pair: tuple[str, str]) -> None:
    facts = run({"test_a.py": pair[0] + "\n", "test_b.py": pair[1] + "\n"}, isolation="file")

    assert outcomes(facts) == {"test_a.py::test_sets": "passed", "test_b.py::test_sees": "failed"}
    assert [one.polluters for one in facts.polluted] == [("test_a.py::test_sets",)]
