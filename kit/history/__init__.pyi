from kit.history.comparing import compare_cases as compare_cases
from kit.history.earlier import compare_recorded as compare_recorded
from kit.history.earlier import compare_with_previous as compare_with_previous
from kit.history.identity import fingerprints as fingerprints
