"""Authentication: a request was answered with 401 or 403."""

from kit.failures.assertions import http_status
from kit.failures.rule import Rule

RULE = Rule(
    rank=280,
    key="authentication",
    title="Authentication (401, 403)",
    meaning="A request was refused: not signed in, or not allowed.",
    advice="Look at the token or user that the test sends, and at the dependency that guards the route.",
    documentation="https://fastapi.tiangolo.com/tutorial/security/",
    example="assert 401 == 200\n +  where 401 = <Response [401 Unauthorized]>.status_code",
    matches=lambda symptom: http_status(symptom.message) in (401, 403),
)
