"""What is recorded of a real run: which functions each test has run; and nothing that tests can see is different."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit.facts.target import Target
from kit.suite import RunOptions, run_suite
from kit.suite.select.keeping import load_record
from kit.suite.select.tree_facts import TreeFacts
from tests.helpers import write_project
from tests.suite.projects import outcomes, target_of

pytestmark = pytest.mark.slow

APP = {
    "pytest.ini": "[pytest]\n",
    "README.md": "The shop.",
    "conftest.py": "import pytest\n",
    "shop/__init__.py": "",
    "shop/money.py": """
        from __future__ import annotations
        import contextlib, dataclasses, functools, threading

        RATES = {"x": 2}

        def plain(x): return x + 1

        def outer():
            def inner(): return 1
            return inner

        def numbers():
            yield 1
            yield 2

        async def waits(): return await answers()

        async def answers(): return 7

        def each(values): return (one for one in values)

        def adds(by): return lambda one: one + by

        def decorated(function):
            @functools.wraps(function)
            def wrapper(*arguments): return function(*arguments)
            return wrapper

        @decorated
        def wrapped(): return 5

        @dataclasses.dataclass
        class Point:
            x: int = 0

            @property
            def double(self): return self.x * 2

            @double.setter
            def double(self, value): self.x = value // 2

            def __lt__(self, other): return self.x < other.x

        def made_while_imported(): return 3

        MADE = made_while_imported()

        @contextlib.contextmanager
        def opened():
            yield 1
            plain(1)

        def in_a_thread():
            thread = threading.Thread(target=plain, args=(1,))
            thread.start()
            thread.join()
    """,
    "tests/test_a.py": """
        import asyncio, multiprocessing, os, pathlib, pkgutil, subprocess, sys
        import pytest
        from shop import money
        from shop.money import *

        @pytest.fixture(scope="session")
        def whole():
            with money.opened() as one:
                yield one

        @pytest.fixture(scope="module")
        def made(request): return request.getfixturevalue("whole") + money.plain(1)

        INNER, BY_TWO, NUMBERS, EACH = outer(), adds(2), numbers(), each([1, 2])

        def test_nothing(): pass
        def test_plain(): assert money.plain(1) == 2
        def test_inner_function_made_while_imported(): assert INNER() == 1
        def test_lambda_made_while_imported(): assert BY_TWO(1) == 3
        def test_first(): assert next(NUMBERS) == 1
        def test_resumed(): assert next(NUMBERS) == 2
        def test_generator_expression(): assert next(EACH) == 1
        def test_async(): assert asyncio.run(money.waits()) == 7
        def test_wrapped(): assert money.wrapped() == 5
        def test_property(): assert money.Point(2).double == 4
        def test_setter(): money.Point(2).double = 6
        def test_from_c(): assert sorted([money.Point(2), money.Point(1)])[0].x == 1
        def test_module_fixture(made): assert made == 3
        def test_module_fixture_again(made): assert made == 3
        def test_thread(): money.in_a_thread()
        def test_program(): subprocess.run([sys.executable, "-c", ""], check=True)
        def test_harmless_program(): subprocess.run(["true"], check=True)
        def test_text(): assert "def plain" in pathlib.Path(money.__file__).read_text()
        def test_text_of_a_package(): assert b"def plain" in pkgutil.get_data("shop", "money.py")
        def test_prose(): assert pathlib.Path(money.__file__).parents[1].joinpath("README.md").read_text()
        def test_spawned():
            process = multiprocessing.get_context("spawn").Process(target=os.getpid)
            process.start()
            process.join()
        def test_late_import():
            import shop.late
            assert shop.late.ANSWER == 2
        @pytest.mark.parametrize("value", [money.plain(4)])
        def test_value(value): assert value == 5
    """,
    "shop/late.py": "from shop.money import plain\nANSWER = plain(1)\ndef unused(): ...\n",
}

MONEY = "shop/money.py"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return target_of(write_project(tmp_path_factory.mktemp("recorded") / "app", APP))


@pytest.fixture(scope="module", params=["fork", "process"])
def ran(app: Target, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """By test the units that it has run: names of functions, ``text``, ``elsewhere``."""
    events = tmp_path_factory.mktemp("events") / "events.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(events.parent / "cache"))
        facts = run_suite(app, events=events, options=RunOptions(records=True, isolation=request.param, workers=1))
        record = load_record(app)
    assert set(outcomes(facts).values()) == {"passed"}
    assert record is not None
    assert record.during[MONEY, "made_while_imported"] == {MONEY}
    assert record.during[MONEY, "plain"] >= {"tests/test_a.py"}
    assert ("", "") not in record.during, "kit forks processes of its own while the suite is collected"
    assert {"tests/test_a.py"} <= record.unseen
    assert {MONEY, "shop/__init__.py", "shop/late.py"} <= record.seen
    return {
        name.partition("::")[2]: {
            unit or ("text" if path else "elsewhere") for path, unit, _ in (record.units[number] for number in own)
        }
        for name, (own, _, _) in record.tests.items()
    }


def test_each_test_has_run_what_it_reached(ran: dict[str, set[str]]) -> None:
    assert ran["test_nothing"] == set()
    assert ran["test_plain"] == {"plain"}
    assert ran["test_async"] == {"waits", "answers"}
    assert ran["test_wrapped"] >= {"decorated", "wrapped"}
    assert ran["test_property"] == {"Point.double"}
    assert ran["test_setter"] == {"Point.double#2"}
    assert ran["test_from_c"] == {"Point.__lt__"}
    assert ran["test_thread"] == {"in_a_thread", "plain"}


def test_what_was_made_earlier_belongs_to_the_function_that_made_it(ran: dict[str, set[str]]) -> None:
    assert ran["test_inner_function_made_while_imported"] == {"outer"}
    assert ran["test_lambda_made_while_imported"] == {"adds"}
    assert ran["test_first"] == ran["test_resumed"] == {"numbers"}
    assert ran["test_generator_expression"] == {"each"}


def test_fixtures_of_a_wider_scope_belong_to_all_tests_that_use_them(ran: dict[str, set[str]]) -> None:
    assert ran["test_module_fixture"] >= {"opened", "plain"}
    assert ran["test_module_fixture_again"] >= {"opened", "plain"}


def test_what_cannot_be_seen_is_known_to_be_unknown(ran: dict[str, set[str]]) -> None:
    assert ran["test_program"] == {"elsewhere"}
    assert ran["test_harmless_program"] == set()
    assert ran["test_spawned"] == {"elsewhere"}
    assert ran["test_text"] == ran["test_text_of_a_package"] == ran["test_prose"] == {"text"}
    assert "plain" in ran["test_late_import"]


SAME = {
    "pytest.ini": "[pytest]\n",
    "app.py": '''
        """The app."""
        import warnings

        class Trouble(Exception): pass

        def fails(value):
            """Fails."""

            raise Trouble(
                value
            )

        def through(value):
            return fails(value)

        def warns(): warnings.warn("careful", stacklevel=2)

        async def coroutine():
            "Waits."
            await other()

        async def other(): raise Trouble(2)
    ''',
    "test_app.py": """
        import asyncio, copy, dis, inspect, pickle, sys, traceback
        import app
        import pytest

        def lines(error): return [(frame.name, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)][1:]

        def test_traceback():
            with pytest.raises(app.Trouble) as caught: app.through(1)
            assert lines(caught.value) == [("through", 14), ("fails", 9)]

        def test_traceback_of_a_coroutine():
            with pytest.raises(app.Trouble) as caught: asyncio.run(app.coroutine())
            assert lines(caught.value)[-2:] == [("coroutine", 20), ("other", 22)]

        def test_docstring(): assert app.fails.__doc__ == "Fails." and app.coroutine.__doc__ == "Waits."

        def test_source(): assert inspect.getsource(app.through) == "def through(value):\\n    return fails(value)\\n"

        def test_names():
            assert app.fails.__code__.co_names == ("Trouble",) and app.fails.__code__.co_varnames == ("value",)
            assert [name for name in vars(app) if "kit" in name] == []

        def test_pickle(): assert pickle.loads(pickle.dumps(app.fails)) is app.fails

        def test_copy_and_hash(): assert copy.deepcopy(app.fails) is app.fails and hash(app.fails.__code__)

        def test_warning():
            with pytest.warns(UserWarning, match="careful") as caught: app.warns()
            assert caught[0].filename == __file__

        def test_lines_traced():
            seen = []
            def trace(frame, event, argument):
                if frame.f_code.co_filename.endswith("app.py"): seen.append((event, frame.f_lineno))
                return trace
            sys.settrace(trace)
            try: app.through(1)
            except app.Trouble: pass
            finally: sys.settrace(None)
            assert [line for event, line in seen if event == "line"][:3] == [14, 9, 10]

        def test_import_error(tmp_path, monkeypatch):
            (tmp_path / "broken.py").write_text("def f(:")
            monkeypatch.syspath_prepend(tmp_path)
            with pytest.raises(SyntaxError) as caught: import broken
            assert [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)] == ["test_import_error"]
    """,
}


def test_nothing_that_tests_can_see_is_different(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    target = target_of(write_project(tmp_path / "app", SAME))
    found = [
        outcomes(run_suite(target, events=tmp_path / f"{is_recorded}.jsonl", options=RunOptions(records=is_recorded)))
        for is_recorded in (False, True)
    ]

    assert set(found[0].values()) == {"passed"}
    assert found[0] == found[1]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="later Python reports what runs: no code is changed")
def test_an_app_that_looks_at_compiled_code_is_not_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    files = {
        "pytest.ini": "[pytest]\n",
        "app.py": "def one(): return 1\n",
        "test_app.py": "import app\ndef test_constants(): assert app.one.__code__.co_consts == (None, 1)\n",
    }
    target = target_of(write_project(tmp_path / "app", files))

    facts = run_suite(target, events=tmp_path / "events.jsonl", options=RunOptions(records=True))

    assert set(outcomes(facts).values()) == {"passed"}
    record = load_record(target)
    assert record is not None
    assert not record.tests
    tree = TreeFacts.read(target.path, record.known)
    assert tree.files.keys() == {"pytest.ini", "app.py", "test_app.py"}
    assert all(one is record.known[path] for path, one in tree.seen.items()), "a file was read again"
