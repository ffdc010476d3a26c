"""What releases of falcon broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="falcon-body",
        library="falcon",
        last_good="3.1.3",
        first_bad="4.0.0",
        kind="name-gone",
        error=r"AttributeRemovedError: The body attribute is no longer supported",
        cause="a response has `text` in place of `body`; an app answers with status 500",
        before='response.body = "home"',
        after='response.text = "home"',
        both=True,
        source="https://github.com/falconry/falcon/blob/master/docs/changes/4.0.0.rst",
        uses=(".body=",),
        forewarns=r"Call to deprecated property body\. Please use text",
        edits={
            ".body=": ".text",
        },
    ),
)
