"""What is investigated, and how its code is run without a trace."""

from kit.target.copying import Changes, TreeCopy
from kit.target.environment import target_environment
from kit.target.find import find_target
from kit.target.masking import mask
from kit.target.probe import ProbeRun, run_probe
from kit.target.processes import guarded, kill_tree
from kit.target.scratch import kept_copy, scratch_copy

__all__ = [
    "Changes",
    "ProbeRun",
    "TreeCopy",
    "find_target",
    "guarded",
    "kept_copy",
    "kill_tree",
    "mask",
    "run_probe",
    "scratch_copy",
    "target_environment",
]
