"""Which worker this is, told in the words of pytest-xdist, where a suite asks for it: by that, suites give each worker
a database or a port of its own.
"""

import os
import sys

FIXTURES = frozenset(("worker_id", "testrun_uid"))
PLUGINS = ("django", "pytest_postgresql", "pytest_mysql", "pytest_redis")
WORDS = (b"PYTEST_XDIST_WORKER", b"workerinput")
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


def _texts(paths):
    for path in set(paths):
        try:
            with open(path, "rb") as stream:
                yield path, stream.read()
        except OSError:
            pass


def introduce(config, slot, workers, run):
    """Make this process known as worker ``slot`` of so many."""
    name = "gw%d" % slot
    config.workerinput = {"workerid": name, "workercount": workers, "testrunuid": run, "mainargv": list(sys.argv)}
    os.environ["PYTEST_XDIST_WORKER"] = name
    os.environ["PYTEST_XDIST_WORKER_COUNT"] = str(workers)
    os.environ["PYTEST_XDIST_TESTRUNUID"] = run
