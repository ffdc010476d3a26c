from __future__ import annotations

from functools import reduce
from typing import Any

from kit.suite import Progress, RunningTest, advance, live_line
from kit.suite.live.lines import duration, kind_line

STARTED = "2026-03-01T10:00:00.000+00:00"
BEGAN = 1772359200.0  # the same moment


def event(kind: str, **details: Any) -> dict[str, Any]:
    return {"kind": kind, "at": 0.0, **details}


def progress_after(*events: dict[str, Any]) -> Progress:
    return reduce(advance, events, Progress())


def finished(outcome: str, times: int = 1) -> list[dict[str, Any]]:
    return [event("finished", nodeid="tests/test_a.py::test_x", outcome=outcome)] * times


SESSION = event("session", started=STARTED)
RUNNING = (SESSION, event("ready", tests=6373, at=10.0))


def test_nothing_has_happened_yet() -> None:
    assert live_line(Progress(), BEGAN) == "waiting for the tests to begin"


def test_collection_is_counted_from_the_first_second_on() -> None:
    assert live_line(progress_after(SESSION), BEGAN + 1) == "collecting the tests · 1.0 s"
    found = progress_after(SESSION, event("collecting", files=40, tests=812))
    assert live_line(found, BEGAN + 3) == "collecting: 812 tests in 40 files · 3 s"


def test_the_live_line_says_counts_pace_time_left_and_the_current_test() -> None:
    running = event(
        "running", tests=[{"worker": 1, "nodeid": "tests/test_b.py::test_y", "phase": "call", "seconds": 2}]
    )
    outcomes = [*finished("passed", 1100), *finished("failed", 90), *finished("error", 44)]
    progress = progress_after(*RUNNING, *outcomes, running)

    assert live_line(progress, BEGAN + 10 + 20.23) == (
        "1,234 / 6,373 · 1,100 passed · 90 failed · 44 errors · 61 tests/s · 1 min 24 s left · tests/test_b.py::test_y"
    )


def test_rare_outcomes_are_counted_only_when_they_occur() -> None:
    progress = progress_after(*RUNNING, *finished("timed_out"), *finished("crashed", 2), *finished("xfailed"))

    assert live_line(progress, BEGAN + 11).startswith("4 / 6,373 · 0 passed · 1 timed out · 2 crashed · 1 xfailed · ")


def test_the_workers_tests_are_known() -> None:
    tests = [{"worker": 2, "nodeid": "a", "phase": "setup", "seconds": 1.5}]

    assert progress_after(*RUNNING, event("running", tests=tests)).running == (RunningTest(2, "a", "setup", 1.5),)


def test_a_slow_pace_has_a_tenth() -> None:
    assert "0.5 tests/s" in live_line(progress_after(*RUNNING, *finished("passed")), BEGAN + 12)


def test_what_an_interrupted_session_had_done_counts_but_not_for_the_pace() -> None:
    first = (*RUNNING, *finished("passed", 6000), event("end", seconds=60, problem="…", interrupted=True))
    progress = progress_after(*first, *RUNNING, *finished("passed", 10))

    assert progress.finished == 6010
    assert progress.rate(BEGAN + 11) == 10


def test_a_process_that_collects_again_does_not_disturb_the_counts() -> None:
    progress = progress_after(*RUNNING, event("collecting", files=1, tests=3))

    assert (progress.stage, progress.collected) == ("running", 6373)


def test_the_end_says_how_long_it_took_and_leaves_what_was_wrong_to_the_command() -> None:
    end = event("end", seconds=30.0, problem=None, interrupted=False)
    done = progress_after(*RUNNING, *finished("passed", 6373), end)
    assert live_line(done, BEGAN + 999) == "6,373 / 6,373 · 6,373 passed · 319 tests/s · 30 s"

    stopped = progress_after(SESSION, event("end", seconds=1.5, problem="pytest refused to start.", interrupted=False))
    assert live_line(stopped, BEGAN) == "1.5 s"


def test_events_of_an_unknown_kind_change_nothing() -> None:
    progress = progress_after(*RUNNING)

    assert advance(progress, event("weather")) is progress


def test_durations_are_said_in_the_units_that_people_use() -> None:
    assert [duration(seconds) for seconds in (0.04, 1.94, 2, 59.6, 84, 3600, 5025)] == [
        "0.0 s",
        "1.9 s",
        "2 s",
        "1 min 0 s",
        "1 min 24 s",
        "1 h 0 min",
        "1 h 23 min",
    ]


def failure(identity: str, message: str, kind: str = "OperationalError") -> dict[str, Any]:
    return event("failure", failure={"id": identity, "chain": [{"type": kind, "message": message}]})


def failed(nodeid: str, identity: str) -> dict[str, Any]:
    return event("finished", nodeid=nodeid, outcome="failed", failure=identity)


def test_kinds_of_failures_are_counted_and_differ_in_more_than_their_data() -> None:
    progress = progress_after(
        *RUNNING,
        failure("a", "index ix_1 already exists\nSQL: create index"),
        failed("t.py::one", "a"),
        failure("b", "index ix_2 already exists"),
        failed("t.py::two", "b"),
        failure("c", "no such table: users"),
        failed("t.py::three", "c"),
        failed("t.py::four", "b"),
    )

    assert [kind_line(kind) for kind in progress.top_kinds(5)] == [
        "3 \N{MULTIPLICATION SIGN} OperationalError: index ix_1 already exists · first in t.py::one",
        "1 \N{MULTIPLICATION SIGN} OperationalError: no such table: users · first in t.py::three",
    ]
    assert len(progress.top_kinds(1)) == 1


