from kit.inventory.declarations import Declarations as Declarations
from kit.inventory.imports.reach import Reach as Reach
from kit.inventory.inventory import Inventory as Inventory
from kit.inventory.loaded import judge_by_run as judge_by_run
from kit.inventory.loaded import mark_loaded as mark_loaded
from kit.inventory.source.blobs import BlobRecords as BlobRecords
from kit.inventory.source.blobs import source_paths as source_paths
from kit.inventory.source.roles import role_of as role_of
