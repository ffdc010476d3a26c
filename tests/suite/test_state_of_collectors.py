"""What hooks and tests note on pytest's nodes of packages, modules and classes is state that later tests can see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.probes.state.watch import StateWatch, reported
from tests.suite.conftest import Run
from tests.suite.projects import outcomes

KEY: pytest.StashKey[int] = pytest.StashKey()


@pytest.fixture
def watch(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[StateWatch]:
    begun = StateWatch(str(tmp_path))
    begun.begin()
    begun.meet(request.node)
    yield begun
    vars(request.node.parent).pop("_failed", None)
    request.node.parent.stash._storage.pop(KEY, None)


def seen(watch: StateWatch) -> dict[str, list[str]]:
    """The names of each changed state of a file or a class of tests, by its path."""
    return {path: names for path, _, _, names in map(reported, watch.look()) if path.startswith("tests/suite/")}


class TestSteps:
    def test_an_attribute_is_seen_once(self, watch: StateWatch, request: pytest.FixtureRequest) -> None:
        request.node.parent._failed = "first"
        path = f"{request.node.parent.nodeid}._failed"

        assert seen(watch) == {path: ["_failed"]}
        assert seen(watch) == {}

    def test_what_is_in_the_stash_is_seen(self, watch: StateWatch, request: pytest.FixtureRequest) -> None:
        request.node.parent.stash[KEY] = 1

        assert list(seen(watch).values()) == [["stash"]]

    def test_the_next_class_of_the_file_leaves_both_watched_until_the_next_look(
        self, watch: StateWatch, request: pytest.FixtureRequest
    ) -> None:
        other = next(item for item in request.session.items if item.cls is TestOther)
        watch.meet(other)
        request.node.parent._failed = "first"

        assert len(seen(watch)) == 1
        request.node.parent._failed = "second"
        assert seen(watch) == {}  # no test of this class is next


class TestOther:
    def test_a_module_is_watched_while_its_classes_follow_each_other(
        self, watch: StateWatch, request: pytest.FixtureRequest
    ) -> None:
        module = request.node.getparent(pytest.Module)
        module._failed = 1
        try:
            assert list(seen(watch)) == [f"{module.nodeid}._failed"]
        finally:
            del module._failed
        assert list(seen(watch)) == [f"{module.nodeid}._failed"]


STEPS = """
    import time

    class TestSteps:
        def test_one(self): time.sleep(1)
        def test_two(self): assert 0
        def test_three(self): pass
        def test_four(self): pass
"""

HOOKS = """
    import pytest

    def pytest_runtest_makereport(item, call):
        if call.excinfo is not None:
            item.parent._failed = item

    def pytest_runtest_setup(item):
        if hasattr(item.parent, "_failed"):
            pytest.xfail("a step before it failed")
"""


@pytest.mark.slow
def test_steps_of_a_class_that_ran_in_another_worker_see_that_one_before_them_failed(run: Run) -> None:
    facts = run({"conftest.py": HOOKS, "test_a.py": STEPS}, workers=2)

    assert list(outcomes(facts).values()) == ["passed", "failed", "xfailed", "xfailed"]
