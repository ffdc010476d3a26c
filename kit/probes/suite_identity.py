"""Which worker this is, told in the words of pytest-xdist, where a suite asks for it: by that, suites give each worker
a database or a port of its own.
"""

import ast
import os
import sys

FIXTURES = frozenset(("worker_id", "testrun_uid"))
PLUGINS = ("django", "pytest_postgresql", "pytest_mysql", "pytest_redis")
WORDS = (b"PYTEST_XDIST_WORKER", b"workerinput")
#: hooks of a conftest that are called before a test is collected
EARLY = frozenset(("pytest_load_initial_conftests", "pytest_configure", "pytest_sessionstart", "pytest_generate_tests"))
#: a suite that prepares its workers before they begin cannot be told afterwards who they are: it stays as it is
PREPARES = b"pytest_configure_node"


def who_asks(config, items, modules):
    """What of the suite asks for workers' names, ``""`` when nothing does; ``modules`` are the paths of its own."""
    texts = dict(_texts(modules))
    if any(PREPARES in text for text in texts.values()):
        return ""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in FIXTURES:
                return "the fixture %s" % name
    for plugin in PLUGINS:
        if config.pluginmanager.hasplugin(plugin):
            return "the plugin %s" % plugin
    for path, text in sorted(texts.items()):
        for word in WORDS:
            if word in text:
                return "%s in %s" % (word.decode(), os.path.basename(path))
    return ""


def who_asks_early(modules):
    """What of the suite asks for them when it is imported or configured, ``""`` when nothing does: by then a process
    that is going to be copied has no name yet.
    """
    texts = dict(_texts(modules))
    if any(PREPARES in text for text in texts.values()):
        return ""
    for path, text in sorted(texts.items()):
        for word in WORDS:
            if word in text and _stands_early(text, word.decode()):
                return "%s asks for %s before a test runs" % (os.path.basename(path), word.decode())
    return ""


def _stands_early(text, word):
    """Whether a word stands outside of all functions, or in a hook that is called early."""
    try:
        waiting = [ast.parse(text)]
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


def _texts(paths):
    for path in set(paths):
        try:
            with open(path, "rb") as stream:
                yield path, stream.read()
        except OSError:
            pass


def introduce(config, slot, workers, run):
    """Make this process known as worker ``slot`` of so many."""
    name_environment(slot, workers, run)
    config.workerinput = {
        "workerid": "gw%d" % slot,
        "workercount": workers,
        "testrunuid": run,
        "mainargv": list(sys.argv),
    }


def name_environment(slot, workers, run):
    """The part of that which can be done before there is a pytest."""
    os.environ["PYTEST_XDIST_WORKER"] = "gw%d" % slot
    os.environ["PYTEST_XDIST_WORKER_COUNT"] = str(workers)
    os.environ["PYTEST_XDIST_TESTRUNUID"] = run
