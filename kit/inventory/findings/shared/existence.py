"""Whether a module that the target imports is there, or may be there without a file that source shows.

A package without ``__init__.py`` is open: an installed distribution, or another folder on the import path, can have
modules of the same package. So of such a package a module is only called missing where nothing else may have it.
https://docs.python.org/3/reference/import.html#namespace-packages
"""

from __future__ import annotations

import sys

from kit.inventory.findings.shared.view import View
from kit.inventory.names.extensions import is_bare_folder, is_no_source
from kit.inventory.names.modules import parents
from kit.inventory.source.ignored import is_ignored

#: modules that compilers write: of protocol buffers
_COMPILED = ("_pb2", "_pb2_grpc")
#: a regular package of Python's, which comes before an open one; ``sys.stdlib_module_names`` leaves it out
_OF_PYTHON = frozenset({"test"})


def exists(module: str, view: View) -> bool:
    """Whether the module exists, or need not be the target's: it may be of a library, or of a folder whose name a
    library has too.
    """
    modules = view.names.modules
    top = module.partition(".")[0]
    if modules.is_own(module) or not modules.is_own(top) or top in sys.stdlib_module_names:
        return True
    above = [module, *parents(module)]
    if view.names.extended.intersection(above):
        return True
    files = view.names.files
    if any(one in files and files[one].binds_unseen for one in above):
        return True
    if any(is_no_source(one, view.names, view.root) for one in above) or is_bare_folder(module, view.names, view.root):
        return True
    return is_open(module, view) and _may_lie_elsewhere(module, view)


def is_open(module: str, view: View) -> bool:
    """Whether the module's top-level package has no ``__init__.py``."""
    return module.partition(".")[0] not in view.names.files


def is_bare_package(module: str, view: View) -> bool:
    """Whether it is a package of the target without ``__init__.py``: it has modules and no other names, unless code
    gives it some.
    """
    modules = view.names.modules
    return module in modules.packages and module not in modules.paths and module not in view.names.filled


def is_made(module: str, view: View) -> bool:
    """Whether building or running the app may make the module: a private one (``_version``, ``_speedups``), one that a
    compiler writes, or one that ``.gitignore`` names.
    """
    package, _, last = module.rpartition(".")
    if last.startswith("_") or last.endswith(_COMPILED):
        return True
    places = view.names.modules.folders.get(package, ())
    return any(is_ignored(view.root, f"{folder}/{last}.py".lstrip("/")) for folder in places)


def _may_lie_elsewhere(module: str, view: View) -> bool:
    """Whether something else may have a module of a package without ``__init__.py``. That the target takes one of its
    own modules from there tells such a package from a folder that only has the name of a library, like ``alembic``.
    """
    top = module.partition(".")[0]
    is_certain = (
        top in view.tops_in_use - _OF_PYTHON and not is_made(module, view) and not view.names.modules.is_below(module)
    )
    return not is_certain or module in view.replaced_modules or view.is_shared(top)
