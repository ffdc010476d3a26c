"""What releases of apispec broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="apispec-additional-properties",
        library="apispec",
        last_good="6.8.2",
        first_bad="6.8.3",
        kind="other-result",
        error=r"AssertionError: (?s:.*)additionalProperties",
        cause=("the default of `unknown` is written out, so each generated schema has `additionalProperties: False`"),
        before='assert schema == {"type": "object", "properties": ...}',
        after='assert schema["properties"] == ...',
        both=True,
        source="https://apispec.readthedocs.io/en/latest/changelog.html",
        uses=("apispec.ext.marshmallow.MarshmallowPlugin()",),
        visible=False,
        needs_move=True,
    ),
)
