"""What is investigated, and how its code is run without a trace."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.target.bytecode import keep_bytecode
    from kit.target.copying import Changes, TreeCopy
    from kit.target.environment import target_environment
    from kit.target.find import find_target
    from kit.target.memory import held_by, machine_memory, share_of
    from kit.target.outputs import PRIVATE_FILE, PRIVATE_FOLDER, private_file, private_folder, share
    from kit.target.probe import ProbeRun, run_probe
    from kit.target.processes import descendants, guarded, kill_tree
    from kit.target.pythons import required_python
    from kit.target.restoring import Snapshot
    from kit.target.scratch import (
        bytecode_beside,
        copy_of_parcel,
        forget_bytecode,
        is_usual_copy,
        kept_copy,
        remove_tree,
        scratch_copy,
    )
    from kit.target.syspath import path_edits

__all__ = [
    "PRIVATE_FILE",
    "PRIVATE_FOLDER",
    "Changes",
    "ProbeRun",
    "Snapshot",
    "TreeCopy",
    "bytecode_beside",
    "copy_of_parcel",
    "descendants",
    "find_target",
    "forget_bytecode",
    "guarded",
    "held_by",
    "is_usual_copy",
    "keep_bytecode",
    "kept_copy",
    "kill_tree",
    "machine_memory",
    "path_edits",
    "private_file",
    "private_folder",
    "remove_tree",
    "required_python",
    "run_probe",
    "scratch_copy",
    "share",
    "share_of",
    "target_environment",
]

_HOMES = {
    "PRIVATE_FILE": "outputs",
    "PRIVATE_FOLDER": "outputs",
    "private_file": "outputs",
    "private_folder": "outputs",
    "share": "outputs",
    "Changes": "copying",
    "ProbeRun": "probe",
    "Snapshot": "restoring",
    "TreeCopy": "copying",
    "bytecode_beside": "scratch",
    "copy_of_parcel": "scratch",
    "descendants": "processes",
    "find_target": "find",
    "forget_bytecode": "scratch",
    "guarded": "processes",
    "held_by": "memory",
    "is_usual_copy": "scratch",
    "keep_bytecode": "bytecode",
    "kept_copy": "scratch",
    "kill_tree": "processes",
    "machine_memory": "memory",
    "path_edits": "syspath",
    "remove_tree": "scratch",
    "required_python": "pythons",
    "run_probe": "probe",
    "scratch_copy": "scratch",
    "share_of": "memory",
    "target_environment": "environment",
}


def __getattr__(name: str) -> Any:
    """Each is imported when it is asked for: what reads a cache does not wait for what runs processes."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
