"""What the target's source and its mapper registries say, before any test runs."""

from kit.inventory.asked import Declarations
from kit.inventory.inventory import Inventory
from kit.inventory.loaded import mark_loaded
from kit.inventory.reach import Reach

__all__ = ["Declarations", "Inventory", "Reach", "mark_loaded"]
