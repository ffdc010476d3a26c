from kit.case.all_stages import Investigated as Investigated
from kit.case.all_stages import run_all_stages as run_all_stages
from kit.case.investigation import Investigation as Investigation
from kit.case.kernels import environment_for_kernels as environment_for_kernels
from kit.case.kernels import notebooks_folder as notebooks_folder
from kit.case.opening import find_target_of as find_target_of
from kit.case.options import CaseOptions as CaseOptions
from kit.case.storage import known_store as known_store
