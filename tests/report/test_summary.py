"""The first paragraph of the report."""

from __future__ import annotations

import re

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
