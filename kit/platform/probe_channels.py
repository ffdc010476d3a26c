"""How a probe gets its request, and how kit gets the probe's records: through inherited descriptors, or by files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from kit.platform.abilities import CAN_INHERIT
from kit.platform.new_processes import OWN_GROUP
from kit.platform.temporary_folders import temporary_folder


@dataclass(frozen=True)
class ProbeChannels:
    """The two words that the probe's command ends with, and what ``Popen`` needs for them.

    ``started`` is to be called as soon as the probe has started, or failed to. ``records`` is a stream that a thread
    reads until its end while the probe runs; ``None`` where they are read with :meth:`written` after its end.
    """

    words: tuple[str, str]
    options: dict[str, Any]
    started: Callable[[], None]
    records: IO[bytes] | None
    written: Callable[[], IO[bytes]]


@contextmanager
def probe_channels(request: bytes) -> Iterator[ProbeChannels]:
    """Channels for one probe that reads ``request``."""
    with _descriptors(request) if CAN_INHERIT else _files(request) as channels:
        yield channels


@contextmanager
def _descriptors(request: bytes) -> Iterator[ProbeChannels]:
    record_end, their_record_end = os.pipe()
    with tempfile.TemporaryFile() as question, os.fdopen(record_end, "rb") as answers:
        # a file and not a pipe: a pipe blocks its writer when the other side does not read
        question.write(request)
        question.flush()
        question.seek(0)
        passed = (question.fileno(), their_record_end)
        words = (str(passed[0]), str(passed[1]))
        options = {"pass_fds": passed, **OWN_GROUP}
        yield ProbeChannels(words, options, lambda: os.close(their_record_end), answers, lambda: answers)


@contextmanager
def _files(request: bytes) -> Iterator[ProbeChannels]:
    """Files with names, which the probe opens itself."""
    with temporary_folder() as folder:
        question, answers = folder / "request", folder / "records"
        question.write_bytes(request)
        answers.touch()
        with answers.open("rb") as stream:
            words = (f"read:{question}", f"write:{answers}")
            yield ProbeChannels(words, dict(OWN_GROUP), lambda: None, None, lambda: stream)
