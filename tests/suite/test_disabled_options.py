"""Settings of the target that would end or hide a run: none does, and each is said."""

from __future__ import annotations

import pytest

from tests.suite.conftest import Run
from tests.suite.projects import rows

pytestmark = pytest.mark.slow


def test_what_would_stop_the_session_stops_nothing(run: Run) -> None:
    facts = run(
        {
            "conftest.py": """
                import pytest

                def pytest_configure(config): config.option.maxfail = 1

                @pytest.fixture(autouse=True)
                def impatient(request):
                    yield
                    if request.node.name == "test_b": request.session.shouldstop = "enough"
                    if request.node.name == "test_c": request.session.shouldfail = "enough"
            """,
            "test_a.py": "".join(f"def test_{name}(): assert 0\n" for name in "abcdef"),
        },
        addopts=("-x", "--maxfail=2"),
    )

    assert rows(facts) == {"collected": 6, "failed": 6}
    assert facts.neutralised == (
        "-x (pytest.ini: addopts): would have ended the run at the first failure",
        "--maxfail=2 (pytest.ini: addopts): would have ended the run at the first failure",
        "maxfail = 1 (set by a conftest or plugin): would have ended the run",
    )


def test_options_of_plugins_that_are_not_installed_are_left_out(run: Run) -> None:
    addopts = ("--nobody-knows=3", "--nor-this", "value", "--strict-markers")
    facts = run({"test_a.py": "def test_a(): pass"}, addopts=addopts)

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert facts.neutralised == (
        "--nobody-knows=3: belongs to a plugin that is not installed",
        "--nor-this value: belongs to a plugin that is not installed",
    )


def test_an_option_of_the_targets_conftest_is_none_of_those(run: Run) -> None:
    conftest = "def pytest_addoption(parser): parser.addoption('--stage')\n"
    test = "def test_a(pytestconfig): assert pytestconfig.getoption('--stage') == 'ci'\n"
    facts = run({"conftest.py": conftest, "test_a.py": test}, addopts=("--stage", "ci"))

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert facts.neutralised == ()


def test_options_of_the_environment_are_cleaned_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--maxfail=1 -k 'not skipped'")
    facts = run({"test_a.py": "def test_a(): assert 0\ndef test_b(): assert 0\ndef test_skipped(): pass\n"})

    assert rows(facts) == {"collected": 2, "failed": 2}
    assert facts.neutralised == ("--maxfail=1 (PYTEST_ADDOPTS): would have ended the run at the first failure",)


def test_pytest_timeouts_own_thread_cannot_end_the_run(run: Run) -> None:
    """The plugin is not installed here; what counts is that its hook is answered."""
    facts = run(
        {
            "conftest.py": """
                import os, types, pytest

                class Specification:
                    @pytest.hookspec(firstresult=True)
                    def pytest_timeout_set_timer(self, item, settings): ...

                def pytest_addhooks(pluginmanager): pluginmanager.add_hookspecs(Specification)

                @pytest.hookimpl(hookwrapper=True)
                def pytest_runtest_protocol(item):
                    for method in ("thread", "signal"):
                        settings = types.SimpleNamespace(timeout=1, method=method)
                        item.config.hook.pytest_timeout_set_timer(item=item, settings=settings)
                    yield

                @pytest.hookimpl(trylast=True)
                def pytest_timeout_set_timer(item, settings):
                    with open(os.environ["TMPDIR"] + "/timers", "a") as file: file.write(settings.method)
            """,
            "test_a.py": """
                import os
                def test_timers():
                    assert open(os.environ["TMPDIR"] + "/timers").read() == "signal"
            """,
        },
        workers=1,
    )

    assert rows(facts) == {"collected": 1, "passed": 1}


def test_the_targets_own_cache_and_strictness_still_hold(run: Run) -> None:
    facts = run(
        {
            "pytest.ini": "[pytest]\naddopts = --strict-config --strict-markers --lf\ncache_dir = .cache_of_its_own\n",
            "test_a.py": "def test_cache(cache): cache.set('a/b', 1); assert cache.get('a/b', 0) == 1\n",
        },
        addopts=("--strict-config", "--strict-markers", "--lf"),
    )

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert facts.neutralised == ("--lf (pytest.ini: addopts): would have chosen tests by an earlier run",)
