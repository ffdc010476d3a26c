"""What releases of protobuf broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="protobuf-default-value-fields",
        library="protobuf",
        last_good="4.25.9",
        first_bad="5.26.0",
        kind="signature-changed",
        error=r"TypeError: MessageTo\w+\(\) got an unexpected keyword argument 'including_default_value_fields'",
        cause="fields without a value are shown by `always_print_fields_with_no_presence`",
        before="MessageToDict(answer, including_default_value_fields=True)",
        after="MessageToDict(answer, always_print_fields_with_no_presence=True)",
        both=False,
        modules=("google",),
        uses=(
            "google.protobuf.json_format.MessageToDict(including_default_value_fields=)",
            "google.protobuf.json_format.MessageToJson(including_default_value_fields=)",
        ),
        edits={
            "google.protobuf.json_format.MessageToDict(including_default_value_fields=)": (
                "always_print_fields_with_no_presence="
            ),
            "google.protobuf.json_format.MessageToJson(including_default_value_fields=)": (
                "always_print_fields_with_no_presence="
            ),
        },
    ),
)
