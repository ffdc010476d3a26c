"""Requests that no route answers. One cause a test file: its tests share the application that they build."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kit.causes.building import cause_of, enumerated, run_command
from kit.causes.detector import Detector
from kit.causes.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group

KIND = "route-missing"
#: what Starlette and FastAPI answer by themselves when no route matches; an application's own 404 says more
_NO_ROUTE = re.compile(r"""["']detail["']: ?["']Not Found["']|Method Not Allowed""")
_REQUESTED = re.compile(
    r"""\b(?:get|post|put|patch|delete)\(['"](?P<path>/[^'"]*)['"]|for url '\w+://[^/']+(?P<url>/[^']*)'"""
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_file: dict[str, list[Group]] = {}
    for group in in_category(unexplained, KIND):
        paths = [result.path for result in scene.results(group)] or [""]
        by_file.setdefault(paths[0], []).append(group)
    for path, groups in by_file.items():
        yield _cause(scene, path, groups)


def _cause(scene: Scene, path: str, groups: list[Group]) -> Cause:
    asked = sorted({found["path"] or found["url"] for group in groups for found in _REQUESTED.finditer(group.example)})
    by_framework = any(_NO_ROUTE.search(group.example) for group in groups)
    evidence = [Evidence(f"Requested: {enumerated(asked)}")] if asked else []
    if by_framework:
        evidence.append(Evidence("The answer is the framework's own: no route matched the request"))
    return cause_of(
        groups,
        id=f"{KIND}:{path}",
        kind=KIND,
        title=f"Requests of {path} find no route"
        if by_framework
        else f"Requests of {path} are answered with not found",
        state="consistent" if by_framework else "unknown",
        locations=scene.spots(*groups),
        evidence=evidence,
        next_step="Check that the router of these paths is included in the application that the test builds, with its "
        f"prefix. Then check with: {run_command(groups[0])}",
    )


DETECTOR = Detector(rank=60, kind=KIND, find=_find)
