"""Validation: data did not fit its model."""

from kit.failures.assertions import http_status
from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=300,
    key="validation",
    title="Validation (422, pydantic)",
    meaning="Data of a request, a response or a model does not fit the model that describes it.",
    advice="Compare what was given with the fields that the message names: renamed, new and required, another type.",
    documentation="https://docs.pydantic.dev/latest/errors/validation_errors/",
    example="1 validation error for Order\nquantity\n  Field required [type=missing, input_type=dict]",
    matches=any_of(
        lambda symptom: http_status(symptom.message) == 422,
        exception(
            "ValidationError", "RequestValidationError", "ResponseValidationError", "WebSocketRequestValidationError"
        ),
        message(r"^\d+ validation errors?(?: for \w+|:)"),
    ),
)
