from __future__ import annotations

import pytest

from kit.suite.process.outcomes import exit_reason, timeout_reason


@pytest.mark.parametrize(
    ("returncode", "reason"),
    [
        (0, "exited with 0"),
        (3, "exited with 3"),
        (-11, "crashed: SIGSEGV"),
        (-9, "crashed: SIGKILL"),
        (-63, "crashed: signal 63"),
        (None, "crashed: its process was gone"),
    ],
)
def test_how_a_process_ended_is_said_by_name(returncode: int | None, reason: str) -> None:
    assert exit_reason(returncode) == reason


def test_a_time_out_names_limit_and_phase() -> None:
    assert timeout_reason(30.0, "call") == "timed out after 30 s in call"
    assert timeout_reason(0.5, "setup") == "timed out after 0.5 s in setup"
