"""Pictures of what the inventory knows, as SVG that takes its colours from the page: the same facts, the same bytes.

``tables_picture(title, parties, classes)`` shows classes (``parties_of`` a finding, say) among those that relationships
join to them, ``modules_picture(neighbourhood)`` a module among those that import it and those that it imports.
"""

from kit.drawing.modules import modules_picture
from kit.drawing.tables import parties_of, tables_picture

__all__ = ["modules_picture", "parties_of", "tables_picture"]
