"""What is investigated, and how its code is run without a trace."""

from kit.target.bytecode import keep_bytecode
from kit.target.copying import Changes, TreeCopy
from kit.target.environment import target_environment
from kit.target.find import find_target
from kit.target.masking import mask
from kit.target.memory import held_by, machine_memory, share_of
from kit.target.probe import ProbeRun, run_probe
from kit.target.processes import descendants, guarded, kill_tree
from kit.target.restoring import Snapshot
from kit.target.scratch import bytecode_beside, copy_of_parcel, forget_bytecode, is_usual_copy, kept_copy, scratch_copy

__all__ = [
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
    "mask",
    "run_probe",
    "scratch_copy",
    "share_of",
    "target_environment",
]
