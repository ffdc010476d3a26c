"""Which worker this is, told in the words of pytest-xdist, where a suite asks for it: by that, suites give each worker
a database or a port of its own.
"""

from __future__ import annotations

import ast
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple


FIXTURES = frozenset(("worker_id", "testrun_uid"))
PLUGINS = ("django", "pytest_postgresql", "pytest_mysql", "pytest_redis")
VARIABLE = b"PYTEST_XDIST_WORKER"
WORDS = (VARIABLE, b"workerinput")
#: hooks of a conftest that are called before a test is collected
EARLY = frozenset(("pytest_load_initial_conftests", "pytest_configure", "pytest_sessionstart", "pytest_generate_tests"))
#: the hook by which a suite prepares its workers before they begin: one that finds no name there must get none later
PREPARES = "pytest_configure_node"
#: whose hooks of that name have nothing to do without xdist
IDLE_HOOKS = ("xdist", "pytest_cov")
#: plugins with a hook for workers that have a name from the start, each with the option that makes its hook matter.
#: The first plugin counts crashed workers and limits the re-runs of tests; the hooks of the others only repeat to each
#: worker what its copy of the process knows already
TOOLS = {"pytest_rerunfailures": "max_suite_reruns", "pytest_randomly": "", "pytest_mypy": ""}


def who_asks(config: Any, items: List[Any], modules: Iterable[str]) -> Dict[str, str]:
    """What of the suite asks for workers' names: ``names`` at all, ``early`` when it is imported or configured (by then
    a process that is going to be copied has no name yet), ``prepares`` them, ``prepares_named``: only those that have a
    name from the start; each ``""`` when nothing does. ``modules`` are the paths of its own.
    """
    texts = {path: text for path, text in _texts(modules) if any(word in text for word in (*WORDS, PREPARES.encode()))}
    hooks = who_prepares(config)
    if hooks["prepares"] or any(PREPARES.encode() in text for text in texts.values()):
        return dict(hooks, names=hooks["prepares"], early="")
    return dict(hooks, names=_who_asks(config, items, texts), early=_who_asks_early(texts))


def who_prepares(config: Any) -> Dict[str, str]:
    """The hook that prepares workers, and the one that does so for those that have a name from the start; each ``""``
    when there is none.
    """
    found = {"prepares": "", "prepares_named": ""}
    hook = getattr(config.hook, PREPARES, None)
    for implementation in hook.get_hookimpls() if hook is not None else ():
        owner = implementation.function.__module__.partition(".")[0]
        if owner not in IDLE_HOOKS:
            is_tool = owner in TOOLS and getattr(config.option, TOOLS[owner], None) is None
            place = os.path.basename(implementation.function.__code__.co_filename)
            found["prepares_named" if is_tool else "prepares"] = "%s in %s" % (PREPARES, place)
    return found


def _who_asks(config: Any, items: List[Any], texts: Dict[str, bytes]) -> str:
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in FIXTURES:
                return "the fixture %s" % name
    for plugin in PLUGINS:
        if config.pluginmanager.hasplugin(plugin):
            return "the plugin %s" % plugin
    for path, _, word in _readers(texts):
        return "%s in %s" % (word, os.path.basename(path))
    return ""


def _who_asks_early(texts: Dict[str, bytes]) -> str:
    for path, text, word in _readers(texts):
        if _stands_early(text, word):
            return "%s asks for %s before a test runs" % (os.path.basename(path), word)
    return ""


def _readers(texts: Dict[str, bytes]) -> Iterator[Tuple[str, bytes, str]]:
    """``(path, text, word)`` for each of the words that a file reads. A file that only asks whether its process is a
    worker of xdist has to find that it is none.
    """
    for path, text in sorted(texts.items()):
        for word in WORDS:
            if word in text and not (word == VARIABLE and only_asks_whether(text, word.decode())):
                yield path, text, word.decode()


