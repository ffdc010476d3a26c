"""What releases of setuptools broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="setuptools-pkg-resources",
        library="setuptools",
        last_good="81.0.0",
        first_bad="82.0.0",
        kind="name-gone",
        error=r"ModuleNotFoundError: No module named 'pkg_resources'",
        cause="the module `pkg_resources` is gone",
        before='pkg_resources.get_distribution("shop").version',
        after='importlib.metadata.version("shop")',
        both=True,
        source="https://setuptools.pypa.io/en/latest/history.html",
        uses=(
            "pkg_resources",
            "pkg_resources.*",
        ),
        modules=(
            "pkg_resources",
            "setuptools",
        ),
    ),
    Breakage(
        id="setuptools-test-command",
        library="setuptools",
        last_good="71.1.0",
        first_bad="72.0.0",
        kind="name-gone",
        error=r"ModuleNotFoundError: No module named 'setuptools\.command\.test'",
        cause="the command `test` is gone",
        before="from setuptools.command.test import test",
        after="from setuptools import Command",
        both=True,
        source="https://github.com/pypa/setuptools/blob/main/NEWS.rst",
        uses=("setuptools.command.test*",),
    ),
)
