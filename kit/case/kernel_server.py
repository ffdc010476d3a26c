"""Kernels as forks of one process that has imported what notebooks need, so that the imports are paid for once.

That process is a fork of kit's own, made before kit opens a file or starts a thread. It has one thread, no loop and no
socket of ZeroMQ, and starts kernels as it is told over a channel. Without it (another system than Linux, a kernel with
a command of its own) kernels start as Jupyter starts them.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NoReturn

#: what the kernels of two or more notebooks import, by what needs it
_IMPORTED: Final = (
    *("ipykernel.ipkernel", "ipykernel.kernelapp", "ipykernel.debugger", "tornado.platform.asyncio"),
    *("IPython.core.debugger", "IPython.core.oinspect", "IPython.core.completerlib", "IPython.extensions.storemagic"),
    *("pandas", "matplotlib.figure", "matplotlib.backends.backend_svg", "sqlalchemy.dialects.sqlite"),
    *("kit.session.session", "kit.session.opening", "kit.causes", "kit.failures", "kit.inventory", "kit.history"),
)

#: what is not there for a notebook that is executed: its debugger takes longer to import than pandas
_ABSENT: Final = ("debugpy",)

#: how the command of an ordinary Python kernel goes on after the interpreter, and an option that is for its debugger
_ORDINARY: Final = ["-m", "ipykernel_launcher"]
_FOR_THE_DEBUGGER: Final = "-Xfrozen_modules=off"


class KernelServer:
    """The process that kernels are forked from, as kit sees it."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        """``channel`` leads to the process ``pid``, a child of this one."""
        self.pid = pid
        self._channel, self._answers = channel, channel.makefile("rb")
        self._lock = threading.Lock()

    def start_kernel(self, arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> ForkedKernel:
        """Start a kernel; ``OSError`` when the process is gone."""
        request = {"arguments": list(arguments), "environment": dict(environment), "folder": folder}
        return ForkedKernel(self, int(self.ask(request)))

    def ask(self, request: Mapping[str, Any]) -> Any:
        """The answer to a request: the pid of a new kernel, or the exit code of one, ``None`` while it runs."""
        with self._lock:
            self._channel.sendall(json.dumps(request).encode() + b"\n")
            answer = self._answers.readline()
        if not answer:
            raise ConnectionResetError("the process that starts the kernels has ended")
        return json.loads(answer)

    def close(self) -> None:
        """End the process, and the kernels that are left."""
        self._answers.close()
        self._channel.close()
        os.waitpid(self.pid, 0)


class ForkedKernel:
    """A kernel with the methods of :class:`subprocess.Popen` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, server: KernelServer, pid: int) -> None:
        """``pid`` is a child of the server and leads its own session."""
        self.pid = pid
        self.returncode: int | None = None
        self._server = server

    def poll(self) -> int | None:
        """The exit code; ``None`` while the kernel runs."""
        if self.returncode is None:
            try:
                self.returncode = self._server.ask({"pid": self.pid})
            except OSError:  # the server ends its kernels before itself
                self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int | None:
        """The exit code of a kernel that Jupyter has seen end."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


#: the server of this process, while :func:`kernels_ahead` has one
_running: list[KernelServer] = []


def running_server() -> KernelServer | None:
    """The process that forks kernels, if there is one."""
    return _running[-1] if _running else None


@contextmanager
def kernels_ahead(environment: Mapping[str, str]) -> Iterator[None]:
    """Import meanwhile what kernels need, in a process that they are forked from; call it before anything is opened.

    ``environment`` is that of the imports; each kernel gets its own. Where a fork is not safe this does nothing.
    """
    if not _fork_is_safe():
        yield
        return
    for name in ("papermill", "jupyter_client"):  # kit needs them too
        importlib.import_module(name)
    sys.stdout.flush()
    sys.stderr.flush()
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _Server(theirs, environment).serve()
    theirs.close()
    server = KernelServer(pid, ours)
    _running.append(server)
    try:
        yield
    finally:
        _running.remove(server)
        server.close()


def ordinary_arguments(command: Sequence[str]) -> list[str] | None:
    """The arguments of the kernel that the command starts; ``None`` where a fork does not stand for it, since it is of
    another language or has options of the interpreter.
    """
    words = [word for word in command[1:] if word != _FOR_THE_DEBUGGER]
    return words[len(_ORDINARY) :] if words[: len(_ORDINARY)] == _ORDINARY else None


def _fork_is_safe() -> bool:
    # elsewhere libraries of the system do not survive a fork; a thread that holds a lock does not either
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


class _Server:
    """What the forked process does: import, then start kernels until kit closes the channel."""

    def __init__(self, channel: socket.socket, environment: Mapping[str, str]) -> None:
        self._channel = channel
        self._codes: dict[int, int | None] = {}
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # kit decides what an interrupt means
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in environment
        set_environment({**environment, "OPENBLAS_NUM_THREADS": "1"})  # its threads would be lost in a fork

    def serve(self) -> NoReturn:
        try:
            self._import()
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

    def _import(self) -> None:
        gc.disable()
        for name in _ABSENT:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]
        for name in _IMPORTED:
            importlib.import_module(name)
        gc.enable()
        gc.freeze()  # the kernels share the pages of what is never looked at again

    def _answer(self, request: Mapping[str, Any]) -> int | None:
        if "pid" in request:
            return self._codes[request["pid"]]
        pid = os.fork()
        if pid == 0:
            _run_kernel(self._channel, **request)
        self._codes.setdefault(pid, None)  # unless it has ended already
        return pid

    def _reap(self, *_: object) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])


def _run_kernel(channel: socket.socket, arguments: list[str], environment: dict[str, str], folder: str) -> NoReturn:
    from ipykernel.kernelapp import IPKernelApp

    code = 1
    try:
        channel.close()
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(folder)
        set_environment(environment)
        sys.argv = ["ipykernel_launcher", *arguments]
        # the kernel ends by itself when its parent is gone
        IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except Exception:  # noqa: BLE001  # nobody else would say why there is no kernel
        traceback.print_exc(file=sys.__stderr__)
    finally:
        atexit._run_exitfuncs()
        os._exit(code)


def set_environment(wanted: Mapping[str, str]) -> None:
    """Make ``wanted`` the environment of this process."""
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update(wanted)
