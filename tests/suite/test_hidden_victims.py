"""A test that fails in plain pytest because of what an earlier file left changed fails here too, and kit says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from kit.facts.suite import SuiteFacts
from kit.probes.suite.state_work import StateWork
from kit.wire.messages import FromProbe
from tests.suite.conftest import Run
from tests.suite.projects import by_name, outcomes

pytestmark = pytest.mark.slow

CHANGES, FINE_A = "tests/test_a.py::test_changes", "tests/test_a.py::test_fine"
READS, FINE_B = "tests/test_b.py::test_reads", "tests/test_b.py::test_fine"

APP = {
    "app/__init__.py": "",
    "app/rates.py": """
        import os

        CURRENCY = "USD"
        HANDLERS = ["mail"]


        class Limits:
            most = 5


        def currency():
            return CURRENCY


        def region():
            return os.environ.get("APP_REGION", "none")
    """,
    "tests/conftest.py": """
        import os
        import sys

        sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    """,
}


def ran(run: Run, polluting: str, victim: str, **options: object) -> SuiteFacts:
    """Run a polluter and its victim, which stand in files of their own, each file in a process of its own."""
    fine = "\ndef test_fine():\n    assert True\n"
    imports = "import asyncio\nimport os\nimport app.rates\n"
    files = {
        **APP,
        "tests/test_a.py": f"{imports}\ndef test_changes():\n    {polluting}\n{fine}",
        "tests/test_b.py": f"import os\nimport app.rates\n{fine}\ndef test_reads():\n    {victim}\n",
    }
    return run(files, isolation="file", **options)


@pytest.mark.parametrize(
    ("polluting", "victim", "state"),
    [
        ("app.rates.CURRENCY = 'EUR'", "assert app.rates.currency() == 'USD'", "app.rates.CURRENCY: 'USD' → 'EUR'"),
        (
            "os.environ['APP_REGION'] = 'eu'",
            "assert app.rates.region() == 'none'",
            "os.environ['APP_REGION']: missing → 'eu'",
        ),
        ("os.chdir('app')", "assert os.path.basename(os.getcwd()) != 'app'", "os.getcwd(): "),
        ("app.rates.Limits.most = 9", "assert app.rates.Limits().most == 5", "app.rates.Limits.most: 5 → 9"),
        (
            "app.rates.HANDLERS.append('sms')",
            "assert len(app.rates.HANDLERS) == 1",
            "app.rates.HANDLERS: ['mail'] → ['mail', 'sms']",
        ),
        (
            "app.rates.currency = lambda: 'GBP'",
            "assert app.rates.currency() == 'USD'",
            "app.rates.currency: app.rates.currency → ",
        ),
        (
            "import asyncio; asyncio.run(asyncio.sleep(0))",
            "import asyncio; assert asyncio.get_event_loop() is not None",
            "asyncio.get_event_loop(): ",
        ),
    ],
    ids=["global", "environ", "cwd", "class", "registry", "patched", "event loop"],
)
def test_the_victim_fails_as_in_a_plain_run_and_polluter_and_state_are_named(
    run: Run, polluting: str, victim: str, state: str
) -> None:
    facts = ran(run, polluting, victim)

    assert outcomes(facts) == {CHANGES: "passed", FINE_A: "passed", FINE_B: "passed", READS: "failed"}
    assert by_name(facts)["test_reads"].alone == "passes_alone"
    [polluted] = facts.polluted
    assert polluted.victim == READS
    assert polluted.polluters == (CHANGES,)
    assert str(polluted.states[0]).startswith(state)
    assert len(polluted.states) == 1
    assert polluted.instead == "passed"


def test_a_test_that_needs_what_an_earlier_file_changes_passes_as_in_a_plain_run(run: Run) -> None:
    facts = ran(run, "app.rates.CURRENCY = 'EUR'", "assert app.rates.currency() == 'EUR'")

    assert outcomes(facts)[READS] == "passed"
    [polluted] = facts.polluted
    assert (polluted.instead, polluted.polluters) == ("failed", (CHANGES,))


def test_state_that_nobody_reads_is_no_news(run: Run) -> None:
    facts = ran(run, "app.rates.CURRENCY = 'EUR'", "assert app.rates.region() == 'none'")

    assert facts.is_fine
    assert facts.polluted == ()


def test_processes_that_collect_for_themselves_are_watched_as_well(run: Run) -> None:
    files: Mapping[str, str] = {
        **APP,
        "tests/test_a.py": """
            import time
            import app.rates

            def test_changes():
                app.rates.CURRENCY = "EUR"
                time.sleep(0.5)
        """,
        "tests/test_b.py": """
            import app.rates

            def test_reads():
                assert app.rates.currency() == "USD"
        """,
    }

    facts = run(files, isolation="process", workers=2)

    assert outcomes(facts) == {CHANGES: "passed", READS: "failed"}
    assert [one.polluters for one in facts.polluted] == [(CHANGES,)]
    assert [str(state) for state in facts.polluted[0].states] == ["app.rates.CURRENCY: 'USD' → 'EUR'"]


HARMLESS = {
    **APP,
    "tests/test_a.py": """
        import app.rates

        def test_changes():
            app.rates.CURRENCY = "EUR"
    """,
    "tests/test_b.py": """
        import app.rates

        def test_reads():
            assert len(app.rates.currency()) == 3
    """,
}


def rerun(run: Run, files: Mapping[str, str], before: SuiteFacts) -> tuple[SuiteFacts, list[object]]:
    """Run again with what an earlier run has settled; the facts, and how many tests each re-run had."""
    events: list[Mapping[str, object]] = []
    facts = run(files, isolation="file", settled_states=frozenset(before.settled_states), on_event=events.append)
    return facts, [event["tests"] for event in events if event["kind"] == "rechecking"]


FILLED = """
    import asyncio
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    app = Starlette()

    def answered():
        return TestClient(app).get("/").status_code
