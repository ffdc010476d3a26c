from __future__ import annotations

from dataclasses import replace

from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.report.traceback import failure_view, own_frame
from tests.report.sample_failures import DUPLICATE_INDEX, FASTAPI


def test_library_frames_that_follow_each_other_are_folded() -> None:
    raised, root = failure_view(DUPLICATE_INDEX).exceptions
    assert [(run.folded, len(run.frames)) for run in raised.runs] == [(False, 1), (True, 4)]
    assert (raised.relation, root.relation) == ("", "caused by")


def test_frames_of_the_app_and_of_tests_stay_in_their_order() -> None:
    (only,) = failure_view(FASTAPI).exceptions
    assert [frame.owner for run in only.runs for frame in run.frames] == ["test", "own", "own", "library"]


def test_a_long_message_is_cut_and_says_by_how_much() -> None:
    info = replace(FASTAPI.raised, message="x" * 9_000, message_length=12_345)
    (only,) = failure_view(replace(FASTAPI, chain=(info,))).exceptions
    assert len(only.message) + only.cut == 12_345


def test_a_recursion_shows_where_it_began_and_where_it_ended() -> None:
    frames = tuple(Frame("app.py", line, "f", "own") for line in range(1, 1001))
    info = ExceptionInfo("RecursionError", "builtins", "", 0, frames)
    (only,) = failure_view(Failure("f", "call", (info,))).exceptions
    shown = [frame.line for run in only.runs for frame in run.frames]
    assert (shown[0], shown[-1]) == (1, 1000)
    assert len(shown) + sum(run.omitted for run in only.runs) == 1000


def test_the_place_to_look_at_first_is_the_deepest_own_frame_else_the_test() -> None:
    own, test = own_frame(FASTAPI), own_frame(DUPLICATE_INDEX)
    assert own
    assert (own.path, own.line) == ("backend/app/exports/routes.py", 22)
    assert test
    assert (test.path, test.line) == ("backend/tests/conftest.py", 58)
    assert own_frame(replace(FASTAPI, chain=(replace(FASTAPI.raised, frames=()),))) is None
