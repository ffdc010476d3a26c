"""What tests print: each test's own, whatever process it runs in and whatever kept the streams."""

from __future__ import annotations

import pytest

from tests.suite.conftest import Run

pytestmark = pytest.mark.slow

KEEPS_THE_STREAM = """
    import logging, sys
    import pytest

    logging.getLogger("app").addHandler(logging.StreamHandler(sys.stdout))

    def say(text, stream=sys.stdout):
        stream.write(text)
        stream.flush()

    @pytest.mark.parametrize("n", range(20))
    def test_says(n):
        say(f"this is {n}.")
        logging.getLogger("app").warning("and %d.", n)
        assert not n % 2
"""


@pytest.mark.parametrize("isolation", ["fork", "process", "test"])
@pytest.mark.parametrize("addopts", [(), ("--capture=sys",), ("-s",)])
def test_a_stream_that_was_kept_at_import_stays_open(run: Run, isolation: str, addopts: tuple[str, ...]) -> None:
    facts = run({"test_a.py": KEEPS_THE_STREAM}, addopts=addopts, workers=2, isolation=isolation)

    assert [result.outcome for result in facts.results] == ["passed", "failed"] * 10
    if addopts != ("-s",):
        tails = [facts.failures[result.failure].tail for result in facts.results if result.failure]
        said = {tail.partition("this is ")[2].partition(".")[0] for tail in tails}
        assert len(tails) == 10
        assert said <= {str(number) for number in range(1, 20, 2)}
        assert all("and " in tail for tail in tails)
