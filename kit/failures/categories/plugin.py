"""Plugin: pytest or one of its plugins does not start, or breaks at one of its hooks."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=250,
    key="plugin",
    title="Plugin broken",
    meaning="A pytest plugin does not fit this pytest, or an option or mark that the suite uses belongs to a plugin "
    "that is absent.",
    advice="Run with -p no:NAME to leave the plugin out; install the one that the option or mark belongs to.",
    documentation="https://docs.pytest.org/en/stable/how-to/plugins.html",
    example="unrecognized arguments: --cov=app",
    matches=any_of(
        exception(
            "PluginValidationError",
            "PluginImportFailure",
            "UsageError",
            "PytestRemovedIn9Warning",
            "PytestRemovedIn10Warning",
        ),
        message(
            r"unrecognized arguments: -",
            r"not found in `markers` configuration option",
            r"^unknown hook '|Plugin '?[\w.-]+'? (?:for hook|could not be loaded)",
            r"^Error importing plugin \"|INTERNALERROR",
            r"Plugin already registered",
        ),
    ),
)
