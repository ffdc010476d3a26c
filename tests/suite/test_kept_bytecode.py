"""What is compiled of a target is kept for its next run, and nothing is written where it does not belong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kit.suite import run_suite
from kit.target import scratch_copy
from tests.helpers import fingerprint, write_project
from tests.suite.projects import by_name, outcomes, target_of

pytestmark = pytest.mark.slow

FILES = {
    "pytest.ini": "[pytest]\naddopts = -p library_plugin\n",
    "shop/__init__.py": "",
    "shop/prices.py": "import library\n\n\ndef price():\n    return 3\n",
    "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef three():\n    return 3\n",
    "tests/test_prices.py": "from shop.prices import price\n\n\ndef test_price(three):\n    assert price() == three\n",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop, a library that was never compiled, and a cache folder that is empty."""
    library = write_project(tmp_path / "library", {"library.py": "", "library_plugin.py": "import library\n"})
    monkeypatch.setenv("PYTHONPATH", f"{library}{os.pathsep}{tmp_path / 'shop'}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return write_project(tmp_path / "shop", FILES)


def compiled(root: Path) -> set[str]:
    return {path.name.partition(".")[0] for path in root.rglob("*.pyc")}


def test_the_next_copy_has_what_was_compiled_and_nothing_else_has(shop: Path, tmp_path: Path) -> None:
    before = fingerprint(shop), fingerprint(tmp_path / "library")

    facts = run_suite(target_of(shop), events=tmp_path / "events.jsonl")

    assert outcomes(facts) == {"tests/test_prices.py::test_price": "passed"}
    with scratch_copy(target_of(shop)) as root:
        assert compiled(root) == {"__init__", "prices", "conftest", "test_prices"}
    assert (fingerprint(shop), fingerprint(tmp_path / "library")) == before


def test_a_file_that_has_changed_is_compiled_anew_however_soon(shop: Path, tmp_path: Path) -> None:
    run_suite(target_of(shop), events=tmp_path / "events.jsonl")
    for path in ("shop/prices.py", "tests/test_prices.py"):
        status = (shop / path).stat()
        text = (shop / path).read_text()
        (shop / path).write_text(text.replace("return 3", "return 4").replace("== three", "< three "))
        os.utime(shop / path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))

    facts = run_suite(target_of(shop), events=tmp_path / "events.jsonl")

    result = by_name(facts)["test_price"]
    assert result.outcome == "failed"
    assert "4 < 3" in facts.failures[str(result.failure)].raised.message


def test_places_are_those_of_the_tree_when_bytecode_is_given_back(shop: Path, tmp_path: Path) -> None:
    (shop / "shop/prices.py").write_text("def price():\n    raise LookupError('gold')\n")
    first, second = (run_suite(target_of(shop), events=tmp_path / f"{n}.jsonl") for n in range(2))

    frames = [[(frame.path, frame.line) for frame in failure.raised.frames] for failure in second.failures.values()]
    assert frames == [[("tests/test_prices.py", 5), ("shop/prices.py", 2)]]
    assert first.failures.keys() == second.failures.keys()


def test_a_cache_that_is_no_cache_does_no_harm(shop: Path, tmp_path: Path) -> None:
    run_suite(target_of(shop), events=tmp_path / "events.jsonl")
    for file in (tmp_path / "cache").rglob("*.msgpack"):
        file.write_bytes(b"\xc1 nothing of ours")

    assert run_suite(target_of(shop), events=tmp_path / "events.jsonl").accounting.passed == 1


def test_a_cache_folder_inside_the_target_is_not_used(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(shop / "cache"))

    run_suite(target_of(shop), events=tmp_path / "events.jsonl")

    assert not (shop / "cache").exists()


def test_two_copies_at_a_time_have_folders_of_their_own(shop: Path) -> None:
    with scratch_copy(target_of(shop)) as one, scratch_copy(target_of(shop)) as other:
        assert one != other
        first = one
    with scratch_copy(target_of(shop)) as again:
        assert again == first
