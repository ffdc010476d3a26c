from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.suite.ingest.tracebacks import LONGEST_CHAIN, LONGEST_MESSAGE, read_traceback

LINES = st.sampled_from(
    [
        "Traceback (most recent call last):",
        '  File "/a/b.py", line 3, in f',
        '  File "b.py", line 99999999999999999999',
        "app/core.py:6: ZeroDivisionError",
        "app/core.py:7: in <module>",
        "a.py:1: ",
        "C:\\a\\b.py:3: in f",
        "E   ValueError: bad",
        "E       assert 1 == 2",
        "E",
        'E     File "x.py", line 1',
        "E   SyntaxError: invalid syntax",
        "ValueError: bad",
        "    def f(x):",
        "    @pytest.fixture",
        "The above exception was the direct cause of the following exception:",
        "During handling of the above exception, another exception occurred:",
        "  + Exception Group Traceback (most recent call last):",
        "  +-+---------------- 1 ----------------",
        "    +---------------- 2 ----------------",
        "    +------------------------------------",
        "  | ExceptionGroup: many (2 sub-exceptions)",
        "",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=40), max_size=60).map("\n".join)


@given(TEXTS, st.text(max_size=30), st.text(max_size=10))
def test_any_text_has_a_chain(text: str, message: str, type_: str) -> None:
    told = read_traceback(text, message, type_)

    assert 1 <= len(told.chain) <= LONGEST_CHAIN
    assert told.chain[0]["relation"] is None
    for link in told.chain:
        assert link["type"]
        assert len(link["message"]) <= LONGEST_MESSAGE + 8_000
        assert all(isinstance(line, int) and path and name for path, line, name in link["frames"])


@given(st.lists(st.sampled_from(["cause", "context"]), max_size=5), st.text("abc: \n'", min_size=1, max_size=30))
def test_what_python_writes_is_read_back(relations: list[str], message: str) -> None:
    error: BaseException = ValueError(message.strip() or "x")
    for number, relation in enumerate(relations):
        outer = RuntimeError(f"level {number}")
        outer.__cause__ = error if relation == "cause" else None
        outer.__context__ = error
        outer.__suppress_context__ = relation == "cause"
        error = outer
    try:
        raise error
    except (ValueError, RuntimeError) as raised:
        error = raised

    told = read_traceback("".join(traceback.format_exception(error)))

    assert [link["relation"] for link in told.chain] == [None, *reversed(relations)]
    assert told.chain[-1]["type"] == "ValueError"
    assert told.chain[-1]["message"] == (message.strip() or "x")


def test_members_of_a_nested_group_are_all_told() -> None:
    inner = ExceptionGroup("inner", [ValueError("one"), KeyError("two")])
    try:
        raise ExceptionGroup("outer", [inner, OSError("three")])
    except ExceptionGroup as raised:
        text = "".join(traceback.format_exception(raised))

    told = read_traceback(text)

    assert [(link["type"], link["relation"]) for link in told.chain] == [
        ("ExceptionGroup", None),
        ("ExceptionGroup", "member"),
        ("ValueError", "member"),
        ("KeyError", "member"),
        ("OSError", "member"),
    ]


@pytest.mark.parametrize(
    ("text", "message", "type_", "expected"),
    [
        ("E   app.errors.Broken: no\n\na.py:1: Broken", "", "", ("app.errors", "Broken", "no")),
        ("E   app.t.<locals>.Broken\n\na.py:1: Broken", "", "", ("app.t", "Broken", "")),
        ("E       assert 1 == 2\n\na.py:1: AssertionError", "", "", ("builtins", "AssertionError", "assert 1 == 2")),
        ("", "ValueError: no", "", ("builtins", "ValueError", "no")),
        ("", "1 != 2", "AssertionError", ("builtins", "AssertionError", "1 != 2")),
        ("", "it went wrong", "", ("", "Failed", "it went wrong")),
        ("It is all too much", "", "", ("", "Failed", "It is all too much")),
        ("", "", "", ("", "Failed", "")),
    ],
)
def test_type_and_message_are_those_of_the_exception(
    text: str, message: str, type_: str, expected: tuple[str, str, str]
) -> None:
    raised = read_traceback(text, message, type_).chain[0]

    assert (raised["module"], raised["type"], raised["message"]) == expected


def test_values_of_locals_are_no_frames() -> None:
    values = "x = 'a.py:3: in f'\nurl = http://h.py:80: in g\n\n"
    text = f"{values}    def f():\n>       g()\nE       OSError\n\na.py:9: OSError"

    assert read_traceback(text).chain[0]["frames"] == [["a.py", 9, "f"]]
