"""What releases of pytest broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pytest-lazy-fixture",
        library="pytest",
        last_good="7.4.4",
        first_bad="8.0.0",
        kind="private-name",
        error=r"AttributeError: 'CallSpec2?' object has no attribute 'funcargs'",
        cause=(
            "pytest-lazy-fixture reads a private attribute that pytest has removed, in every "
            "module with a parametrized test"
        ),
        before='@pytest.mark.parametrize("value", [pytest.lazy_fixture("one")])',
        after='request.getfixturevalue("one")  # and uninstall pytest-lazy-fixture',
        both=True,
        source="https://github.com/TvoroG/pytest-lazy-fixture/issues/65",
        uses=("pytest.lazy_fixture",),
        beside={"pytest-lazy-fixture": ">=0"},
    ),
    Breakage(
        id="pytest-compare-eq-iterable",
        library="pytest",
        last_good="9.0.3",
        first_bad="9.1.0",
        kind="private-name",
        error=r"AttributeError: module '_pytest\.assertion\.util' has no attribute '_compare_eq_iterable'",
        cause="a private function of pytest is gone",
        before="_pytest.assertion.util._compare_eq_iterable",
        after="assert left == right",
        both=True,
        source="https://github.com/pytest-dev/pytest/commit/58d8b55beb7b341fb7d8a90a0a0bce1e701fb280",
        uses=("_pytest.assertion.util._compare_eq_iterable",),
        modules=("_pytest",),
    ),
    Breakage(
        id="pytest-mark-on-fixture",
        library="pytest",
        last_good="8.4.2",
        first_bad="9.0.0",
        kind="warning-as-error",
        error=(
            r"PytestRemovedIn9Warning: Marks applied to fixtures have no effect|"
            r"Failed: Marks cannot be applied to fixtures"
        ),
        cause="a mark on a fixture, which never had an effect, is an error",
        before="@pytest.mark.skipif(...) above @pytest.fixture",
        after="pytest.skip(...) in the fixture",
        both=True,
        source="https://docs.pytest.org/en/stable/deprecations.html#applying-a-mark-to-a-fixture-function",
        uses=("def(pytest.fixture,pytest.mark.*)",),
    ),
    Breakage(
        id="pytest-parametrize-positional",
        library="pytest",
        last_good="9.1.1",
        first_bad="9.2.0",
        kind="signature-changed",
        error=r"TypeError: Metafunc\.parametrize\(\) takes 3 positional arguments",
        cause="`parametrize` takes `indirect`, `ids` and `scope` by their names only",
        before='parametrize("side", [1, 2], False, ["buy", "sell"])',
        after='parametrize("side", [1, 2], ids=["buy", "sell"])',
        both=True,
        source="https://docs.pytest.org/en/stable/changelog.html",
        uses=(
            "pytest.mark.parametrize(#3)",
            "pytest.mark.parametrize(#4)",
            "pytest.mark.parametrize(#5)",
        ),
    ),
    Breakage(
        id="pytest-async-not-supported",
        library="pytest",
        last_good="8.3.5",
        first_bad="8.4.0",
        kind="default-changed",
        error=r"Failed: async def functions are not natively supported",
        cause="an async test that no plugin runs fails; it used to be skipped",
        before="async def test_quote():",
        after="@pytest.mark.asyncio above it  # with pytest-asyncio, or asyncio.run(...) in a plain test",
        both=True,
        source="https://docs.pytest.org/en/stable/changelog.html",
        uses=("async def test_*",),
        modules=("*",),
        visible=False,
        needs_move=True,
    ),
    Breakage(
        id="pytest-nose-setup",
        library="pytest",
        last_good="7.4.4",
        first_bad="8.0.0",
        kind="default-changed",
        error=(
            r"AttributeError: 'Test\w*' object has no attribute '\w+'|"
            r"PytestRemovedIn8Warning: Support for nose tests is deprecated"
        ),
        cause="methods called `setup` and `teardown`, as in nose, are called no more",
        before="def setup(self):",
        after="def setup_method(self):",
        both=True,
        source="https://docs.pytest.org/en/stable/deprecations.html",
        uses=(
            "class().def setup(0)",
            "class().def teardown(0)",
        ),
        modules=("*",),
        lines="file",
    ),
    Breakage(
        id="pytest-warns-none",
        library="pytest",
        last_good="7.4.4",
        first_bad="8.0.0",
        kind="signature-changed",
        error=(
            r"TypeError: exceptions must be derived from Warning, not <class 'NoneType'>|"
            r"PytestRemovedIn8Warning: Passing None has been deprecated"
        ),
        cause="`pytest.warns` takes no None",
        before="with pytest.warns(None) as record:",
        after="with warnings.catch_warnings(record=True) as record:",
        both=True,
        source="https://docs.pytest.org/en/stable/deprecations.html",
        uses=("pytest.warns(0=None)",),
    ),
    Breakage(
        id="pytest-py-path-hooks",
        library="pytest",
        last_good="9.0.3",
        first_bad="9.1.0",
        kind="signature-changed",
        error=(
            r"PluginValidationError: (?s:.*)Argument\(s\) \{'(?:path|startdir|fspath)'\} are d"
            r"eclared in the hookimpl"
        ),
        cause="hooks take no paths of the library py",
        before="def pytest_ignore_collect(path, config):",
        after="def pytest_ignore_collect(collection_path, config):",
        both=False,
        source="https://github.com/pytest-dev/pytest/commit/a6f3ec732798b2bd06746c55df2b147596caeed3",
    ),
)
