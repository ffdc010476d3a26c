"""An actor in a Dask worker that starts a site and forwards the messages between kit and the site.

The site is a process of its own: it does not contain Dask, and Dask does not contain the target. The site ends when the
Dask worker is gone, or when kit has sent nothing for a while: no machine runs tests whose results nobody reads.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from threading import Condition, Thread

import msgspec

import kit
from kit.facts.errors import TargetError
from kit.platform.new_processes import OWN_GROUP
from kit.platform.temporary_folders import temporary_folder
from kit.suite.cluster.site_spec import PYTHON_VARIABLE, SiteSpec, decoded

SPEC, PARCEL, ERRORS = "spec.json", "tree.tar.gz", "errors"

#: how long a site continues when kit sends nothing, in seconds
LEASE = 20.0

#: how long :meth:`SiteActor.exchange` waits for a message of the site, in seconds
_PATIENCE = 0.5

#: how long a site may take to end its tests after the command to end, in seconds
_END_LIMIT = 10.0

#: how much is read at a time, in bytes
_CHUNK = 1 << 18


class SiteActor:
    """One site, as its Dask worker sees it."""

    def __init__(self, spec: bytes, parcel: bytes) -> None:
        """Start the site. Raises :class:`TargetError` if this machine cannot run the target."""
        first = _checked(spec).options.collection_limit_s  # kit itself may be collecting for this long
        self._closing = contextlib.ExitStack()
        self._folder = self._closing.enter_context(temporary_folder())
        (self._folder / SPEC).write_bytes(spec)
        (self._folder / PARCEL).write_bytes(parcel)
        self._ours, theirs = socket.socketpair()
        with theirs, (self._folder / ERRORS).open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kit.suite.cluster.site", str(self._folder)],
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                stderr=errors,
                **OWN_GROUP,
            )
        self._received, self._arrived = bytearray(), Condition()
        self._is_over = False
        self._lease_ends = time.monotonic() + first + LEASE
        Thread(target=self._listen, name="kit-site", daemon=True).start()
        Thread(target=self._watch, name="kit-site-lease", daemon=True).start()

    async def exchange(self, lines: bytes) -> bytes:
        """Send ``lines`` to the site, and return the lines that it has sent since; wait a little for some.

        When the site has ended, the last line is an object of the kind ``gone``.
        """
        return await asyncio.to_thread(self._exchange, lines)

    def stop(self) -> None:
        """Let the site end at once."""
        with contextlib.suppress(OSError):
            self._ours.shutdown(socket.SHUT_RDWR)

    def _exchange(self, lines: bytes) -> bytes:
        self._lease_ends = time.monotonic() + LEASE
        with contextlib.suppress(OSError):  # it has ended, as the line ``gone`` will say
            self._ours.sendall(lines)
        with self._arrived:
            self._arrived.wait_for(lambda: self._received or self._is_over, _PATIENCE)
            received = bytes(self._received)
            self._received.clear()
        return received

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            while data := os.read(output.fileno(), _CHUNK):
                self._receive(data)
        self.stop()
        try:
            self._process.wait(_END_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
        returncode = self._process.wait()
        reason = self._last_error_line() if returncode else None
        self._closing.close()
        self._is_over = True
        self._ours.close()
        self._receive(msgspec.json.encode({"kind": "gone", "reason": reason}) + b"\n")

    def _watch(self) -> None:
        while not self._is_over:
            if time.monotonic() > self._lease_ends:
                self.stop()
            time.sleep(1.0)

    def _receive(self, data: bytes) -> None:
        with self._arrived:
            self._received += data
            self._arrived.notify_all()

    def _last_error_line(self) -> str:
        lines = (self._folder / ERRORS).read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"its process ended with {self._process.returncode}"


def _checked(data: bytes) -> SiteSpec:
    """Decode a spec and check that this machine can run it. Raises :class:`TargetError`."""
    try:
        spec = decoded(data)
    except msgspec.ValidationError as error:
        raise TargetError(f"it has another version of kit ({kit.__version__}), which does not know: {error}") from error
    if spec.kit_version != kit.__version__:
        raise TargetError(f"it has kit {kit.__version__}, and this is {spec.kit_version}: they have to be the same")
    python = python_for(spec.target.interpreter.executable if spec.target.interpreter else "")
    if shutil.which(python) is None:
        raise TargetError(
            f"it has no interpreter {python} for the target: put one there, or name it with {PYTHON_VARIABLE} "
            "in the environment of the worker"
        )
    return spec


def python_for(executable: str) -> str:
    """The path of the target's interpreter on this machine, given its path on kit's machine."""
    return os.environ.get(PYTHON_VARIABLE) or executable
