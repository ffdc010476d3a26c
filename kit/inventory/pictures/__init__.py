"""Pictures of what the inventory knows, as SVG that takes its colours from the page: the same facts, the same bytes.

``tables_picture(finding, classes)`` shows the tables around a finding, ``modules_picture(neighbourhood)`` a module
among those that import it and those that it imports.
"""

from kit.inventory.pictures.modules import modules_picture
from kit.inventory.pictures.tables import tables_picture

__all__ = ["modules_picture", "tables_picture"]
