"""Names that other runners write into JUnit XML: unittest's loader, ``setUpClass``, subtests, nose2 and xmlrunner."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kit.suite.ingest.recorded import TestName

#: classes that stand in for a module that could not be imported
_FAILED_IMPORT = re.compile(
    r"^(?:unittest\.loader\._FailedTest|nose2\.loader\.(?:ModuleImportFailure|LoadTestsFailure))\b\.?"
)
#: the same for a module that raised SkipTest: like a skipped file of pytest's it has no tests
_SKIPPED_MODULE = re.compile(r"^unittest\.loader\.ModuleSkipped\b")
_RAISED_SKIP = re.compile(r"^(?:unittest\.case\.)?SkipTest\b", re.MULTILINE)
_FAILED_MODULE = re.compile(r"Failed to import test module: (?P<module>[\w.]+)")
_MISSING = re.compile(r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'")

#: ``setUpClass (tests.test_a.TestA)``; nose2 cuts it at the last dot, into a class name and a name
_SHARED = re.compile(r"^(?P<what>(?:setUp|tearDown)(?:Class|Module)) \((?P<owner>[\w.<>]+)\)$")

#: ``test_x (k=1)``, ``test_x [message]``, ``test_x [message] (k=1)``: what ``str()`` of a subtest adds to its test
_SUBTEST = re.compile(r"^(?P<test>[^\W\d]\w*) (?:\[.*\]|(?:\[.*\] )?\(.*\))$", re.DOTALL)
#: ``test_x (tests.test_a.TestA)``, with the name once more since Python 3.11: ``str()`` of a test
_WHOLE = re.compile(r"^(?P<test>[^\W\d]\w*) \((?P<owner>[^\W\d]\w*(?:\.[\w<>]+)+)\)(?P<rest> .*)?$", re.DOTALL)

#: a node id, or its first part, that stands where others write a dotted name
_NODEID = re.compile(r"^[^\[]*\.py(?:::|$)")

#: ``--dist loadgroup`` of pytest-xdist before 3.8 adds ``@group`` to node ids
_GROUP = re.compile(r"^(?P<test>(?:\w+::)*\w+(?:\[.*\])?)@[^\]]*$", re.DOTALL)


@dataclass(frozen=True)
class Shared:
    """A ``setUpClass``, ``tearDownModule`` or the like, and the class or module that it belongs to."""

    name: TestName
    is_setup: bool


@dataclass(frozen=True)
class Subtest:
    """A subtest; ``name`` is that of its test."""

    name: TestName


def failed_module(name: TestName, words: str) -> TestName | None:
    """The module that a loader could not import, or the test that it could not find; ``None`` for other cases."""
    loader = _FAILED_IMPORT.match(name.classname)
    if loader is None:
        return None
    if named := _FAILED_MODULE.search(words):
        return TestName(classname=named["module"])
    dotted = ".".join(filter(None, (name.classname[loader.end() :], name.name)))
    missing = _MISSING.search(words)
    if missing and dotted.rpartition(".")[2] == missing["name"]:
        return TestName(classname=missing["module"], name=missing["name"])
    return TestName(classname=dotted)


def is_skipped_module(name: TestName, words: str) -> bool:
    """Whether this case is a whole module that raised ``SkipTest`` when it was imported. nose2 reports an error."""
    if _FAILED_IMPORT.match(name.classname):
        return _RAISED_SKIP.search(words) is not None
    return _SKIPPED_MODULE.match(name.classname) is not None


def shared_by(name: TestName) -> Shared | None:
    """The class or module whose ``setUpClass`` (or the like) this case is."""
    joined = f"{name.classname}.{name.name}" if name.classname else name.name
    found = _SHARED.match(joined) or _SHARED.match(name.name)
    if found is None:
        return None
    return Shared(TestName(classname=found["owner"], file=name.file), found["what"].startswith("setUp"))


def part_of(name: TestName) -> Subtest | None:
    """The test whose subtest this case is."""
    whole = _WHOLE.match(name.name)
    if whole and whole["rest"]:
        return Subtest(_owned(name, whole))
    if whole is None and (found := _SUBTEST.match(name.name)):
        return Subtest(replace(name, name=found["test"]))
    return None


def plain_name(name: TestName) -> TestName:
    """The name that pytest gives to a test: ``test_x (tests.test_a.TestA)`` is ``test_x`` of that class."""
    if _NODEID.match(name.name):
        return TestName(nodeid=name.name)
    if _NODEID.match(name.classname):
        return TestName(nodeid=f"{name.classname}::{name.name}")
    whole = _WHOLE.match(name.name)
    return _owned(name, whole) if whole else name


def without_group(rest: str) -> str:
    """``test_x[a]`` for ``test_x[a]@group``: the part of a node id behind the file, as pytest alone has it."""
    found = _GROUP.match(rest)
    return found["test"] if found else rest


def _owned(name: TestName, whole: re.Match[str]) -> TestName:
    owner = whole["owner"].removesuffix(f".{whole['test']}")
    return replace(name, classname=owner, name=whole["test"])
