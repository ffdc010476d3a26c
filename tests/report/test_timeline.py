"""The run as a picture: what it shows, and what the table beside it says."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kit.facts.case import CaseFacts
from kit.facts.timeline import EndedTest, Moment, RunTimeline
from kit.report.joined import Joined
from kit.report.sections.moments import moments, slowest
from tests.report import samples
from tests.report.test_page import page


def with_timeline(**changes: object) -> CaseFacts:
    """The incident with a run that began ten seconds after the case: a hundred tests, one a second."""
    facts = samples.incident()
    assert facts.suite
    started = datetime.fromisoformat(facts.case.started) + timedelta(seconds=10)
    ended = tuple(
        EndedTest(index + 5.0, one.nodeid, one.outcome, index % 2 + 1, 0.5, one.failure)
        for index, one in enumerate(facts.suite.results[::50][:100])
    )
    beside = (Moment(60.0, "lost", "exited with 3", 2), Moment(106.0, "rechecking", "27 once more, alone"))
    run = replace(RunTimeline(started.isoformat(), 200.0, 4.0, ended, beside), **changes)  # type: ignore[arg-type]
    assert facts.causes
    case = replace(facts.case, named_after={facts.causes[0].id: 12.0, facts.causes[1].id: 3.0})
    return replace(facts, case=case, timeline=run)


def test_the_picture_has_workers_failures_causes_and_what_went_down() -> None:
    made = moments(Joined(with_timeline()))

    assert made is not None
    text = str(made.chart)
    for name in ("Worker 1", "Worker 2", "Causes named", "New failures", "failures once more", "3 min 20 s"):
        assert name in text
    assert "exited with 3 at 1 min 00 s" in text


def test_the_moments_are_those_of_the_run_in_their_order() -> None:
    facts = with_timeline()
    made = moments(Joined(facts))

    assert made is not None
    assert facts.causes
    assert [one.at for one in made.lines] == sorted(one.at for one in made.lines)
    named = {one.about: one.at for one in made.lines if one.what.startswith("Cause named")}
    assert named == {facts.causes[0].title: 2.0, facts.causes[1].title: 0.0}  # before the run: at its beginning
    failures = [one for one in made.lines if one.what == "New failure"]
    assert len(failures) == len({one.href for one in failures}) > 0
    assert "had been seen after 1 min 44 s of 3 min 20 s" in made.finding
    assert failures[-1].at == 104.0


def test_the_picture_of_a_report_that_is_written_twice_is_drawn_once() -> None:
    first, second = (moments(Joined(with_timeline())) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.chart is second.chart


def test_the_remembered_picture_does_not_keep_the_tests_of_the_run() -> None:
    facts = with_timeline(seconds=201.0)  # of no other test: a run that is remembered stays as it is
    assert facts.timeline
    known = weakref.ref(facts.timeline)
    assert moments(Joined(facts)) is not None

    del facts
    gc.collect()

    assert known() is None


def test_a_run_of_which_nothing_was_recorded_has_no_picture() -> None:
    assert moments(Joined(samples.incident())) is None
    assert moments(Joined(with_timeline(ended=()))) is None


@pytest.mark.slow
def test_the_links_of_the_moments_lead_somewhere() -> None:
    made = page(with_timeline())

    ids = set(made.values("id"))
    assert [href for href in made.values("href") if href.startswith("#") and href[1:] not in ids] == []
    assert "Worker went down worker 2: exited with 3" in made.text


def test_what_took_longest_stands_with_its_part_of_the_time() -> None:
    facts = samples.incident()
    assert facts.suite
    first, second, third = (replace(one, seconds=None) for one in facts.suite.results[:3])
    timed = (
        replace(first, path="a.py", seconds=6.0),
        replace(second, path="b.py", seconds=1.0),
        replace(third, path="b.py", seconds=3.0),
    )
    made = slowest(replace(facts.suite, results=timed))

    assert made is not None
    assert [(one.path, one.tests, one.seconds, one.share) for one in made.files] == [
        ("a.py", 1, 6.0, "60 %"),
        ("b.py", 2, 4.0, "40 %"),
    ]
    assert [one.seconds for one in made.tests] == [6.0, 3.0, 1.0]
    assert made.finding == "1 file of 2 takes half of the time of all tests"
    assert slowest(replace(facts.suite, results=())) is None
