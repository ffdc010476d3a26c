"""On Windows a process puts itself into a job that ends with it; here with stand-ins for the modules of pywin32."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from kit.platform import jobs

KILL_ON_CLOSE, BREAKAWAY = 0x2000, 0x800


class RefusedError(Exception):
    """What pywin32 raises."""


class Jobs:
    """``win32job`` as far as it is used: what was made of a job is kept."""

    JobObjectExtendedLimitInformation = 9
    JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = KILL_ON_CLOSE

    def __init__(self, refuses: bool = False) -> None:
        self.limits: dict[str, Any] = {"BasicLimitInformation": {"LimitFlags": BREAKAWAY}}
        self.members: list[tuple[Any, str, int]] = []
        self.refuses = refuses

    def CreateJobObject(self, security: None, name: str) -> object:  # noqa: N802
        assert name == "", "a job with a name would be shared with others"
        return self

    def QueryInformationJobObject(self, job: object, what: int) -> dict[str, Any]:  # noqa: N802
        return {"BasicLimitInformation": dict(self.limits["BasicLimitInformation"])}

    def SetInformationJobObject(self, job: object, what: int, limits: dict[str, Any]) -> None:  # noqa: N802
        self.limits = limits

    def AssignProcessToJobObject(self, job: object, process: str) -> None:  # noqa: N802
        if self.refuses:
            raise RefusedError
        self.members.append((job, process, self.limits["BasicLimitInformation"]["LimitFlags"]))


def on_windows(monkeypatch: pytest.MonkeyPatch, job: Jobs | None) -> None:
    api = SimpleNamespace(error=RefusedError, GetCurrentProcess=lambda: "this process") if job else None
    monkeypatch.setitem(sys.modules, "win32api", api)  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "win32job", job)  # type: ignore[arg-type]
    monkeypatch.setattr(jobs, "os", SimpleNamespace(name="nt"))
    monkeypatch.setattr(jobs, "_kept", [])


def test_this_process_is_in_a_job_that_ends_with_its_handle(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Jobs()
    on_windows(monkeypatch, job)

    assert jobs.end_with_this_process() is True
    assert job.members == [(job, "this process", BREAKAWAY | KILL_ON_CLOSE)], "limited before it joins"
    assert jobs._kept == [job], "a handle that is closed would end this process"


@pytest.mark.parametrize("job", [Jobs(refuses=True), None], ids=["in a job that forbids it", "without pywin32"])
def test_where_it_cannot_be_done_kit_goes_on(monkeypatch: pytest.MonkeyPatch, job: Jobs | None) -> None:
    on_windows(monkeypatch, job)

    assert jobs.end_with_this_process() is False
    assert jobs._kept == []


def test_elsewhere_there_are_no_jobs() -> None:
    assert sys.platform == "win32" or jobs.end_with_this_process() is False
