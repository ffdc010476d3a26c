from kit.inventory.declarations import Declarations as Declarations
from kit.inventory.imports.reach import Reach as Reach
from kit.inventory.inventory import Inventory as Inventory
from kit.inventory.loaded import judge_by_run as judge_by_run
from kit.inventory.loaded import mark_loaded as mark_loaded
