"""What releases of fastapi broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="fastapi-bearer-401",
        library="fastapi",
        last_good="0.121.3",
        first_bad="0.122.0",
        kind="default-changed",
        error=r"AssertionError: (?s:.*)assert 401 == 403",
        cause="a request without credentials is answered with 401 in place of 403",
        before="assert response.status_code == 403",
        after="assert response.status_code == 401",
        both=True,
        source="https://fastapi.tiangolo.com/how-to/authentication-error-status-code/",
        uses=(
            "fastapi.security.HTTPBearer()",
            "fastapi.security.HTTPBasic()",
            "fastapi.security.APIKeyHeader()",
        ),
        lines="imported",
        visible=False,
        needs_move=True,
    ),
    Breakage(
        id="fastapi-pydantic-v1-model",
        library="fastapi",
        last_good="0.127.1",
        first_bad="0.128.0",
        kind="name-gone",
        error=r"PydanticV1NotSupportedError: pydantic\.v1 models are no longer supported by FastAPI",
        cause="FastAPI takes no models of `pydantic.v1`",
        before="from pydantic.v1 import BaseModel",
        after="from pydantic import BaseModel",
        both=True,
        source="https://fastapi.tiangolo.com/release-notes/",
        uses=(
            "pydantic.v1.BaseModel",
            "pydantic.v1",
        ),
        modules=(
            "pydantic",
            "fastapi",
        ),
        forewarns=r"pydantic\.v1 is deprecated and will soon stop being supported by FastAPI",
        edits={
            "pydantic.v1.BaseModel": "pydantic:BaseModel",
        },
        visible=False,
    ),
    Breakage(
        id="fastapi-422-schema",
        library="fastapi",
        last_good="0.128.0",
        first_bad="0.128.1",
        kind="other-result",
        error=r"AssertionError: (?s:.*)\bctx\b(?s:.*)\bloc\b(?s:.*)\bmsg\b",
        cause="the schema of a validation error has `ctx` and `input` too",
        before='assert set(schema["properties"]) == {"loc", "msg", "type"}',
        after='assert set(schema["properties"]) >= {"loc", "msg", "type"}',
        both=True,
        source="https://fastapi.tiangolo.com/release-notes/",
        uses=(
            "fastapi.FastAPI().openapi",
            ".openapi()",
        ),
        lines="imported",
        visible=False,
    ),
)
