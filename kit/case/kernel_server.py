"""Kernels as forks of one process that has imported what notebooks need: see :mod:`kit.platform.fork_server`.

Without it (another system than Linux, a kernel with a command of its own) kernels start as Jupyter starts them.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from kit import causes, inventory
from kit.masking import cleaned, without_certain
from kit.platform.fork_server import ForkServer, fork_server

#: what the kernels of two or more notebooks import, by what needs it
_IMPORTED: Final = (
    *("ipykernel.ipkernel", "ipykernel.kernelapp", "ipykernel.debugger", "tornado.platform.asyncio"),
    *("IPython.core.debugger", "IPython.core.oinspect", "IPython.core.completerlib", "IPython.extensions.storemagic"),
    *("pandas", "matplotlib.figure", "matplotlib.backends.backend_svg", "sqlalchemy.dialects.sqlite"),
    *("kit.session.session", "kit.session.opening", "kit.case.stages.registry", "kit.failures", "kit.history"),
    "kit.suite.engine",
)

#: what is not there for a notebook that is executed: its debugger takes longer to import than pandas
_ABSENT: Final = ("debugpy",)

#: how the command of an ordinary Python kernel goes on after the interpreter, and an option that is for its debugger
_ORDINARY: Final = ["-m", "ipykernel_launcher"]
_FOR_THE_DEBUGGER: Final = "-Xfrozen_modules=off"

#: the server of this process, while :func:`kernels_ahead` has one
_running: list[ForkServer] = []


def running_server() -> ForkServer | None:
    """The process that forks kernels, if there is one; it takes ``arguments``, ``environment`` and ``folder``."""
    return _running[-1] if _running else None


@contextmanager
def kernels_ahead(environment: Mapping[str, str]) -> Iterator[None]:
    """Import meanwhile what kernels need, in a process that they are forked from; call it before anything is opened.

    ``environment`` is that of the imports; each kernel gets its own. Where a fork is not safe this does nothing.
    """
    for name in ("papermill", "jupyter_client"):  # kit needs these too, as all that is imported before the fork
        importlib.import_module(name)
    causes.import_all()
    inventory.rules()  # imports them, too
    without_certain(cleaned("password = x"))  # compiles the patterns of masking, for kit and for each kernel
    server = fork_server(lambda: _import_all(environment), _run_kernel)
    if server is None:
        yield
        return
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


def set_environment(wanted: Mapping[str, str]) -> None:
    """Make ``wanted`` the environment of this process."""
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update(wanted)


def _import_all(environment: Mapping[str, str]) -> None:
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in environment
    set_environment({**environment, "OPENBLAS_NUM_THREADS": "1"})  # its threads would be lost in a fork
    gc.disable()
    for name in _ABSENT:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    for name in _IMPORTED:
        importlib.import_module(name)
    gc.enable()


def _run_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> int:
    from ipykernel.kernelapp import IPKernelApp

    os.chdir(folder)
    set_environment(environment)
    sys.argv = ["ipykernel_launcher", *arguments]
    # the kernel ends by itself when its parent is gone
    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    return 0
