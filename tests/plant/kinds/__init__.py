"""The kinds of faults: each is a function that finds every place of an app where its fault can be planted."""

from tests.plant.app import Planter
from tests.plant.kinds import behaviour, deleting, importing, mapping, testing, web

#: by name, as it stands in labels
KINDS: dict[str, Planter] = {
    planter.__name__.replace("_", "-"): planter
    for module in (mapping, importing, web, testing, behaviour, deleting)
    for planter in module.PLANTERS
}
