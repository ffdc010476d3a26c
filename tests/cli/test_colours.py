"""Verdicts and counts are coloured on a terminal alone, and what comes from the target stays visible text."""

from __future__ import annotations

import io

import pytest

from kit.cli.guarded import GuardedStream


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def printed(text: str, stream: io.StringIO) -> str:
    GuardedStream(stream).write(text)  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("RESOLVED: 1 cause gone\n", "\x1b[32mRESOLVED\x1b[0m: 1 cause gone\n"),
        ("a\nNOT RESOLVED: x\n", "a\n\x1b[31mNOT RESOLVED\x1b[0m: x\n"),
        ("kit: 2/6 import graph\n", "\x1b[90mkit:\x1b[0m 2/6 import graph\n"),
        ("blocks now: Two\n", "\x1b[31mblocks now\x1b[0m: Two\n"),
        (
            "5 collected = 3 passed + 1 failed + 1 skipped in 2 s\n",
            "5 collected = \x1b[32m3 passed\x1b[0m + \x1b[31m1 failed\x1b[0m + 1 skipped in 2 s\n",
        ),
        ("CLEARLY not a verdict\n", "CLEARLY not a verdict\n"),
        ("the test said RESOLVED: yes\n", "the test said RESOLVED: yes\n"),
        ("3 passed in a message\n", "3 passed in a message\n"),
    ],
)
def test_a_terminal_shows_verdicts_in_colours(text: str, shown: str) -> None:
    assert printed(text, Terminal()) == shown


@pytest.mark.parametrize("name", ["NO_COLOR", "TERM"])
def test_who_wants_none_gets_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "dumb")

    assert printed("RESOLVED: x\n", Terminal()) == "RESOLVED: x\n"


def test_a_file_gets_plain_text() -> None:
    assert printed("RESOLVED: x\n5 collected = 5 passed\n", io.StringIO()) == "RESOLVED: x\n5 collected = 5 passed\n"


def test_control_characters_of_the_target_move_no_terminal() -> None:
    shown = printed("RESOLVED: \x1b[2J\x1b]0;title\x07\n", Terminal())

    assert shown.startswith("\x1b[32mRESOLVED\x1b[0m: ")
    assert "\x1b" not in shown.partition("\x1b[0m")[2]
    assert "\x07" not in shown
