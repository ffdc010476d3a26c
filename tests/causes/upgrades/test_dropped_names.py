"""An error names what an installed release dropped; what no release had, and what an older one has, is not told."""

from __future__ import annotations

import pytest

from kit.causes import upgrade_advice
from kit.causes.upgrades.dropped_names import dropped_by, known_libraries, steps_of

#: what is said, the library, the release before the one that dropped it, that one, and what is told
KINDS = {
    "module": (
        "ModuleNotFoundError: No module named 'trio.tests'",
        "trio", "0.23.0", "0.24.0",
        "there is no longer a module `trio.tests`",
    ),
    "name": (
        "ImportError: cannot import name 'url_quote' from 'werkzeug.urls' (/site/werkzeug/urls.py)",
        "werkzeug", "2.3.0", "3.0.0",
        "`werkzeug.urls` no longer has the name `url_quote`",
    ),
    "attribute": (
        "AttributeError: module 'flask' has no attribute 'Markup'",
        "flask", "2.2.0", "3.0.0",
        "`flask` no longer has the name `Markup`",
    ),
    "patched name": (
        "AttributeError: <module 'flask' from '/site/flask/__init__.py'> does not have the attribute 'Markup'",
        "flask", "2.2.0", "3.0.0",
        "`flask` no longer has the name `Markup`",
    ),
    "imported module": (
        "ImportError: cannot import name 'base' from 'marshmallow' (/site/marshmallow/__init__.py)",
        "marshmallow", "3.26.0", "4.0.0",
        "there is no longer a module `marshmallow.base`",
    ),
    "member": (
        "AttributeError: 'Package' object has no attribute 'obj'",
        "pytest", "7.4.0", "8.0.0",
        "`Package` of `_pytest.python` no longer has the attribute `obj`",
    ),
    "member of a patched class": (
        "AttributeError: <class '_pytest.python.Package'> has no attribute 'obj'",
        "pytest", "7.4.0", "8.0.0",
        "`Package` of `_pytest.python` no longer has the attribute `obj`",
    ),
    "parameter": (
        "TypeError: CliRunner.__init__() got an unexpected keyword argument 'mix_stderr'",
        "click", "8.1.0", "8.2.0",
        "`CliRunner.__init__()` of `click.testing` no longer takes `mix_stderr`",
    ),
    "module of Python": (
        "ModuleNotFoundError: No module named 'cgi'",
        "python", "3.12", "3.13",
        "there is no longer a module `cgi`",
    ),
    "compiled module of Python": (
        "ModuleNotFoundError: No module named 'audioop'",
        "python", "3.12", "3.13",
        "there is no longer a module `audioop`",
    ),
    "name that Python made at import": (
        "AttributeError: module 'inspect' has no attribute 'getargspec'. Did you mean: 'getargs'?",
        "python", "3.10", "3.11",
        "`inspect` no longer has the name `getargspec`",
    ),
    "name that Python gave on request": (
        "ImportError: cannot import name 'Mapping' from 'collections' (/lib/python3.10/collections/__init__.py)",
        "python", "3.9", "3.10",
        "`collections` no longer has the name `Mapping`",
    ),
    "parameter of Python": (
        "TypeError: urlopen() got an unexpected keyword argument 'cafile'",
        "python", "3.12", "3.13",
        "`urlopen()` of `urllib.request` no longer takes `cafile`",
    ),
}  # fmt: skip
every_kind = pytest.mark.parametrize("kind", sorted(KINDS))


@every_kind
def test_what_a_release_dropped_is_told_with_both_releases(kind: str) -> None:
    said, library, last, first, cause = KINDS[kind]

    (found,) = dropped_by(said, {library: first, "requests": "2.32.0"})

    entry = found.entry
    assert (entry.library, entry.last_good, entry.first_bad, entry.cause) == (library, last, first, cause)
    assert entry.compared


@every_kind
def test_a_release_that_still_has_it_is_not_blamed(kind: str) -> None:
    said, library, last, _, _ = KINDS[kind]

    assert list(dropped_by(said, {library: last})) == []


@every_kind
def test_a_name_that_was_never_there_is_a_misspelt_one(kind: str) -> None:
    said, library, _, first, _ = KINDS[kind]
    for name in ("trio.tests", "url_quote", "Markup", "base", "obj", "mix_stderr", "cgi", "audioop"):
        said = said.replace(f"'{name}'", f"'{name}x'")
    for name in ("getargspec", "Mapping", "cafile"):
        said = said.replace(f"'{name}'", f"'{name}x'")

    assert list(dropped_by(said, {library: first})) == []


@every_kind
def test_a_library_that_is_not_installed_is_not_blamed(kind: str) -> None:
    assert list(dropped_by(KINDS[kind][0], {"requests": "2.32.0"})) == []


def test_where_the_name_is_now_is_told() -> None:
    said = "ImportError: cannot import name 'Markup' from 'flask' (/site/flask/__init__.py)"

    (found,) = dropped_by(said, {"flask": "3.0.0"})

    assert found.entry.after == "markupsafe.Markup"


@pytest.mark.parametrize("version", ["3.14.2", "3.15.0a1", "unknown"])
def test_any_version_of_python_is_read(version: str) -> None:
    said = "ModuleNotFoundError: No module named 'distutils'"

    found = [one.entry.first_bad for one in dropped_by(said, {"python": version})]

    assert found == ([] if version == "unknown" else ["3.12"])


@pytest.mark.parametrize(
    ("module", "advice"),
    [
        (
            "cgi",
            "Change what uses `cgi`, install standard-cgi, which brings it back, or run the tests with Python 3.12.",
        ),
        (
            "asyncore",
            "Change what uses `asyncore`, install standard-asyncore, which brings it back, or run the tests with",
        ),
        ("imp", "Change what uses `imp`, or run the tests with Python 3.11."),
    ],
)
def test_the_advice_on_a_module_of_python_is_a_distribution_or_an_older_python(module: str, advice: str) -> None:
    (found,) = dropped_by(f"ModuleNotFoundError: No module named '{module}'", {"python": "3.13.0"})

    assert upgrade_advice(found.entry).startswith(advice)


def test_every_file_can_be_read_and_names_releases_in_their_order() -> None:
    steps = {library: steps_of(library) for library in known_libraries()}

    assert len(steps) > 50
    assert all(one.last != one.first for several in steps.values() for one in several)
