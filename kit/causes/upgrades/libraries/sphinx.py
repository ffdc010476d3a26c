"""What releases of Sphinx broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="sphinx-exception-on-warning",
        library="sphinx",
        last_good="8.0.2",
        first_bad="8.1.0",
        kind="private-name",
        error=r"AttributeError: '\w+' object has no attribute '_exception_on_warning'",
        cause="writing a warning reads `_exception_on_warning` of the app, which a stand-in for it lacks",
        before="class MockApp:\n    warningiserror = False",
        after="class MockApp:\n    warningiserror = False\n    _exception_on_warning = False",
        both=True,
    ),
    Breakage(
        id="sphinx-testing-path",
        library="sphinx",
        last_good="8.3.0",
        first_bad="9.0.0",
        kind="name-gone",
        error=r"No module named 'sphinx\.testing\.path'",
        cause="the fixtures of `sphinx.testing` take and give paths of `pathlib`",
        before="from sphinx.testing.path import path",
        after="from pathlib import Path",
        both=True,
        uses=("sphinx.testing.path.path", "sphinx.testing.path"),
    ),
)
