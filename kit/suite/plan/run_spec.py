"""The specification of a run, and the command line of pytest that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from kit.facts.nodeids import path_of
from kit.facts.target import PytestConfig, Target
from kit.platform.paths import HERE
from kit.suite.options import RunOptions
from kit.suite.plan.arguments import clean, split_options
from kit.suite.select.gathering import Gathered
from kit.wire.short_ids import is_short_id


@dataclass(frozen=True)
class RunSpec:
    """What to run: the target, the options, and the tests (all when ``nodeids`` is empty).

    ``choose`` gets the node ids of the whole collected suite and returns those to run; the others get no result.
    ``known`` are tests of the same files that need not run: of their files only ``nodeids`` and what is in neither list
    are run. ``gathered`` takes what tests have run of the app, if the options ask for that. ``meanwhile`` is called
    while workers run tests: it does a small part of the work that is left for later, and says whether there was any.
    """

    target: Target
    options: RunOptions
    nodeids: tuple[str, ...]
    choose: Callable[[Sequence[str]], Collection[str]] | None = None
    known: tuple[str, ...] = ()
    gathered: Gathered = field(default_factory=Gathered)
    meanwhile: Callable[[], bool] = bool

    @property
    def forks_each(self) -> bool:
        """Whether the target's own options give each test a process: then no test sees what others leave changed."""
        return not {"--forked", "--boxed"}.isdisjoint(self.target.config.addopts)

    def as_target_asks(self) -> RunSpec:
        """The same with the isolation that the target's own options ask for, unless the user has chosen one."""
        if self.options.isolation != "auto" or not self.forks_each:
            return self
        return replace(self, options=replace(self.options, isolation="test"))

    @property
    def collects_all(self) -> bool:
        """Whether the files of tests that do not run are collected too."""
        return not self.nodeids or any(map(is_short_id, self.nodeids))


@dataclass(frozen=True)
class CommandLine:
    """pytest's arguments, a sentence for each option of the target that kit has disabled, and all of the target's own
    options as they stand.
    """

    arguments: tuple[str, ...]
    disabled: tuple[str, ...]
    asked: tuple[str, ...]


def command_line(spec: RunSpec, addopts_variable: str, ignored: Sequence[str] = ()) -> CommandLine:
    """The arguments for pytest, which starts in the root. ``addopts_variable`` is the value of ``PYTEST_ADDOPTS``.

    The target's own options come first, in pytest's order, then those of kit. ``ignored`` are paths of test files that
    end pytest when they are imported.
    """
    config = spec.target.config
    words = split_options(addopts_variable)
    from_variable = clean(words, "PYTEST_ADDOPTS")
    in_tree = config.path is not None and not HERE.is_absolute(config.path)  # pytest finds no other from the copy
    configured = config.addopts if in_tree else ()
    from_config = clean(configured, f"{config.path}: addopts", from_file=True)
    arguments = [*from_variable.kept, *from_config.kept, "-o", "addopts=", "--continue-on-collection-errors", "--tb=no"]
    arguments += [f"--ignore={path}" for path in ignored]
    if not spec.collects_all:  # a short id alone does not tell the file
        arguments += _same_configuration(config) if in_tree else [f"--rootdir={config.rootdir}"]
        arguments += [path for path in _files_of(spec.nodeids, config) if path not in ignored]
    else:
        arguments += _named_tests(spec.target)
    return CommandLine(tuple(arguments), (*from_variable.disabled, *from_config.disabled), asked=(*words, *configured))


def _same_configuration(config: PytestConfig) -> list[str]:
    """Name the configuration: pytest would search upward from its path arguments, and could find another one."""
    return [f"--rootdir={config.rootdir}", "-c", str(config.path)]


def _files_of(nodeids: Sequence[str], config: PytestConfig) -> list[str]:
    """The files of these tests, relative to the root: node ids are relative to pytest's rootdir."""
    return list(dict.fromkeys(path_of(nodeid, config.rootdir) for nodeid in nodeids))


def _named_tests(target: Target) -> list[str]:
    """The test paths that the user has named; without these pytest finds the tests as it always does."""
    return list(target.test_paths) if target.tests_named else []
