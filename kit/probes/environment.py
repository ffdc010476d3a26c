"""Says what an interpreter is: version, installed packages, and which of its import paths lie in the target's tree.

    environment REQUEST_FD RECORD_FD        request: {"root": "/abs", "names": ["top_level_name", ...] or none}
    {"version": "3.11.7", "packages": {name: version}, "distributions": [[name, version, [requirer, ...]], ...],
     "paths_in_tree": ["relative"], "unmovable": [package],
     "has_bytecode": whether pytest was compiled by this Python; true when there is none,
     "importable": those of the requested names that can be imported, if any were requested,
     "outside": those of them that have a part outside of the tree, or in an environment that lies in it}

Unlike the other probes it must be understood by every Python there is, 2.7 included: only so can kit say in one
sentence that an interpreter is too old. It imports nothing of the target; what ``site`` has loaded is looked at.
"""

import io
import json
import os
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Set, Tuple  # noqa: F401 (in comments)

#: distributions whose versions matter; plugins of pytest are taken whatever their names
WANTED = frozenset(
    [
        "advanced-alchemy", "aiosqlite", "alembic", "anyio", "asyncpg", "coverage", "factory-boy", "fastapi",
        "fastapi-users", "flask", "flask-sqlalchemy", "geoalchemy2", "greenlet", "httpx", "hypothesis", "litestar",
        "psycopg", "psycopg2", "psycopg2-binary", "pydantic", "pymysql", "sqladmin", "sqlalchemy", "sqlalchemy-utils",
        "sqlmodel", "starlette", "testcontainers", "trio", "uvloop",
    ]
)  # fmt: skip

_METADATA = re.compile(r"(.+?)(?:-(\d[^-]*))?(?:-py\d[\d.]*)?\.(?:dist|egg)-info$", re.IGNORECASE)
_REQUIRED = re.compile(r"Requires-Dist:\s*([A-Za-z0-9._-]+)([^\n]*)")


def main(request_fd, record_fd):
    # type: (str, str) -> None
    with os.fdopen(int(request_fd)) as request:
        asked = json.loads(request.readline())
    root = os.path.realpath(asked["root"])
    paths = [os.path.abspath(path) for path in sys.path if path]
    mapped, unmovable = editable_packages()
    found = installed(paths)
    record = {
        "version": version(),
        "packages": {name: found[name][0] for name in sorted(found) if is_wanted(name)},
        "distributions": with_requirers(found),
        "paths_in_tree": in_tree(root, paths + mapped),
        "unmovable": sorted(unmovable),
        "has_bytecode": has_bytecode(paths),
    }
    if asked.get("names"):
        places = {name: places_of(name) for name in asked["names"]}
        record["importable"] = [name for name in asked["names"] if places[name]]
        record["outside"] = [name for name in asked["names"] if any(not is_of_tree(one, root) for one in places[name])]
    with os.fdopen(int(record_fd), "w") as answer:
        answer.write(json.dumps(record) + "\n")


def places_of(name):
    # type: (str) -> List[str]
    """Where a top-level module is found, several folders for a package without ``__init__.py``; nothing is imported."""
    try:
        from importlib.util import find_spec

        spec = find_spec(name)
        if spec is None:
            return []
        return [os.path.realpath(place) for place in spec.submodule_search_locations or [spec.origin or name]]
    except Exception:  # a Python too old to say, or a finder of an editable install that is broken
        return []


def version():
    # type: () -> str
    info = sys.version_info
    suffix = "" if info[3] == "final" else {"alpha": "a", "beta": "b"}.get(info[3], "rc") + str(info[4])
    return "%d.%d.%d%s" % (info[0], info[1], info[2], suffix)


def is_wanted(name):
    # type: (str) -> bool
    return name in WANTED or name.startswith("pytest")


