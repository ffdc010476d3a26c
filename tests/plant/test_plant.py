"""The planting tool itself: every fault can still be planted, one is found, and the scores are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plant.faults import FAULTS, Edit, Fault, healthy_tree, plant
from tests.plant.measure import investigate, place_of
from tests.plant.scores import adjusted_rand_index, wrong_merges


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return healthy_tree(tmp_path_factory.mktemp("plant") / "healthy")


def test_every_fault_fits_the_demo_and_leaves_python(healthy: Path, tmp_path: Path) -> None:
    for number, fault in enumerate(FAULTS):
        tree = tmp_path / str(number)
        for path in {edit.path for edit in fault.edits if edit.find}:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text((healthy / path).read_text())
        plant(tree, [fault])
        for path in fault.files:
            text = (tree / path).read_text()
            compile(text, path, "exec")
            assert not (healthy / path).exists() or text != (healthy / path).read_text()


def test_a_fault_that_no_longer_fits_is_told(healthy: Path) -> None:
    with pytest.raises(ValueError, match=r"clock\.py: 'SATURDAY = 5' stands 0 times"):
        plant(healthy, [Fault("gone", "x", (Edit("backend/app/core/clock.py", "SATURDAY = 5", ""),))])


def test_two_planted_faults_are_both_named_first_and_kept_apart(healthy: Path, tmp_path: Path) -> None:
    chosen = [fault for fault in FAULTS if fault.name in ("naive datetime", "circle of imports")]

    outcome = investigate(healthy, chosen, tmp_path)

    assert {place_of(outcome.causes, fault) for fault in chosen} == {1, 2}
    assert set(outcome.cause_of.values()) == {fault.cause for fault in chosen}


@pytest.mark.parametrize(
    ("groups", "index", "merged"),
    [
        ("xxxyyy", 1.0, 0.0),
        ("yyyxxx", 1.0, 0.0),
        ("xxyyzz", 0.24242, 1 / 6),
        ("xxxxxx", 0.0, 1 / 2),
        ("xyxyxy", -0.11111, 1 / 3),
    ],
)
def test_the_index_of_known_partitions(groups: str, index: float, merged: float) -> None:
    labels = dict(zip("abcdef", "111222", strict=True))
    grouped = dict(zip("abcdef", groups, strict=True))

    assert adjusted_rand_index(labels, grouped) == pytest.approx(index, abs=1e-5)
    assert wrong_merges(labels, grouped) == pytest.approx(merged)
