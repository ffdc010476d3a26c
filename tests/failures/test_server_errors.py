"""A server that fails is one group whatever the request, unless it printed errors of several kinds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.failures import Failure, Grouping
from kit.failures import group_failures
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test, with_id

WEBTEST = "Bad response: {status} Failed (not 200 OK or 3xx redirect for http://localhost{path})\nb'{{}}'"
REQUESTS = "{status} Server Error: INTERNAL SERVER ERROR for url: http://localhost:5000{path}"
HTTPX = "Server error '{status} Internal Server Error' for url 'http://localhost{path}'"
TRACEBACK = 'Captured log call:\nTraceback (most recent call last):\n  File "shop/app.py", line 3, in f\n'


def _failed(message: str, line: int, printed: str = "") -> Failure:
    failure = failure_with(message, "webtest.app.AppError", frames=(in_test("tests/test_a.py", line, f"test_{line}"),))
    return replace(with_id(failure), tail=printed)


def _groups(*failures: Failure, files: tuple[str, ...] = ("tests/test_a.py",)) -> Grouping:
    results = [result(f"{files[n % len(files)]}::test_{n}", failure) for n, failure in enumerate(failures)]
    return group_failures(suite(results, failures))


@pytest.mark.parametrize("said", [WEBTEST, REQUESTS, HTTPX])
def test_the_paths_of_a_server_that_fails_are_one_group(said: str) -> None:
    failures = [_failed(said.format(status=500, path=path), n) for n, path in enumerate(("/a", "/b?c=1", "/b/c/77"))]

    assert len(_groups(*failures).groups) == 1


def test_answers_about_the_request_are_told_apart_by_path() -> None:
    failures = [_failed(WEBTEST.format(status=404, path=path), n) for n, path in enumerate(("/a", "/b"))]

    assert len(_groups(*failures).groups) == 2


def test_two_errors_that_servers_printed_are_two_groups_and_named() -> None:
    said = [TRACEBACK + "shop.BodyGone: never\n" + TRACEBACK + error for error in ("KeyError: 'a'", "shop.NoRate: x")]
    said = [text.replace("NoRate", "NoRateError") for text in said]
    failures = [_failed(WEBTEST.format(status=500, path="/a"), n, text) for n, text in enumerate(said)]

    groups = _groups(*failures).groups

    assert sorted(group.signature.message.partition(" after ")[2] for group in groups) == [
        "KeyError: 'a'",
        "NoRateError: x",
    ]


def test_one_printed_error_is_one_group_in_two_modules_and_silent_ones_are_not() -> None:
    files = ("tests/test_a.py", "tests/test_b.py")
    printed = [
        _failed(WEBTEST.format(status=500, path=f"/{n}"), n, f"{TRACEBACK}TypeError: f() takes 1") for n in (1, 2)
    ]
    silent = [_failed(WEBTEST.format(status=500, path=f"/{n}"), n) for n in (1, 2)]

    assert len(_groups(*printed, files=files).groups) == 1
    assert len(_groups(*silent, files=files).groups) == 2
