from kit.causes.detectors.missing_package import DISTRIBUTIONS as DISTRIBUTIONS
from kit.causes.naming import find_causes as find_causes
from kit.causes.scene.nearest import nearest as nearest
from kit.causes.scene.scene import no_source as no_source
from kit.causes.upgrades.drift import environment_of as environment_of
from kit.causes.upgrades.ranges import ahead_of as ahead_of
from kit.causes.upgrades.table import breakages as breakages
from kit.causes.upgrades.wording import upgrade_advice as upgrade_advice
