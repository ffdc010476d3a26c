"""The index of two files hides the other duplicate index, that one hides the collision of the two users, and behind
that there is nothing that the database tests show, if the class that stays gets what the other had.
"""

from pathlib import Path

import pytest

from tests.demo.conftest import TRAPS
from tests.demo.trees import Run, mended, run_suite

pytestmark = pytest.mark.slow

FIRST_HAND = 'Multiple classes found for path "User" in the registry of this declarative base'
FOLLOW_ON = "One or more mappers failed to initialize"


@pytest.fixture(scope="module")
def samples(broken: Run) -> list[str]:
    """Two database tests of every file that has some."""
    by_file: dict[str, list[str]] = {}
    for nodeid in broken.collected:
        if "db" in broken.fixtures[nodeid]:
            by_file.setdefault(nodeid.split("::")[0], []).append(nodeid)
    return [nodeid for nodeids in by_file.values() for nodeid in (nodeids[0], nodeids[-1])]


@pytest.mark.parametrize(
    ("fixes", "index"),
    [((), "ix_users_display_name"), (("13",), "ix_quota_usages_user_id"), (("02",), "ix_quota_usages_user_id")],
    ids=["broken", "first-index-mended", "collision-mended"],
)
def test_index_stops_every_database_test_in_its_fixture(
    folder: Path, samples: list[str], fixes: tuple[str, ...], index: str
) -> None:
    run = run_suite(mended(folder / f"index{'-'.join(fixes)}", TRAPS, *fixes), *samples)
    assert len(run.reports) == len(samples)
    assert {(report.when, report.outcome) for report in run.reports.values()} == {("setup", "failed")}
    assert all(f"index {index} already exists" in message for message in run.messages())


def test_without_the_indexes_every_database_test_shows_the_collision(folder: Path, samples: list[str]) -> None:
    run = run_suite(mended(folder / "collision", TRAPS, "01", "13"), *samples)
    first, *others = run.messages()
    assert len(others) == len(samples) - 1
    assert FIRST_HAND in first
    assert FOLLOW_ON not in first
    assert all(FOLLOW_ON in message and FIRST_HAND in message for message in others)


def test_the_primary_class_alone_lacks_what_other_classes_ask_of_it(folder: Path, samples: list[str]) -> None:
    tree = mended(folder / "re-exported", TRAPS, "01", "13")
    (tree / "backend/app/users/models.py").write_text("from backend.app.auth.models import User as User\n")
    run = run_suite(tree, *samples)
    assert len(run.reports) == len(samples)
    assert all("has no property 'watchlists'" in message for message in run.messages())


def test_without_all_of_them_they_pass(folder: Path, samples: list[str]) -> None:
    run = run_suite(mended(folder / "all", TRAPS, "01", "02", "13"), *samples)
    assert len(run.reports) == len(samples)
    assert run.outcomes() == {"passed"}


@pytest.mark.parametrize(
    ("module", "name"), [("backend.app.copy.models", "PaperTrade"), ("backend.app.admin.console", "Subscription")]
)
@pytest.mark.parametrize("fixes", [("01", "02"), ("01", "02", "12")], ids=["waiting", "mended"])
def test_waiting_collisions_strike_once_they_are_imported(
    tmp_path: Path, module: str, name: str, fixes: tuple[str, ...]
) -> None:
    tree = mended(tmp_path / "imported", *fixes)
    test = tree / "backend/tests/test_striking.py"
    test.write_text(
        f"import backend.app.core.model_index\nimport {module}\nfrom sqlalchemy.orm import configure_mappers\n\n\n"
        "def test_mappers():\n    configure_mappers()\n"
    )
    (message,) = run_suite(tree, str(test.relative_to(tree))).messages()
    assert (f'Multiple classes found for path "{name}"' in message) is ("12" not in fixes)
