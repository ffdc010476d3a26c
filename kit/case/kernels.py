"""Running one notebook by papermill, in a kernel of kit's own environment."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

from kit.case.kernel_server import kernels_ahead, running_server, set_environment
from kit.case.notebook_output import clean_notebook
from kit.case.options import STORE_URL_VARIABLE
from kit.facts.errors import KitError
from kit.platform import signalling
from kit.platform.abilities import HAS_SOCKET_FILES
from kit.platform.temporary_folders import temporary_folder
from kit.target import kill_tree, private_file, private_folder


def notebooks_folder() -> Path:
    """Where the notebooks lie: in the installed package, or at the top of a clone."""
    package = Path(str(files("kit")))
    installed = package / "notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"


def kernels_installed() -> bool:
    """Whether notebooks can be executed here."""
    return all(find_spec(package) for package in ("papermill", "ipykernel", "pandas"))


def prepare_imports() -> None:
    """Make the first import of a Jupyter package cheap.

    jsonschema's optional ``rfc3987_syntax`` compiles a grammar when it is imported, which costs seconds and serves kit
    nothing; jsonschema takes its absence in its stride.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def environment_for_kernels(environment: Mapping[str, str], store_url: str = "") -> dict[str, str]:
    """A copy of ``environment`` in which ``python3`` names the kernel of this Python, and that kernel starts fast."""
    left_out = {
        "JUPYTER_PATH",  # its kernels would come before ours
        "PYTHONDONTWRITEBYTECODE",  # it doubles every start of a kernel
    }
    prepared = {name: value for name, value in environment.items() if name not in left_out}
    prepared["JUPYTER_PREFER_ENV_PATH"] = "1"
    prepared["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # or each kernel warns about frozen modules
    return prepared | ({STORE_URL_VARIABLE: store_url} if store_url else {})


@contextlib.contextmanager
def kernel_environment(store_url: str = "") -> Iterator[None]:
    """Set the environment that kernels are found in and started with, and restore it afterwards."""
    before = dict(os.environ)
    with _instead_of_home(before) as folders:
        set_environment(environment_for_kernels(before, store_url) | folders)
        try:
            yield
        finally:
            set_environment(before)


@contextlib.contextmanager
def _instead_of_home(environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Folders, by variable, for what libraries keep in the user's home, where it is missing or cannot be written: often
    so in a container. Else each kernel would warn, make a folder, and leave it.
    """
    home = Path.home()
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    usual = {"IPYTHONDIR": home / ".ipython", "MPLCONFIGDIR": config / "matplotlib"}
    with contextlib.ExitStack() as closing:
        yield {
            name: str(closing.enter_context(temporary_folder()))
            for name, folder in usual.items()
            if name not in environment and not (home.exists() and _can_be_written(folder))
        }


def _can_be_written(folder: Path) -> bool:
    """Whether it, or what it would be made in, can be written."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return os.access(there, os.W_OK)


@contextlib.contextmanager
def imported_kernels() -> Iterator[None]:
    """Import meanwhile what kernels need, so that each starts at once: see :mod:`kit.case.kernel_server`.

    Call it before anything is opened. In a core installation, and where a fork is not safe, it does nothing.
    """
    if not kernels_installed():
        yield
        return
    prepare_imports()
    with _instead_of_home(os.environ) as folders, kernels_ahead(environment_for_kernels(os.environ) | folders):
        yield


def run_notebook(notebook: Path, output: Path, parameters: Mapping[str, Any], stop: Event | None = None) -> str | None:
    """Execute ``notebook`` into ``output``; return ``None``, or one sentence that says why it did not reach its end.

    No cell begins once ``stop`` is set.
    """
    prepare_imports()
    import papermill
    from jupyter_core.utils import ensure_event_loop
    from nbclient.exceptions import DeadKernelError

    from kit.case.forked_provisioner import use_forked_kernels
    from kit.case.sparing_engine import NAME

    use_forked_kernels()
    for name in ("papermill", "traitlets"):  # what goes wrong is returned, and recorded; no need to log it too
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    loop = ensure_event_loop()  # the one that nbclient will use, and leave open
    private_file(private_folder(output.parent) / output.name)
    with temporary_folder() as sockets:
        try:
            papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters=dict(parameters),
                engine_name=NAME,
                stop=stop,
                kernel_name="python3",
                progress_bar=False,
                start_timeout=120,
                # over Unix sockets where there are any: no port is opened, and the kernel has nothing to warn about
                kernel_manager_class=_manager_class(sockets),
                # it reports the interrupt that precedes every shutdown
                extra_arguments=["--IPKernelApp.log_level=50"],
            )
        except papermill.PapermillExecutionError as error:
            return f"{error.ename}: {error.evalue}"
        except DeadKernelError:
            return "the notebook's kernel died"
        except Exception as error:  # noqa: BLE001  # the next notebooks run, and the report says so
            return f"{type(error).__name__}: {error}"
        finally:
            loop.close()
            clean_notebook(output)
    return None


def _manager_class(folder: Path) -> type:
    """Kernels whose files lie in ``folder``: by default sockets lie in the current folder, and the file that names them
    among all temporary files, and both stay there when kit is killed.
    """
    from jupyter_client.manager import AsyncKernelManager

    class LocalKernelManager(AsyncKernelManager):
        def _connection_file_default(self) -> str:
            return str(folder / "kernel.json")

        if HAS_SOCKET_FILES:
            transport = "ipc"

            def _ip_default(self) -> str:
                return str(folder / "kernel")

    return LocalKernelManager


def check_kernel() -> None:
    """Raise :class:`KitError` when no kernel of this environment can be found."""
    prepare_imports()
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        argv = KernelSpecManager().get_kernel_spec("python3").argv
    except NoSuchKernel as error:
        raise KitError("No Jupyter kernel is installed here. Install kit again: pip install incident-kit.") from error
    ours = {"python", "python3", f"python3.{sys.version_info.minor}", sys.executable}
    if argv[0] not in ours and Path(argv[0]).resolve() != Path(sys.executable).resolve():
        raise KitError(
            f"The Jupyter kernel python3 is {argv[0]}, not kit's {sys.executable}. "
            "Run: python -m ipykernel install --sys-prefix"
        )


def interrupt_kernels(running: Thread, stop: Event, grace_s: float = 3.0) -> None:
    """Ask every kernel of this process to stop its cell and to put away what that has made, then end what is left.

    The thread ``running`` executes a notebook, which begins no other cell once ``stop`` is set.
    """
    stop.set()
    kernels = _kernels()
    for kernel in kernels:
        signalling.interrupt(kernel.pid)
    running.join(grace_s)
    for kernel in kernels:
        kill_tree(kernel.pid)
    running.join(2.0)


def _kernels() -> list[psutil.Process]:
    server, children = running_server(), psutil.Process().children()
    if server is None:
        return children
    with contextlib.suppress(psutil.NoSuchProcess):
        children += psutil.Process(server.pid).children()
    return [child for child in children if child.pid != server.pid]
