"""What a newcomer types before reading anything: it is answered, or the sentence names what to type instead."""

from __future__ import annotations

import pytest

from kit.facts.errors import UsageError
from kit.session import Session

pytestmark = pytest.mark.slow

#: what somebody guesses, and what the answer has to name
ANSWERED = {
    "case.causes()": "cause",
    'case.cause("User")': 'classes named "User"',
    'case.mappers["User"].parties()': "2 classes",
    "case.collisions[0].importers()": "import",
    'case.module("app/prices.py").importers()': "tests/test_prices.py:1",
    'case.module("app.prices").tests()': "2 tests in 1 file",
    'case.tests["test_double"].output()': "AssertionError",
    "case.failing.query(\"phase == 'call'\").kit.causes()": "block",
    "case.flaky()": "No revision was run twice",
}

#: what somebody guesses that is not there, and the question that the refusal has to name
NAMED = {
    "case.failures": ".failing",
    "case.summary()": ".story()",
    "case.report()": ".write_report()",
    "case.diff()": ".changed()",
    "case.caused": ".cause()",
    "case.causes[0].where()": ".source()",
    "case.causes[0].fix()": ".fixes()",
    "case.causes[0].commit()": ".since()",
    'case.test("test_double").why()': ".cause()",
    'case.test("test_double").traceback()': ".output()",
    'case.mapper("User").definitions()': ".parties()",
    "case.module().imported_by()": ".importers()",
    'case.importers("app.prices")': "case.module(...)",
    "case.zebra": "`.causes`, ",
    "case.tests.sort_values('seconds')": "its frame has, as `.frame.sort_values`.",
    "case.tests.outcome": "`.frame.outcome`",
    "case.causes[0].fixes().patch": "it has `.answer`, `.columns()`, ",
    "case.tests.query('outcom == 1')": 'There is no column "outcom"; did you mean outcome?',
}


@pytest.mark.parametrize("typed", ANSWERED)
def test_a_guess_is_answered(case: Session, typed: str) -> None:
    assert ANSWERED[typed] in repr(eval(typed, {"case": case}))


@pytest.mark.parametrize("typed", NAMED)
def test_a_guess_that_is_not_there_leads_to_the_question(case: Session, typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        eval(typed, {"case": case})

    assert NAMED[typed] in str(refused.value)
    assert refused.value._render_traceback_() == [str(refused.value)]


def test_what_python_looks_for_is_not_there_either(case: Session) -> None:
    assert not hasattr(case, "failures")
    assert not hasattr(case.causes[0], "_ipython_display_")
    assert not hasattr(case.tests, "_repr_mimebundle_")
    assert getattr(case, "failures", None) is None


def test_a_word_of_a_title_goes_before_a_part_of_a_word(case: Session) -> None:
    titles = [one.fact.title for one in case.causes]
    whole = next(title for title in titles if '"User"' in title)

    assert case.causes["User"].fact.title == whole
    assert case.causes["mapped classes named"].fact.title == whole
