"""What an upgrade would lose: names and modules dropped between two releases; not what something else still gives."""

from __future__ import annotations

from kit.causes import DISTRIBUTIONS, lost_names, newest_known
from kit.causes.upgrades.dropped_ahead import LostNames
from kit.causes.upgrades.dropped_names import ReleaseStep
from kit.facts.places import Location
from kit.facts.upgrades import Breakage


def test_only_what_is_dropped_between_the_two_releases_is_lost() -> None:
    def is_lost(installed: str, wanted: str) -> bool:
        return "trio.tests" in lost_names({"trio": installed}, {"trio": wanted}, (), {}).steps

    assert is_lost("0.23.0", "0.24.0")
    assert is_lost("0.20.0", "")
    assert not is_lost("0.23.0", "0.23.2")
    assert not is_lost("0.24.0", "0.30.0")
    assert not is_lost("unknown", "0.30.0")
    assert "trio.tests" not in lost_names({"trio": "0.23.0", "flask": "2.0"}, {"flask": "3.0.0"}, (), {}).steps
    assert lost_names({"flask": "2.0"}, {}, {"flask"}, {}).steps == {}


def test_a_module_that_another_installed_distribution_is_known_for_stays() -> None:
    alone = lost_names({"pyyaml-ft": "7.0.0"}, {}, (), DISTRIBUTIONS)
    beside = lost_names({"pyyaml-ft": "7.0.0", "pyyaml": "6.0"}, {}, (), DISTRIBUTIONS)

    assert ("yaml" in alone.steps, "yaml" in beside.steps) == (True, False)


def test_a_module_whose_package_still_binds_its_name_stays() -> None:
    step = ReleaseStep("1.0", "2.0", {"lib.mock": "lib:mock", "lib.old": "lib.new"}, {"lib": {"Old": ""}})

    assert list(step.imported) == ["lib.old", "lib.Old"]


def test_lines_that_a_measured_entry_knows_are_not_told_again() -> None:
    step = ReleaseStep("1.0", "2.0", names={"lib": {"Old": "", "Other": "lib.new"}})
    entry = Breakage("lib-old", "lib", "1.0", "2.0", "name-gone", "", "", "", "", both=True)
    first, second = Location("a.py", 1, "uses"), Location("a.py", 2, "uses")
    lost = LostNames({"lib.Old": ("lib", step), "lib.Other": ("lib", step)})

    found = list(lost.met({"lib-old": [first], "lib.Old": [first], "lib.Other": [first, second]}, [entry]))

    assert [(one.id, one.after, places) for one, places in found] == [("lib-2.0-lib.Other", "lib.new.Other", (second,))]


def test_each_of_several_names_of_a_line_is_told() -> None:
    step = ReleaseStep("1.0", "2.0", names={"lib": {"old": "", "older": ""}})
    place = Location("a.py", 1, "uses")
    lost = LostNames({"lib.old": ("lib", step), "lib.older": ("lib", step)})

    found = lost.met({"lib.old": [place], "lib.older": [place]}, ())

    assert [(one.before, places) for one, places in found] == [("lib.old", (place,)), ("lib.older", (place,))]


def test_a_copy_of_the_library_in_the_app_does_not_use_it() -> None:
    lost = LostNames({"lib.Old": ("lib", ReleaseStep("1.0", "2.0", names={"lib": {"Old": ""}}))})
    copied, used = Location("app/_vendor/lib/core.py", 1, "uses"), Location("app/lib.py", 1, "uses")

    assert [places for _, places in lost.met({"lib.Old": [copied, used]}, ())] == [(used,)]


def test_the_newest_release_that_is_known_may_be_one_whose_source_was_read() -> None:
    known = newest_known()

    assert known["trio"] >= "0.34.0"
    assert "shopping" not in known
