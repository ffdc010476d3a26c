"""How Jupyter gets its kernels from :mod:`kit.case.kernel_server`, where that runs."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, Final

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kit.case.kernel_server import ordinary_arguments, running_server

_NAME: Final = "kit-forked"


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of the server; as a process of its own where there is none."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel that ``cmd`` is the command of, and return its connection info."""
        server, arguments = running_server(), ordinary_arguments(cmd)
        if server is None or arguments is None:
            return await super().launch_kernel(cmd, **kwargs)
        try:
            folder = str(kwargs.get("cwd") or Path.cwd())
            kernel = server.start(arguments=arguments, environment=dict(kwargs["env"]), folder=folder)
        except OSError:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = kernel  # type: ignore[assignment]  # it has those methods of Popen that are used
        self.pid = self.pgid = kernel.pid
        return self.connection_info


def use_forked_kernels() -> None:
    """From now on start the kernels of this process so, except those whose specification names a provisioner."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[_NAME] = EntryPoint(
        _NAME, f"{__name__}:{ForkedProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME
    )
    factory.default_provisioner_name = _NAME
