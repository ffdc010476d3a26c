from kit.causes.detectors.missing_package import DISTRIBUTIONS as DISTRIBUTIONS
from kit.causes.naming import find_causes as find_causes
from kit.causes.scene.nearest import nearest as nearest
from kit.causes.scene.scene import no_source as no_source
