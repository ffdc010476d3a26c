"""Changes of the app and of its tests as two options: a reader decides on each of them alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kit.fixes.scene import FixScene


def by_side(scene: FixScene, paths: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The paths of the app, then those of the tests, each with the end of an option's kind; none that is empty."""
    every = sorted(set(paths))
    app = [path for path in every if not scene.is_test(path)]
    tests = [path for path in every if scene.is_test(path)]
    yield from ((kind, some) for kind, some in (("", app), ("-in-tests", tests)) if some)


def in_words(kind: str) -> str:
    """What a title says of the side."""
    return "in the tests" if kind else "in the app"
