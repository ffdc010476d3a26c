"""What releases of jinja2 broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="jinja2-markup",
        library="jinja2",
        last_good="3.0.3",
        first_bad="3.1.0",
        kind="name-gone",
        error=r"ImportError: cannot import name '(?:Markup|escape)' from 'jinja2'",
        cause="`Markup` and `escape` come from markupsafe only",
        before="from jinja2 import Markup",
        after="from markupsafe import Markup",
        both=True,
        source="https://github.com/pallets/jinja/blob/main/CHANGES.rst",
        uses=(
            "jinja2.Markup",
            "jinja2.escape",
        ),
        forewarns=r"'jinja2\.Markup' is deprecated",
        edits={
            "jinja2.Markup": "markupsafe:Markup",
            "jinja2.escape": "markupsafe:escape",
        },
    ),
    Breakage(
        id="jinja2-contextfilter",
        library="jinja2",
        last_good="3.0.3",
        first_bad="3.1.0",
        kind="name-gone",
        error=(
            r"ImportError: cannot import name '(?:contextfilter|contextfunction|environmentfil"
            r"ter|environmentfunction|evalcontextfilter|evalcontextfunction)' from 'jinja2'"
        ),
        cause="one decorator stands for filters and functions",
        before="@contextfilter",
        after="@pass_context",
        both=True,
        source="https://github.com/pallets/jinja/blob/main/CHANGES.rst",
        uses=(
            "jinja2.contextfilter",
            "jinja2.contextfunction",
            "jinja2.environmentfilter",
            "jinja2.environmentfunction",
            "jinja2.evalcontextfilter",
            "jinja2.evalcontextfunction",
        ),
        forewarns=r"'(?:context|evalcontext|environment)(?:filter|function)' is renamed",
        edits={
            "jinja2.contextfilter": "jinja2:pass_context",
            "jinja2.contextfunction": "jinja2:pass_context",
            "jinja2.environmentfilter": "jinja2:pass_environment",
            "jinja2.environmentfunction": "jinja2:pass_environment",
            "jinja2.evalcontextfilter": "jinja2:pass_eval_context",
            "jinja2.evalcontextfunction": "jinja2:pass_eval_context",
        },
    ),
    Breakage(
        id="jinja2-builtin-extensions",
        library="jinja2",
        last_good="3.0.3",
        first_bad="3.1.0",
        kind="name-gone",
        error=(
            r"(?:module 'jinja2\.ext' has no attribute|cannot import name) "
            r"'(?:with_|autoescape|WithExtension|AutoEscapeExtension)'"
        ),
        cause="`with` and `autoescape` are built in, and no extensions any more",
        before='Environment(extensions=["jinja2.ext.with_"])',
        after="Environment()",
        both=True,
        source="https://github.com/pallets/jinja/pull/1544",
    ),
)