def test_packages_that_are_missing_are_told_apart_and_a_session_that_resumes_counts_no_file_twice() -> None:
    names = ("pywebpush", "stripe", "pywebpush")
    told = [
        event(
            "collection_error",
            path=f"tests/test_{n}.py",
            failure={"id": f"f{n}", "chain": [{"type": "ModuleNotFoundError", "message": f"No module named '{name}'"}]},
        )
        for n, name in enumerate(names)
    ]
    progress = progress_after(*RUNNING[:1], *told, *RUNNING[:1], *told)

    assert [(kind.title, kind.count) for kind in progress.top_kinds(5)] == [
        ("ModuleNotFoundError: No module named 'pywebpush'", 2),
        ("ModuleNotFoundError: No module named 'stripe'", 1),
    ]


def test_the_root_of_a_chain_is_the_kind() -> None:
    chain = [{"type": "RuntimeError", "message": "wrapped"}, {"type": "KeyError", "message": "'id'"}]
    progress = progress_after(*RUNNING, event("failure", failure={"id": "a", "chain": chain}), failed("t.py::one", "a"))

    assert [kind.title for kind in progress.top_kinds(5)] == ["KeyError: 'id'"]


def test_a_test_that_only_others_make_fail_is_counted_as_without_them() -> None:
    again = event("rechecked", nodeid="t.py::one", was="failed", alone="fails_beside_others", outcome="passed")
    progress = progress_after(*RUNNING, *finished("failed", 2), event("rechecking", how="alone", tests=2), again)

    assert (progress.counts["failed"], progress.counts["passed"]) == (1, 1)
    assert "once more: 2 tests alone" in live_line(progress, BEGAN + 11)
    on = progress_after(
        *RUNNING, event("rechecking", how="alone", tests=2), event("rerun", how="alone", tests=2, done=1)
    )
    assert "once more: 1 of 2 tests alone" in live_line(on, BEGAN + 11)
    assert progress_after(*RUNNING, event("rechecked", nodeid="a", was="failed", alone="fails")).counts["failed"] == 0


def test_the_phase_is_a_part_of_the_kind_but_for_the_test_itself() -> None:
    told = failure("a", "no such table")
    told["failure"]["phase"] = "setup"
    progress = progress_after(*RUNNING, told, failed("t.py::one", "a"))

    assert [kind.title for kind in progress.top_kinds(5)] == ["OperationalError: no such table (setup)"]


def test_thousands_of_distinct_failures_of_one_kind_are_all_counted() -> None:
    told = [
        each for n in range(1000) for each in (failure(f"f{n}", f"row {n} is gone"), failed(f"t.py::n{n}", f"f{n}"))
    ]

    assert [kind.count for kind in progress_after(*RUNNING, *told).top_kinds(5)] == [1000]


def test_a_file_that_cannot_be_collected_is_a_kind_too() -> None:
    told = failure("a", "No module named 'redis'", "ModuleNotFoundError")["failure"]
    progress = progress_after(
        SESSION, event("collection_error", path="tests/t.py", failure={**told, "phase": "collect"})
    )

    assert [kind_line(kind) for kind in progress.top_kinds(5)] == [
        "1 \N{MULTIPLICATION SIGN} ModuleNotFoundError: No module named 'redis' (collect) · first in tests/t.py"
    ]


def test_a_test_that_took_too_long_is_a_kind_though_nobody_knows_where_it_was() -> None:
    end = event(
        "finished", nodeid="t.py::one", outcome="timed_out", failure=None, reason="timed out after 30 s in call"
    )

    assert [kind.title for kind in progress_after(*RUNNING, end).top_kinds(5)] == ["timed out after 30 s in call"]


def test_what_an_interrupted_session_saw_is_still_known() -> None:
    end = event("end", seconds=60, problem="…", interrupted=True)
    first = (*RUNNING, failure("a", "gone"), failed("t.py::one", "a"), end)

    assert [kind.count for kind in progress_after(*first, *RUNNING, failed("t.py::two", "a")).top_kinds(5)] == [2]


def test_a_slow_test_is_named_until_it_ends() -> None:
    slow = event("slow", nodeid="t.py::one", phase="call", seconds=15.0)

    assert progress_after(*RUNNING, slow).slow == "t.py::one · 15 s in call"
    assert progress_after(*RUNNING, slow, failed("t.py::two", "")).slow is not None
    assert progress_after(*RUNNING, slow, failed("t.py::one", "")).slow is None


def test_the_time_left_is_what_earlier_runs_took_until_this_one_says_more() -> None:
    ready = event("ready", tests=100, at=10.0, expected_s=60.0)
    started = progress_after(SESSION, ready)
    half = progress_after(SESSION, ready, *finished("passed", 50))

    assert started.seconds_left(BEGAN + 20) == 50
    assert "50 s left" in live_line(started, BEGAN + 20)
    assert half.seconds_left(BEGAN + 20) == 0.5 * 10 + 0.5 * 50
    assert half.seconds_left(BEGAN + 110) == 100, "it takes longer than before"


def test_a_long_message_ends_with_an_ellipsis_where_it_is_cut() -> None:
    error = {"type": "ValueError", "message": "word " * 60}
    failed = event("failure", failure={"id": "f", "phase": "call", "chain": [error]})
    (kind,) = progress_after(*RUNNING, failed).kinds.values()

    assert len(kind.title) <= 120
    assert kind.title.endswith("wo…")
