"""Package not installed: an import of a distribution that the environment lacks, or has in another version."""

from kit.failures.modules import names_foreign_module
from kit.failures.rule import Rule, all_of, any_of, exception, message

RULE = Rule(
    rank=220,
    key="missing-package",
    title="Package not installed",
    meaning="The code imports a package that the target's environment lacks, or has in a version without that module.",
    advice="Install it for the tests, or skip what needs it with pytest.importorskip where it is optional.",
    documentation="https://docs.pytest.org/en/stable/how-to/skipping.html#skipping-on-a-missing-import-dependency",
    example="No module named 'eth_account'",
    matches=all_of(
        any_of(
            exception("ImportError", "ModuleNotFoundError"),
            message(r"Missing optional dependency|(?:must|to) be installed"),
        ),
        names_foreign_module,
    ),
)
