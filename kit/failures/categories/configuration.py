"""Configuration: a feature switch, a setting or an environment variable is not what the test needs."""

from kit.failures.rule import Rule, all_of, any_of, exception, message, passes_through

_SWITCH = r"(?:\.(?:feature_\w+|\w+_enabled|enable_\w+|enabled)|\b(?:is_enabled|feature_enabled|is_active_feature)\()"

RULE = Rule(
    rank=270,
    key="configuration",
    title="Feature switch, setting or environment",
    meaning="A feature is switched off, a setting or an environment variable is missing or has another value than "
    "expected.",
    advice="Set it where the tests start (a fixture, pytest's env), or change the default if the product changed.",
    documentation="https://docs.pytest.org/en/stable/how-to/monkeypatch.html#monkeypatching-environment-variables",
    example="feature 'signal_blending' is switched off",
    matches=any_of(
        all_of(exception("KeyError"), passes_through("os.py", "<frozen os>")),
        all_of(exception("AssertionError"), message(rf"where False = .*{_SWITCH}")),
        exception(
            "ImproperlyConfigured", "SettingsError", "UndefinedValueError", "FeatureDisabled", "FeatureNotEnabled"
        ),
        message(
            r"(?i:\b(?:feature|switch|flag)\b.{0,60}\b(?:(?:is|are|was|switched|turned) off|disabled|not enabled)\b)",
            r"(?i:\benvironment variable\b.{0,80}\b(?:not set|missing|required|unset|must be set|undefined)\b)",
            r"(?i:\b(?:missing|required|set the) environment variable)",
            r"^[A-Z][A-Z0-9_]{3,} (?:must be set|is not set|not set|is required|is missing)\b",
            r"validation errors? for \w*(?:Settings|Config)\b",
            r"^Either 'SQLALCHEMY_DATABASE_URI' or",
        ),
    ),
)
