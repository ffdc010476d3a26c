"""Route missing: a request was answered with 404 or 405, whether a test compares the status or the body."""

from kit.failures.assertions import http_status
from kit.failures.rule import Rule, any_of, message

#: what FastAPI and Starlette answer by themselves, on the side that a test found
_BODY = r"\{'detail': '(?:Not Found|Method Not Allowed)'\}"

RULE = Rule(
    rank=290,
    key="route-missing",
    title="Route missing (404, 405)",
    meaning="A request found no route for its path or method, or what it asked for does not exist.",
    advice="Check that the router is included in the application that the test builds, its prefix, and the method.",
    documentation="https://fastapi.tiangolo.com/tutorial/bigger-applications/",
    example="assert 404 == 200\n +  where 404 = <Response [404 Not Found]>.status_code",
    matches=any_of(
        lambda symptom: http_status(symptom.message) in (404, 405),
        message(rf"^(?:assert )?{_BODY} [!=]= ", rf"\n *Left contains 1 more item:\n *{_BODY}(?:\n|$)"),
    ),
)