def installed(paths):
    # type: (List[str]) -> Dict[str, Tuple[str, str]]
    """Version and metadata folder of each distribution, taken from the folder's name; the first on the path wins."""
    found = {}
    for path in paths:
        for entry in listed(path):
            match = _METADATA.match(entry)
            name = normal(match.group(1)) if match else ""
            if match and name not in found:
                metadata = os.path.join(path, entry)
                number = match.group(2) or declared_version(metadata)
                if number:
                    found[name] = (number, metadata)
    return found


def with_requirers(found):
    # type: (Dict[str, Tuple[str, str]]) -> List[List[object]]
    """Name, version and the names of those that require it, of each distribution."""
    requirers = {}  # type: Dict[str, List[str]]
    for name in sorted(found):
        for required in requirements(found[name][1]):
            if required in found and name not in requirers.setdefault(required, []):
                requirers[required].append(name)
    return [[name, found[name][0], requirers.get(name, [])] for name in sorted(found)]


def requirements(metadata):
    # type: (str) -> List[str]
    """What a distribution requires without an extra, whatever the markers of its environment say."""
    found = []
    try:
        with open(os.path.join(metadata, "METADATA"), "rb") as file:
            for line in file:
                if not line.strip():
                    break  # the description follows
                match = _REQUIRED.match(line.decode("utf-8", "replace"))
                if match and "extra" not in match.group(2):
                    found.append(normal(match.group(1)))
    except (OSError, IOError):
        pass
    return found


def normal(name):
    # type: (str) -> str
    return re.sub(r"[-_.]+", "-", name).lower()


def listed(path):
    # type: (str) -> List[str]
    try:
        return sorted(os.listdir(path))
    except OSError:
        return []


def declared_version(metadata):
    # type: (str) -> Optional[str]
    """The version in a metadata folder whose name has none (a development install)."""
    try:
        with io.open(os.path.join(metadata, "PKG-INFO"), encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("Version:"):
                    return line.split(":", 1)[1].strip()
    except (OSError, IOError, ValueError):
        pass
    return None


def has_bytecode(paths):
    # type: (List[str]) -> bool
    tag = getattr(getattr(sys, "implementation", None), "cache_tag", None)
    for path in paths:
        package = os.path.join(path, "_pytest")
        if os.path.isdir(package):
            return any(str(tag) in name for name in listed(os.path.join(package, "__pycache__")))
    return True


def editable_packages():
    # type: () -> Tuple[List[str], Set[str]]
    """Folders that setuptools' editable finders import from, and the packages whose folder has another name.

    Such a finder maps a package to its folder; the folder's parent on the path does the same when the names agree.
    """
    folders, unmovable = [], set()
    for name, module in list(sys.modules.items()):
        mapping = getattr(module, "MAPPING", None) if name.startswith("__editable___") else None
        for package, path in (mapping or {}).items():
            folder, parts = path, package.split(".")
            while parts and os.path.splitext(os.path.basename(folder))[0] == parts[-1]:
                folder = os.path.dirname(folder)
                parts.pop()
            if parts:
                unmovable.add(package)
            else:
                folders.append(folder)
    return folders, unmovable


def in_tree(root, paths):
    # type: (str, List[str]) -> List[str]
    """The paths inside the tree, relative to it; not the interpreter's own when its environment lies in the tree."""
    found = []
    for path in paths:
        real = os.path.realpath(path)
        if os.path.isdir(real) and is_of_tree(real, root):
            relative = os.path.relpath(real, root).replace(os.sep, "/")
            if relative not in found:
                found.append(relative)
    return found


def is_of_tree(path, root):
    # type: (str, str) -> bool
    """Whether a real path lies in the tree, and not in the interpreter's own environment there."""
    own = [os.path.realpath(prefix) for prefix in (sys.prefix, getattr(sys, "base_prefix", sys.prefix))]
    return is_inside(path, root) and not any(is_inside(prefix, root) and is_inside(path, prefix) for prefix in own)


def is_inside(path, folder):
    # type: (str, str) -> bool
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
