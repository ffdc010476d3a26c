"""Forks processes from one that has already imported what they need, so that it is paid for once (Linux only).

That process is a fork of this one, made before this one opens a file or starts a thread. It has one thread, and starts
processes on request. When the channel of requests is closed, or this process is gone, it ends them and itself.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from kit.platform import interrupts


class ForkServer:
    """The process that others are forked from, as its parent sees it."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        """``channel`` leads to the process ``pid``, a child of this one."""
        self.pid = pid
        self._channel, self._answers = channel, channel.makefile("rb")
        self._lock = threading.Lock()
        self._was_used = False

    def start(self, **arguments: Any) -> ForkedProcess:
        """Fork a process with these arguments, values of JSON; ``OSError`` when the server is gone."""
        self._was_used = True
        return ForkedProcess(self, int(self.ask({"arguments": arguments})))

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The answer to a request: the pid of a new process, or the exit code of one, ``None`` while it runs."""
        with self._lock:
            self._channel.sendall(json.dumps(request).encode() + b"\n")
            answer = self._answers.readline()
        if not answer:
            raise ConnectionResetError("the process that forks others has ended")
        return json.loads(answer)

    def close(self) -> None:
        """End the server, and the processes that are left."""
        self._answers.close()
        self._channel.close()
        if not self._was_used:  # it may still prepare, for nobody
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


class ForkedProcess:
    """A forked process with the methods of :class:`subprocess.Popen` that Jupyter uses. It leads its own session."""

    stdin = stdout = stderr = None

    def __init__(self, server: ForkServer, pid: int) -> None:
        """``pid`` is a child of the server."""
        self.pid = pid
        self.returncode: int | None = None
        self._server = server

    def poll(self) -> int | None:
        """The exit code; ``None`` while the process runs."""
        if self.returncode is None:
            try:
                self.returncode = self._server.ask({"pid": self.pid})
            except OSError:  # the server ends its processes before itself
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int | None:
        """The exit code of a process that was seen to end."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the process alone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)


def fork_server(prepare: Callable[[], None], run: Callable[..., int]) -> ForkServer | None:
    """Fork the server; ``None`` where a fork is not safe.

    It calls ``prepare()``; each process that it starts calls ``run`` with its arguments, and ends with that exit code.
    """
    if not _fork_is_safe():
        return None
    sys.stdout.flush()
    sys.stderr.flush()
    ours, theirs = socket.socketpair()
    with interrupts.held():  # the exception would go through the parent's code, in the child
        pid = os.fork()
        if pid == 0:
            ours.close()
            _Server(theirs, run).serve(prepare)
    theirs.close()
    return ForkServer(pid, ours)


def _fork_is_safe() -> bool:
    if None in (sys.stdin, sys.stdout, sys.stderr):  # it was closed, so that sockets would take its number
        return False
    # elsewhere libraries of the system do not survive a fork; a thread that holds a lock does not either
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


class _Server:
    def __init__(self, channel: socket.socket, run: Callable[..., int]) -> None:
        self._channel, self._run = channel, run
        self._codes: dict[int, int | None] = {}
        interrupts.ignore()  # the parent decides what they mean

    def serve(self, prepare: Callable[[], None]) -> NoReturn:
        try:
            prepare()
            gc.freeze()  # the processes share the pages of what is never looked at again
            signal.signal(signal.SIGCHLD, self._reap)
            for line in self._channel.makefile("rb"):
                answer = self._answer(json.loads(line))
                self._channel.sendall(json.dumps(answer).encode() + b"\n")
        finally:
            for pid, code in self._codes.items():
                if code is None:
                    with suppress(OSError):
                        os.killpg(pid, signal.SIGKILL)
            os._exit(0)

    def _answer(self, request: Mapping[str, Any]) -> int | None:
        if "pid" in request:
            return self._codes[request["pid"]]
        pid = os.fork()
        if pid == 0:
            self._become(request["arguments"])
        self._codes.setdefault(pid, None)  # unless it has ended already
        return pid

    def _reap(self, *_: object) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])

    def _become(self, arguments: Mapping[str, Any]) -> NoReturn:
        code = 1
        try:
            os.close(self._channel.detach())  # its close() would leave it open for the reader of requests
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            interrupts.as_python_does()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            code = self._run(**arguments)
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
        except Exception:  # noqa: BLE001  # nobody else would say what it was
            traceback.print_exc(file=sys.__stderr__)
        finally:
            atexit._run_exitfuncs()
            os._exit(code)
