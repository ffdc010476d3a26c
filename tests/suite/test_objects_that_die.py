"""An object that a test drops dies at that moment, as in plain pytest: the watch of shared state does not keep it."""

from __future__ import annotations

import pytest

from tests.suite.conftest import Run
from tests.suite.projects import outcomes

pytestmark = pytest.mark.slow

ON_PATH = {"pytest.ini": "[pytest]\npythonpath = .\n"}

APP = """
    class Socket:
        pass


    class Connection:
        def __init__(self):
            self.socket = Socket()


    CONNECTION = Connection()
    POOL = {"main": Connection()}
"""

DROPPED = "tests/test_a.py::test_is_dropped"


@pytest.mark.parametrize("isolation", ["fork", "process"])
@pytest.mark.parametrize(
    ("what", "drops"),
    [
        ("app.CONNECTION", "app.CONNECTION = None"),
        ("app.CONNECTION.socket", "app.CONNECTION = None"),
        ("app.POOL['main']", "app.POOL.clear()"),
        ("app.POOL['main'].socket", "app.POOL['main'] = app.CONNECTION"),
    ],
)
def test_an_object_that_a_test_drops_is_gone_at_once(run: Run, what: str, drops: str, isolation: str) -> None:
    test = f"""
        import weakref
        import app

        def test_is_dropped():
            seen = weakref.ref({what})
            {drops}
            assert seen() is None
    """
    facts = run({"app.py": APP, "tests/test_a.py": test, **ON_PATH}, isolation=isolation, workers=1)

    assert outcomes(facts) == {DROPPED: "passed"}


HELD = """
    import logging


    class Connection:
        pass


    class Slotted:
        __slots__ = ("name", "__weakref__")


    class Pool(list):
        pass


    def made(number):
        def plugin():
            return number

        return plugin


    NODE = Connection()
    NODE.me = NODE
    SLOTTED, POOL = Slotted(), Pool([1])
    LISTED = {"main": [Connection()]}
    PLUGINS = {"function": made(1), "class": type("Plugin", (), {})}
    HANDLER = logging.NullHandler()
    logging.getLogger("app").addHandler(HANDLER)
"""


@pytest.mark.parametrize("isolation", ["fork", "process"])
@pytest.mark.parametrize(
    ("what", "drops"),
    [
        ("app.NODE", "app.NODE = None"),
        ("app.SLOTTED", "app.SLOTTED = None"),
        ("app.POOL", "app.POOL = None"),
        ("app.LISTED['main'][0]", "app.LISTED.clear()"),
        ("app.PLUGINS['function']", "app.PLUGINS.clear()"),
        ("app.PLUGINS['class']", "app.PLUGINS.clear()"),
        ("app.HANDLER", "logging.getLogger('app').removeHandler(app.HANDLER); app.HANDLER = None"),
    ],
)
def test_what_the_watch_keeps_until_its_next_look_costs_no_test_its_outcome(
    run: Run, what: str, drops: str, isolation: str
) -> None:
    test = f"""
        import gc
        import logging
        import weakref
        import app

        def test_is_dropped():
            seen = weakref.ref({what})
            {drops}
            gc.collect()
            assert seen() is None
    """
    files = {"app.py": HELD, "tests/test_a.py": test, "tests/test_b.py": "def test_b(): pass\n", **ON_PATH}

    facts = run(files, isolation=isolation, workers=2)

    assert outcomes(facts) == {DROPPED: "passed", "tests/test_b.py::test_b": "passed"}


def test_an_object_that_takes_the_place_of_one_that_died_is_a_changed_state(run: Run) -> None:
    facts = run(
        {
            "app.py": APP,
            "tests/test_a.py": """
                import app

                def test_replaces():
                    app.CONNECTION = None
                    app.CONNECTION = app.Connection()
                    app.CONNECTION.is_new = True
            """,
            "tests/test_b.py": """
                import app

                def test_is_the_old_one():
                    assert not hasattr(app.CONNECTION, "is_new")
            """,
            **ON_PATH,
        },
        isolation="file",
    )

    assert outcomes(facts)["tests/test_b.py::test_is_the_old_one"] == "failed"
    (found,) = facts.polluted
    assert found.polluters == ("tests/test_a.py::test_replaces",)
    assert [state.path for state in found.states][:1] == ["app.CONNECTION"]
