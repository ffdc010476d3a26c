"""Which worker this is, told in the words of pytest-xdist, where a suite asks for it: by that, suites give each worker
a database or a port of its own.
"""

import os
import sys
import types

FIXTURES = frozenset(("worker_id", "testrun_uid"))
PLUGINS = ("django", "pytest_postgresql", "pytest_mysql", "pytest_redis")
WORDS = (b"PYTEST_XDIST_WORKER", b"workerinput")


def who_asks(config, items, modules):
    """What of the suite asks for workers' names, ``""`` when nothing does; ``modules`` are the paths of its own."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in FIXTURES:
                return "the fixture %s" % name
    for plugin in PLUGINS:
        if config.pluginmanager.hasplugin(plugin):
            return "the plugin %s" % plugin
    for path in sorted(set(modules)):
        try:
            with open(path, "rb") as stream:
                text = stream.read()
        except OSError:
            continue
        for word in WORDS:
            if word in text:
                return "%s in %s" % (word.decode(), os.path.basename(path))
    return ""


def introduce(config, slot, workers, run):
    """Make this process known as worker ``slot`` of so many."""
    name = "gw%d" % slot
    node = types.SimpleNamespace(
        config=config,
        gateway=types.SimpleNamespace(id=name),
        workerinput={
            "workerid": name,
            "workercount": workers,
            "testrunuid": run,
            "mainargv": list(sys.argv),
        },
    )
    configure_node = getattr(config.hook, "pytest_configure_node", None)
    if configure_node is not None:
        configure_node(node=node)  # where suites hand things to their workers
    config.workerinput = node.workerinput
    os.environ["PYTEST_XDIST_WORKER"] = name
    os.environ["PYTEST_XDIST_WORKER_COUNT"] = str(workers)
    os.environ["PYTEST_XDIST_TESTRUNUID"] = run
