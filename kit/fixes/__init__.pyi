from kit.fixes.options import find_options as find_options
from kit.fixes.scene import FixScene as FixScene
from kit.fixes.trials.full import full_trial as full_trial
from kit.fixes.trials.peeling import Peeling as Peeling
from kit.fixes.trials.trial_copy import Explained as Explained
from kit.fixes.trials.trial_copy import TrialCopy as TrialCopy
