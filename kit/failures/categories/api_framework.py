"""API framework: the FastAPI or Flask application cannot be built."""

from kit.failures.rule import Rule, any_of, exception, in_chain, message

RULE = Rule(
    rank=240,
    key="api-framework",
    title="API application does not build",
    meaning="FastAPI, pydantic or Flask refuses a route, a parameter or a model while the application is put together.",
    advice="Go to the route or model in the traceback; a response class in a return annotation needs "
    "response_model=None.",
    documentation="https://fastapi.tiangolo.com/tutorial/response-model/",
    example="Invalid args for response field! Hint: check that app.schemas.Export | starlette.responses.Response is "
    "a valid "
    "Pydantic field type.",
    matches=any_of(
        in_chain("fastapi.exceptions.FastAPIError"),
        exception("PydanticSchemaGenerationError", "PydanticUserError", "PydanticUndefinedAnnotation"),
        message(
            r"^Invalid args for response field!",
            r"^(?:Param|Path param(?:eter)?s?|Duplicated param name|Cannot specify `)",
            r"^View function mapping is overwriting an existing endpoint function",
            r"^The setup method '\w+' can no longer be called on the application",
            r"^A 'SQLAlchemy' instance has (?:already|not) been registered",
            r"is not registered with this 'SQLAlchemy' instance",
            r"^The name '[^']+' is already registered for .*blueprint",
            r"^Working outside of (?:application|request) context",
            r"^Status code \d+ must not have a response body",
            r'^Form data requires "python-multipart"',
        ),
    ),
)
