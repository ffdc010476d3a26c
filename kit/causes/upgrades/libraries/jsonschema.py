"""What releases of jsonschema broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="jsonschema-ref-resolver",
        library="jsonschema",
        last_good="4.17.3",
        first_bad="4.18.0",
        kind="warning-as-error",
        error=r"DeprecationWarning: jsonschema\.RefResolver is deprecated",
        cause="`RefResolver` is deprecated: the package referencing stands for it",
        before="RefResolver.from_schema(schema)",
        after="Validator(schema, registry=registry)  # of referencing",
        both=True,
        source="https://github.com/python-jsonschema/jsonschema/blob/main/CHANGELOG.rst",
        uses=(
            "jsonschema.RefResolver",
            "jsonschema.validators.RefResolver",
        ),
    ),
)
