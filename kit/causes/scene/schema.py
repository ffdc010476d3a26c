"""Tests of an application's whole schema fail with every path that the application has no route for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from kit.causes.scene.scene import Scene
from kit.facts.declarations import Request
from kit.facts.failures import Group
from kit.facts.places import Location

_SCHEMA = re.compile(r"/(?:openapi|swagger)\.json$")


def asks_for_schema(request: Request | None) -> bool:
    """Whether a request is one for the schema of an application."""
    return request is not None and _SCHEMA.search(request.path) is not None


def expects(scene: Scene, group: Group, beside: Sequence[Group], paths: Collection[str]) -> bool:
    """Whether the tests of a group write one of these paths down, and stand in files of these other groups."""
    files = {result.path for result in scene.results(*beside)}
    in_tests = [Location(root.test.path, root.test.line) for root in scene.roots(group) if root.test]
    written = {repr(path) for path in paths}
    is_near = bool(in_tests) and files.issuperset(result.path for result in scene.results(group))
    return is_near and all(scene.declarations.values_in(place, written) for place in in_tests)
