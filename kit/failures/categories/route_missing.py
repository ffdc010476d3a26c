"""Route missing: a request was answered with 404 or 405."""

from kit.failures.assertions import http_status
from kit.failures.rule import Rule

RULE = Rule(
    rank=290,
    key="route-missing",
    title="Route missing (404, 405)",
    meaning="A request found no route for its path or method, or what it asked for does not exist.",
    advice="Check that the router is included in the application that the test builds, its prefix, and the method.",
    documentation="https://fastapi.tiangolo.com/tutorial/bigger-applications/",
    example="assert 404 == 200\n +  where 404 = <Response [404 Not Found]>.status_code",
    matches=lambda symptom: http_status(symptom.message) in (404, 405),
)
