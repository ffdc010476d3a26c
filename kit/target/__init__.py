"""What is investigated, and how its code is run without a trace."""

from kit.target.environment import target_environment
from kit.target.find import find_target
from kit.target.masking import mask
from kit.target.probe import ProbeRun, run_probe
from kit.target.processes import guarded, kill_tree
from kit.target.scratch import scratch_copy

__all__ = [
    "ProbeRun",
    "find_target",
    "guarded",
    "kill_tree",
    "mask",
    "run_probe",
    "scratch_copy",
    "target_environment",
]
