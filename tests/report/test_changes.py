"""The section says what changed since the last case, and says so where there is none."""

from dataclasses import replace

import pytest

from kit.facts.history import CaseComparison, CaseMoment, CauseChange, TestChange
from kit.report.page import render
from tests.report import samples


def section(compared: CaseComparison | None, name: str = "changes") -> str:
    facts = replace(samples.incident(), compared=compared)
    return render(facts, "now").partition(f'<section id="{name}"')[2].partition("</section>")[0]


def test_causes_and_tests_stand_with_their_change() -> None:
    causes = samples.incident().causes or ()
    moments = CaseMoment("sunday", "2026-11-22T06:00:00+00:00", "1a2b3c4d5e6f7a"), CaseMoment("monday", "2026")
    compared = CaseComparison(
        *moments,
        causes=(CauseChange("new", causes[0], None, 3650), CauseChange("fixed", causes[1], 2, None)),
        tests=tuple(TestChange("new", f"tests/test_a.py::test_{number}", "passed", "failed") for number in range(12)),
    )

    text = section(compared)

    assert "WORSE: 1 cause fixed, 1 new, 12 tests broken." in text
    assert '<span class="teaser">WORSE: 1 cause fixed, 1 new, 12 tests broken</span>' in text
    assert "sunday (1a2b3c4d5e6f)" in text
    assert text.count("<tr>") == 3
    assert "2 more tests" in text


@pytest.mark.slow
def test_without_an_earlier_case_it_says_so() -> None:
    assert section(None) == ""
    assert "no earlier case of this target" in section(None, "missing")
