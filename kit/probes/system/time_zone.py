"""The time zone of this process."""

from __future__ import annotations

import time


def read_time_zone() -> None:
    """Use the zone that ``TZ`` names, on systems where a running process can change it."""
    if hasattr(time, "tzset"):
        time.tzset()
