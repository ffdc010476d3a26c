"""Processes of Windows that end with the one that has started them, by a job object."""

from __future__ import annotations

import importlib
import os
from contextlib import suppress
from typing import Any

#: the job of this process: its handle stays open until the process ends
_kept: list[Any] = []


def end_with_this_process() -> bool:
    """Let the system end whatever this process starts from now on as soon as this process ends, however it does.

    Returns whether it will. Only Windows does; there a job of somebody else may forbid it.
    """
    if os.name != "nt":
        return False
    with suppress(ImportError, OSError):
        api, jobs = importlib.import_module("win32api"), importlib.import_module("win32job")
        with suppress(api.error):
            job = jobs.CreateJobObject(None, "")
            limits = jobs.QueryInformationJobObject(job, jobs.JobObjectExtendedLimitInformation)
            limits["BasicLimitInformation"]["LimitFlags"] |= jobs.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
            jobs.SetInformationJobObject(job, jobs.JobObjectExtendedLimitInformation, limits)
            jobs.AssignProcessToJobObject(job, api.GetCurrentProcess())
            _kept.append(job)
            return True
    return False
