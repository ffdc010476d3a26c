"""A cause shows the lines that it stands at, as they were when it was named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.case.stages.excerpts import with_excerpts
from kit.facts.causes import Cause, Excerpt
from kit.facts.places import Location


def excerpts(root: Path, *places: str) -> tuple[Excerpt, ...]:
    locations = tuple(Location(path, int(line)) for path, _, line in (place.partition(":") for place in places))
    (found,) = with_excerpts([Cause("c", "k", "t", "consistent", locations)], root)
    return found.excerpts


def write(root: Path, name: str = "m.py", lines: int = 30) -> None:
    (root / name).write_text("".join(f"line {number}\n" for number in range(1, lines + 1)))


def test_lines_around_the_place_are_shown_and_it_is_marked(tmp_path: Path) -> None:
    write(tmp_path)

    (one,) = excerpts(tmp_path, "m.py:10")

    assert (one.first, one.lines[0], one.lines[-1], one.marked) == (8, "line 8", "line 12", (10,))
    assert [number for number, _, marked in one.numbered if marked] == [10]


def test_places_near_each_other_share_one_excerpt_and_others_do_not(tmp_path: Path) -> None:
    write(tmp_path)

    first, second = excerpts(tmp_path, "m.py:4", "m.py:20", "m.py:7")

    assert (first.marked, second.marked) == ((4, 7), (20,))


def test_the_ends_of_a_file_are_the_ends_of_its_excerpt(tmp_path: Path) -> None:
    write(tmp_path, lines=3)

    (one,) = excerpts(tmp_path, "m.py:1")

    assert (one.first, one.lines) == (1, ("line 1", "line 2", "line 3"))


def test_a_line_that_is_not_there_and_a_file_that_is_gone_show_nothing(tmp_path: Path) -> None:
    write(tmp_path)

    assert excerpts(tmp_path, "m.py:99", "gone.py:1") == ()


def test_only_files_that_are_shown_are_searched_for_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{name}.py" for name in "abcdefg"]
    searched: list[str] = []
    for name in names:
        write(tmp_path, name)
    monkeypatch.setattr("kit.case.stages.excerpts.mask", lambda text: searched.append(text) or text)

    found = excerpts(tmp_path, *(f"{name}:5" for name in names))

    assert [one.path for one in found] == names[:4]
    assert len(searched) == 4


def test_a_secret_in_the_source_is_masked(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text('engine = create_engine("postgresql://app:Sup3rSecret99@db/x")\n')

    (one,) = excerpts(tmp_path, "m.py:1")

    assert "Sup3rSecret99" not in one.lines[0]
