"""Noticing jobs that stopped beating."""

import logging
import os
from datetime import datetime, timedelta

logger = logging.getLogger(__name__)
STALLED = 3


class Watchdog:
    """Jobs beat; who does not for too long is stalled."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience
        self._beats: dict[str, datetime] = {}

    def beat(self, job: str, at: datetime) -> None:
        self._beats[job] = at

    def stalled(self, now: datetime) -> list[str]:
        """Names of the jobs whose last beat is too old, in alphabetical order."""
        return sorted(job for job, beat in self._beats.items() if now - beat > self._patience)

    def check(self, now: datetime) -> list[str]:
        """Log what is stalled, and let the supervisor start us anew."""
        stalled = self.stalled(now)
        for job in stalled:
            logger.critical("job %s stalled, last beat %s", job, self._beats[job].isoformat())
        if stalled:
            os._exit(STALLED)
        return stalled
