"""What a container held at the last look is known in its order, and no object is kept alive that could die."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from kit.probes.state.held import held
from kit.probes.state.values import Gone


class Thing:
    """Something that can die."""


@pytest.fixture(autouse=True)
def no_cycle_is_collected() -> Iterator[None]:
    """An object dies as soon as nobody refers to it, or it does not die here."""
    gc.disable()
    yield
    gc.enable()


def test_values_are_in_their_order_and_the_dead_ones_are_gone() -> None:
    lives, dies = Thing(), Thing()
    values = held(["a", lives, [1], dies, 2, dies, held])

    before = list(values)
    assert before == ["a", lives, [1], dies, 2, dies, held]
    del before, dies

    assert len(values) == 7
    found = list(values)
    assert [type(one) for one in found] == [str, Thing, list, Gone, int, Gone, type(held)]
    assert found[1] is lives


def test_what_was_read_once_keeps_nothing_alive() -> None:
    thing = Thing()
    alive = weakref.ref(thing)
    values = held({"one": thing, "other": 1}.values())

    assert next(iter(values)) is thing
    del thing

    assert alive() is None


def test_a_weak_reference_of_the_target_is_a_value_like_others() -> None:
    thing = Thing()
    reference = weakref.ref(thing)
    values = held([reference, thing])
    del thing

    first, second = values

    assert first is reference
    assert type(second) is Gone


def test_containers_are_kept_since_python_cannot_refer_to_them_weakly() -> None:
    values = held([{"a": 1}, Thing()])

    assert next(iter(values)) == {"a": 1}


def test_no_object_is_made_for_a_value_that_cannot_die() -> None:
    """Each fork of a large suite has to let go of all of them."""
    values = [*([].append for _ in range(400)), Thing()]
    before = len(gc.get_objects())

    kept = held(values)

    assert len(gc.get_objects()) - before < 20
    assert len(kept) == 401