"""


def test_what_a_library_fills_by_itself_makes_nobody_a_suspect(run: Run) -> None:
    test = "import asyncio\nimport shop\n\ndef test_it():\n    asyncio.run(asyncio.sleep(0))\n"
    test += "    assert shop.answered() == 404\n"

    facts, asked = rerun(run, {"shop.py": FILLED, "test_a.py": test, "test_b.py": test}, SuiteFacts())

    assert (facts.is_fine, asked) == (True, [])


def test_what_made_no_difference_is_not_asked_again_until_a_file_changes(run: Run) -> None:
    first, asked_first = rerun(run, HARMLESS, SuiteFacts())
    second, asked_again = rerun(run, HARMLESS, first)
    changed = {
        **HARMLESS,
        "tests/test_b.py": HARMLESS["tests/test_b.py"].replace(
            "len(app.rates.currency()) == 3", "app.rates.currency() == 'USD'"
        ),
    }
    third, _ = rerun(run, changed, second)

    assert [first.is_fine, second.is_fine, third.is_fine] == [True, True, False]
    assert asked_first == [2]
    assert asked_again == []
    assert [one.victim for one in third.polluted] == [READS]


def test_a_victim_that_failed_in_its_place_is_not_taken_for_indifferent_in_the_next_run(run: Run) -> None:
    files = {
        **HARMLESS,
        "tests/test_b.py": "import app.rates\n\ndef test_reads():\n    assert app.rates.currency() == 'USD'\n",
    }
    first = run(files, workers=1)
    second = run(files, isolation="file", settled_states=frozenset(first.settled_states))

    assert [outcomes(facts) for facts in (first, second)] == [{CHANGES: "passed", READS: "failed"}] * 2
    assert [one.polluters for one in second.polluted] == [(CHANGES,)]


def test_objects_that_pass_themselves_off_as_something_else_cost_no_test(run: Run) -> None:
    """A library of cffi in ``sys.modules`` says that it is a module; a proxy without its request can say nothing."""
    app = """
        import sys
        import types


        class Library:
            __class__ = property(lambda self: types.ModuleType)


        class Proxy:
            __class__ = property(lambda self: 1 // 0)


        sys.modules["app.library"] = Library()
        CURRENT = Proxy()
        MOST = [5]
    """
    test = "import app\n\ndef test_most():\n    assert app.MOST == [5]\n"
    facts = run({**APP, "app/__init__.py": app, "tests/test_a.py": test, "tests/test_b.py": test}, isolation="file")

    assert set(outcomes(facts).values()) == {"passed"}
    assert facts.problem is None
    assert facts.state_watch is None


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_a_watch_that_fails_costs_no_test_and_is_told(run: Run, isolation: str) -> None:
    app = "Unhashable = type('Unhashable', (), {'__module__': []})\n"
    test = "import app\n\ndef test_it():\n    assert app.Unhashable\n"
    facts = run({**APP, "app/__init__.py": app, "tests/test_a.py": test, "tests/test_b.py": test}, isolation=isolation)

    assert outcomes(facts) == {"tests/test_a.py::test_it": "passed", "tests/test_b.py::test_it": "passed"}
    assert facts.state_watch == (
        "kit could not watch the state that tests share (TypeError: unhashable type: 'list'): "
        "a test may fail in plain order alone."
    )


def test_what_a_failing_test_needs_is_not_remembered_as_making_no_difference(run: Run) -> None:
    needed = {
        **APP,
        "tests/test_a.py": "import app.rates\n\ndef test_changes():\n    app.rates.HANDLERS.append('sms')\n",
        "tests/test_b.py": "import app.rates\n\ndef test_adds():\n    app.rates.HANDLERS.append('fax')\n\n"
        "def test_reads():\n    assert len(app.rates.HANDLERS) == 3\n",
    }
    told: list[Mapping[str, object]] = []

    first = run(needed, isolation="test", on_event=told.append)
    settled = [answer for one in told if one["kind"] == "state_settled" for answer in one["answers"]]  # type: ignore[attr-defined]
    second = run(needed, isolation="file", settled_states=frozenset(settled))

    assert first.is_fine
    assert second.is_fine


#: a failing test that changes what others see: it runs alone and in plain order, and may not be started once more
BESIDE_A_FAILURE = {
    **APP,
    "tests/test_a.py": """
        import app.rates

        def test_fails():
            app.rates.HANDLERS.append("sms")
            assert app.rates.region() == "eu"

        def test_changes():
            app.rates.CURRENCY = "EUR"
    """,
    "tests/test_b.py": """
        import sys
        import app.rates

        def test_reads():
            assert app.rates.currency() == "USD"

        def test_fine():
            assert app.rates.currency() and app.rates.HANDLERS
            assert sys.getprofile() is None
    """,
}
FAILS = "tests/test_a.py::test_fails"


def starts(events: list[Mapping[str, object]]) -> Counter[object]:
    """How often each test was started, by the events of a run."""
    told: Counter[object] = Counter(event["nodeid"] for event in events if event["kind"] == "finished")
    for event in events:
        if event["kind"] == "restarted":
            told.update(event["nodeids"])  # type: ignore[call-overload]
    return told


def test_tests_that_pass_run_without_a_profiler_and_victims_are_named_all_the_same(run: Run) -> None:
    events: list[Mapping[str, object]] = []

    facts = run(BESIDE_A_FAILURE, isolation="file", on_event=events.append)

    assert outcomes(facts) == {FAILS: "failed", CHANGES: "passed", READS: "failed", FINE_B: "passed"}
    assert [(one.victim, one.polluters) for one in facts.polluted] == [(READS, (CHANGES,))]
    assert [str(state) for state in facts.polluted[0].states] == ["app.rates.CURRENCY: 'USD' → 'EUR'"]
    assert starts(events) == {FAILS: 3, CHANGES: 3, READS: 3, FINE_B: 2}  # one more tells who of test_a.py it was


def test_of_two_tests_of_a_file_that_change_a_state_the_one_whose_value_the_victim_saw_is_named(run: Run) -> None:
    files = {
        **BESIDE_A_FAILURE,
        "tests/test_a.py": BESIDE_A_FAILURE["tests/test_a.py"]
        + """
        def test_changes_again():
            app.rates.CURRENCY = "GBP"

        def test_changes_nothing():
            assert app.rates.currency() == "GBP"
    """,
    }

    facts = run(files, isolation="file")

    (found,) = (one for one in facts.polluted if one.victim == READS)
    assert found.polluters == ("tests/test_a.py::test_changes_again",)
    assert [str(state) for state in found.states] == ["app.rates.CURRENCY: 'USD' → 'GBP'"]


def test_a_victim_that_changes_the_state_as_well_is_not_taken_for_its_polluter(run: Run) -> None:
    files = {
        **BESIDE_A_FAILURE,
        "tests/test_b.py": """
            import time
            import app.rates

            def test_fine():
                time.sleep(0.3)

            def test_reads():
                app.rates.HANDLERS.append("fax")
                assert len(app.rates.HANDLERS) == 2
        """,
        "tests/test_a.py": """
            import app.rates

            def test_fails():
                assert app.rates.region() == "eu"

            def test_changes():
                app.rates.HANDLERS.append("sms")
        """,
    }
    ids = [FAILS, CHANGES, FINE_B, READS]

    facts = run(files, workers=2, durations=dict(zip(ids, (0.01, 0.3, 0.3, 0.6), strict=True)))

    (found,) = (one for one in facts.polluted if one.victim == READS)
    assert (found.polluters, [state.path for state in found.states]) == ((CHANGES,), ["app.rates.HANDLERS"])


def test_a_victim_of_its_own_file_that_ran_in_another_process_is_named_and_not_what_it_changes_itself(run: Run) -> None:
    files = {
        **BESIDE_A_FAILURE,
        "tests/test_a.py": """
            import app.rates

            def test_fails():
                assert app.rates.region() == "eu"
        """,
        "tests/test_b.py": """
            import time
            import app.rates

            def test_fine():
                time.sleep(0.3)

            def test_changes():
                app.rates.CURRENCY = "EUR"
                time.sleep(0.3)

            def test_reads():
                app.rates.HANDLERS.append("fax")
                assert app.rates.currency() == "USD"
        """,
    }
    ids = [FAILS, FINE_B, "tests/test_b.py::test_changes", READS]

    events: list[Mapping[str, object]] = []

    facts = run(files, workers=2, durations=dict(zip(ids, (0.01, 0.3, 0.3, 0.6), strict=True)), on_event=events.append)

    assert [one["outcome"] for one in events if one["kind"] == "finished" and one["nodeid"] == READS] == ["passed"]
    assert outcomes(facts) == dict(zip(ids, ("failed", "passed", "passed", "failed"), strict=True))
    (found,) = (one for one in facts.polluted if one.victim == READS)
    assert found.polluters == ("tests/test_b.py::test_changes",)
    assert [state.path for state in found.states] == ["app.rates.CURRENCY"]


def test_a_fork_that_looks_at_a_victim_tears_down_no_fixture_that_other_tests_use(run: Run) -> None:
    files = {
        **BESIDE_A_FAILURE,
        "tests/conftest.py": BESIDE_A_FAILURE["tests/conftest.py"]
        + """
        import pytest

        @pytest.fixture(scope="session")
        def database(tmp_path_factory):
            file = tmp_path_factory.mktemp("data") / "database"
            file.touch()
            yield file
            file.unlink()
    """,
        "tests/test_b.py": """
        import app.rates

        def test_reads(database):
            assert app.rates.currency() == "USD"

        def test_fine(database):
            assert app.rates.currency() and database.exists()
    """,
    }

    facts = run(files, isolation="file")

    assert outcomes(facts) == {FAILS: "failed", CHANGES: "passed", READS: "failed", FINE_B: "passed"}
    assert [one.polluters for one in facts.polluted] == [(CHANGES,)]


def test_a_victim_of_what_kit_itself_uses_is_named(run: Run) -> None:
    files = {
        **BESIDE_A_FAILURE,
        "tests/test_a.py": """
            import json
            import app.rates

            def test_fails():
                app.rates.HANDLERS.append("sms")
                assert app.rates.region() == "eu"

            def test_changes():
                json.dumps = json.loads = lambda _: "changed"
        """,
        "tests/test_b.py": """
            import json
            import app.rates

            def test_reads():
                assert json.dumps(1) == "1"

            def test_fine():
                assert json and app.rates.HANDLERS
        """,
    }

    facts = run(files, isolation="file")

    assert outcomes(facts) == {FAILS: "failed", CHANGES: "passed", READS: "failed", FINE_B: "passed"}
    (found,) = (one for one in facts.polluted if one.victim == READS)
    assert found.polluters == (CHANGES,)
    assert "json.dumps" in {state.path for state in found.states}
    assert facts.state_watch is None


class Unreadable:
    """Stands for a look at states that fails."""

    def begin(self, index: int) -> None:
        """A test is about to run."""

    def end(self, index: int, outcome: str, *, is_looked_at: bool) -> None:
        """A test has run."""
        assert is_looked_at
        raise RuntimeError(f"{index} {outcome}")


def test_a_watch_that_fails_while_it_names_states_says_so_once(tmp_path: Path) -> None:
    work, sent = StateWork(str(tmp_path), is_on=True), list[FromProbe]()
    work._seeing = Unreadable()  # type: ignore[assignment]

    for index in (4, 5):
        work.before(index, SimpleNamespace(parent=None))
        work.after(index, "failed", "test_a.py", "test_b.py", sent.append)

    assert sent == [{"kind": "state_lost", "why": "RuntimeError: 4 failed"}]
