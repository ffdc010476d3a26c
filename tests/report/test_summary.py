"""The first paragraph of the report."""

from __future__ import annotations

import re
from dataclasses import replace

from kit.report.joined import Joined
from kit.report.sections.summary import view
from tests.report import samples


def test_each_way_in_which_tests_ended_is_counted_by_its_name() -> None:
    joined = Joined(samples.incident())
    counts = joined.accounting
    assert counts is not None

    text = " ".join(view(joined).paragraph)

    for name, said in {"failed": "failed", "error": "ended in an error", "timed_out": "timed out"}.items():
        assert f"{getattr(counts, name):,} {said}" in text
    numbers = re.search(r"executed in [^:]+: (.*?)\. ", text)
    assert numbers
    assert sum(int(one.replace(",", "")) for one in re.findall(r"[\d,]*\d", numbers[1])) == counts.executed
    assert "otherwise" not in text


def test_a_group_of_failures_without_a_cause_is_not_called_a_cause() -> None:
    facts = samples.incident()
    assert facts.causes
    first, *others = facts.causes
    for state, told in (
        ("consistent", "2 causes are named."),
        ("unknown", "1 cause is named; 1 more group of failures has none."),
    ):
        causes = (replace(first, state="confirmed"), replace(others[0], state=state))
        assert told in " ".join(view(Joined(replace(facts, causes=causes))).paragraph)


def test_the_part_of_the_bar_that_stays_empty_is_explained() -> None:
    bar = view(Joined(samples.incident())).bar
    assert bar
    assert bar.rest == "1 more test can be collected only with the fixes"
    without = view(Joined(replace(samples.incident(), fixes=None))).bar
    assert without
    assert not without.rest
