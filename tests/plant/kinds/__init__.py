"""The kinds of faults: each is a function that finds every place of an app where its fault can be planted."""

from tests.plant.app import Planter
from tests.plant.kinds import behaviour, importing, mapping, testing, web

#: by name, as it stands in labels
KINDS: dict[str, Planter] = {
    planter.__name__.replace("_", "-"): planter
    for module in (mapping, importing, web, testing, behaviour)
    for planter in module.PLANTERS
}