def only_asks_whether(text: bytes, word: str) -> bool:
    """Whether an environment variable is nowhere read: only whether it is set decides something."""
    try:
        waiting: List[Tuple[ast.AST, List[ast.AST]]] = [(ast.parse(text), [])]
    except (SyntaxError, ValueError):
        return False
    for node, above in waiting:  # grows while it is walked
        value = getattr(node, "value", None)
        if isinstance(value, str) and word in value and not (value == word and _is_a_condition(node, above)):
            return False
        waiting.extend((child, [node, *above[:1]]) for child in ast.iter_child_nodes(node))
    return True


def _is_a_condition(name: ast.AST, above: List[ast.AST]) -> bool:
    """``NAME in os.environ``, or ``os.getenv(NAME)`` where only its truth counts; ``above``: the two nodes around."""
    parent, around = above
    if isinstance(parent, ast.Compare):
        return parent.left is name and isinstance(parent.ops[0], (ast.In, ast.NotIn))
    if not isinstance(parent, ast.Call) or len(parent.args) != 1 or parent.func is name:
        return False
    if getattr(parent.func, "attr", getattr(parent.func, "id", "")) not in ("get", "getenv"):
        return False
    if isinstance(around, ast.Compare):
        return isinstance(around.ops[0], (ast.Is, ast.IsNot))
    return isinstance(around, ast.UnaryOp) or getattr(around, "test", None) is parent


def _stands_early(text: bytes, word: str) -> bool:
    """Whether a word stands outside of all functions, or in a hook that is called early."""
    try:
        waiting: List[ast.AST] = [ast.parse(text)]
    except (SyntaxError, ValueError):
        return False
    for node in waiting:  # grows while it is walked
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                if getattr(child, "name", "") not in EARLY:
                    continue
            elif word in (getattr(child, "attr", None), getattr(child, "value", None)):
                return True
            waiting.append(child)
    return False


def _texts(paths: Iterable[str]) -> Iterator[Tuple[str, bytes]]:
    for path in set(paths):
        try:
            with open(path, "rb") as stream:
                yield path, stream.read()
        except OSError:
            pass


class WorkerNode:
    """What the suite's hooks get for a worker that they prepare: as much of xdist's as there is without xdist."""

    def __init__(self, config: Any, slot: int, workers: int, run: str) -> None:
        self.config, self.workerinput = config, worker_input(slot, workers, run)
        self.gateway = type("Gateway", (), {"id": self.workerinput["workerid"]})()


class Preparing:
    """Calls these hooks in the process that collects, which plays the part of xdist's controller."""

    def __init__(self, config: Any) -> None:
        self._config = config
        self._nodes: Dict[int, WorkerNode] = {}

    def prepare(self, slot: int, workers: int, run: str) -> Dict[str, Any]:
        """What the suite gives the worker that is about to begin, as JSON can say it."""
        node = self._nodes[slot] = WorkerNode(self._config, slot, workers, run)
        self._config.hook.pytest_configure_node(node=node)
        return node.workerinput

    def dismiss(self, slot: int) -> None:
        """The worker has ended."""
        node, hook = self._nodes.pop(slot, None), getattr(self._config.hook, "pytest_testnodedown", None)
        if node is not None and hook is not None:
            hook(node=node, error=None)


def introduce(config: Any, slot: int, workers: int, run: str, prepared: Optional[Dict[str, Any]] = None) -> None:
    """Make this process known as worker ``slot`` of ``workers``; ``prepared`` is its input from the suite."""
    name_environment(slot, workers, run)
    config.workerinput = prepared or worker_input(slot, workers, run)


def worker_input(slot: int, workers: int, run: str) -> Dict[str, Any]:
    """What xdist tells each worker."""
    return {"workerid": "gw%d" % slot, "workercount": workers, "testrunuid": run, "mainargv": list(sys.argv)}


def name_environment(slot: int, workers: int, run: str) -> None:
    """The part of that which can be done before there is a pytest."""
    os.environ["PYTEST_XDIST_WORKER"] = "gw%d" % slot
    os.environ["PYTEST_XDIST_WORKER_COUNT"] = str(workers)
    os.environ["PYTEST_XDIST_TESTRUNUID"] = run
