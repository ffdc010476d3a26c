"""What is asked of a run, and the command line of pytest that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from kit.facts.target import PytestConfig, Target
from kit.suite.options import RunOptions
from kit.suite.plan.arguments import clean, split_options


@dataclass(frozen=True)
class RunSpec:
    """A run that is wanted: of which target, how, and which of its tests (all when ``nodeids`` is empty).

    ``choose`` gets the node ids of the whole collected suite and returns those to run; the others get no result.
    """

    target: Target
    options: RunOptions
    nodeids: tuple[str, ...]
    choose: Callable[[Sequence[str]], Collection[str]] | None = None


@dataclass(frozen=True)
class CommandLine:
    """pytest's arguments, and a sentence for each of the target's that was left out."""

    arguments: tuple[str, ...]
    disabled: tuple[str, ...]


def command_line(spec: RunSpec, addopts_variable: str, ignored: Sequence[str] = ()) -> CommandLine:
    """The arguments for pytest, started in the root; ``addopts_variable`` is what ``PYTEST_ADDOPTS`` held.

    The target's own options come first, as pytest has it, then ours. ``ignored`` are paths of test files that end
    pytest when they are imported.
    """
    config = spec.target.config
    from_variable = clean(split_options(addopts_variable), "PYTEST_ADDOPTS")
    in_tree = config.path is not None and not config.path.startswith("/")  # else pytest does not find it from the copy
    from_config = clean(config.addopts if in_tree else (), f"{config.path}: addopts")
    arguments = [*from_variable.kept, *from_config.kept, "-o", "addopts=", "--continue-on-collection-errors", "--tb=no"]
    arguments += [f"--ignore={path}" for path in ignored]
    if spec.nodeids:
        arguments += _same_configuration(config) if in_tree else [f"--rootdir={config.rootdir}"]
        arguments += [path for path in _files_of(spec.nodeids, config) if path not in ignored]
    else:
        arguments += _named_tests(spec.target)
    return CommandLine(tuple(arguments), (*from_variable.disabled, *from_config.disabled))


def _same_configuration(config: PytestConfig) -> list[str]:
    """pytest looks for its configuration from its path arguments upward; some paths must not lead it elsewhere."""
    return [f"--rootdir={config.rootdir}", "-c", str(config.path)]


def _files_of(nodeids: Sequence[str], config: PytestConfig) -> list[str]:
    """The files that the tests stand in, relative to the root: node ids are relative to pytest's rootdir."""
    files = dict.fromkeys(nodeid.partition("::")[0] for nodeid in nodeids)
    return [str(PurePosixPath(config.rootdir, file)) for file in files]


def _named_tests(target: Target) -> list[str]:
    """The test paths when somebody has named them; what pytest finds by itself it shall find by itself."""
    return list(target.test_paths) if target.tests_named else []
