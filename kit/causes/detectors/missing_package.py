"""A package that the target's environment lacks.

https://docs.pytest.org/en/stable/how-to/skipping.html#skipping-on-a-missing-import-dependency
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.printed import printed_error
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.spelling import distribution_name
from kit.failures import missing_module

KIND: Final = "missing-package"

#: import names of packages whose distributions are called otherwise
DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "fitz": "pymupdf",
    "git": "GitPython",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "MySQLdb": "mysqlclient",
    "multipart": "python-multipart",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "psycopg2": "psycopg2-binary",
    "slugify": "python-slugify",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    lacking: dict[str, list[Group]] = {}
    for group in unexplained:
        name = _named(scene, group)
        if name and not _is_own(scene, name):
            lacking.setdefault(name, []).append(group)
    for name, groups in lacking.items():
        yield _cause(scene, name, groups)


def _named(scene: Scene, group: Group) -> str | None:
    """The module that a failure is about, also of a command that a test has started."""
    if group.category == "missing-package":
        return missing_module(group.example)
    error = printed_error(scene, group)
    return missing_module(error.message) if error and error.exception == "ModuleNotFoundError" else None


def _is_own(scene: Scene, name: str) -> bool:
    """Whether the package is the target's. Results of others do not tell what was imported: then the source says it."""
    package, _, rest = name.partition(".")
    return package in scene.own_packages or (bool(rest) and scene.declarations.has_module(package))


def _cause(scene: Scene, name: str, groups: list[Group]) -> Cause:
    package = name.partition(".")[0]
    # Python names a submodule only once it has imported the package around it
    lacking = name != package
    what = f'The installed "{package}" has no module "{name}"' if lacking else f'Package "{package}" is not installed'
    advice = f"Install a version of {package} that has it, or import what has taken its place"
    if not lacking:
        advice = (
            f"Install the distribution that provides {package} in the target's environment, or, where it is optional, "
            f'skip its tests with pytest.importorskip("{name.replace("-", "_")}")'
        )
    errors = [error for group in groups if (error := printed_error(scene, group))]
    commands = list(dict.fromkeys(error.place for error in errors if error.place))
    return cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=what,
        state="consistent",
        locations=(*commands, *scene.spots(*groups)),
        evidence=[
            *(Evidence("A command that tests start imports it here", place) for place in commands),
            *(
                Evidence(f"Imported here: {frame.source}", place)
                for frame, place in zip(scene.frames(*groups), scene.spots(*groups), strict=False)
                if frame.source
            ),
            *_required(scene, package, lacking=lacking),
        ],
        next_step=then_check(advice, check_command(groups)),
    )


def _required(scene: Scene, package: str, *, lacking: bool) -> Iterator[Evidence]:
    """Where the target says that it needs the package, or which of its files lack it."""
    wanted = {distribution_name(package), distribution_name(DISTRIBUTIONS.get(package, package))}
    naming = [one for one in scene.inventory.requirements if distribution_name(one.name) in wanted]
    for one in naming:
        told = f"Required here as {one.name}" + ("" if lacking else ", and not installed")
        yield Evidence(told, Location(one.path, one.line, "requirement"))
    if not naming and scene.inventory.requirement_files:
        yield Evidence(f"Not required by {enumerated(scene.inventory.requirement_files)}")


DETECTOR = Detector(rank=40, kind=KIND, find=_find)
