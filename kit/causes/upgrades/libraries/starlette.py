"""What releases of starlette broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="starlette-422-renamed",
        library="starlette",
        last_good="0.47.3",
        first_bad="0.48.0",
        kind="warning-as-error",
        error=r"DeprecationWarning: 'HTTP_4\d\d_\w+' is deprecated",
        cause="the names of some status codes follow RFC 9110 now",
        before="status.HTTP_422_UNPROCESSABLE_ENTITY",
        after="http.HTTPStatus.UNPROCESSABLE_ENTITY",
        both=True,
        source="https://starlette.dev/release-notes/",
        uses=(
            "starlette.status.HTTP_422_UNPROCESSABLE_ENTITY",
            "fastapi.status.HTTP_422_UNPROCESSABLE_ENTITY",
            "starlette.status.HTTP_413_REQUEST_ENTITY_TOO_LARGE",
            "fastapi.status.HTTP_413_REQUEST_ENTITY_TOO_LARGE",
        ),
        modules=(
            "starlette",
            "fastapi",
        ),
        edits={
            "starlette.status.HTTP_422_UNPROCESSABLE_ENTITY": "http:HTTPStatus.UNPROCESSABLE_ENTITY",
            "starlette.status.HTTP_413_REQUEST_ENTITY_TOO_LARGE": "http:HTTPStatus.REQUEST_ENTITY_TOO_LARGE",
            "fastapi.status.HTTP_422_UNPROCESSABLE_ENTITY": "http:HTTPStatus.UNPROCESSABLE_ENTITY",
            "fastapi.status.HTTP_413_REQUEST_ENTITY_TOO_LARGE": "http:HTTPStatus.REQUEST_ENTITY_TOO_LARGE",
        },
    ),
    Breakage(
        id="starlette-template-name-first",
        library="starlette",
        last_good="0.52.1",
        first_bad="1.0.0",
        kind="signature-changed",
        error=r"TypeError: unhashable type: 'dict'",
        cause="`TemplateResponse` takes the request first",
        before='TemplateResponse("page.html", {"request": request})',
        after='TemplateResponse(request, "page.html")',
        both=True,
        source="https://starlette.dev/release-notes/",
        uses=(".TemplateResponse(0=str)",),
        modules=(
            "starlette",
            "fastapi",
        ),
        lines="near",
    ),
    Breakage(
        id="starlette-on-startup",
        library="starlette",
        last_good="0.52.1",
        first_bad="1.0.0",
        kind="signature-changed",
        error=(
            r"TypeError: (?:Starlette|"
            r"Router)\.__init__\(\) got an unexpected keyword argument 'on_(?:startup|shutdown"
            r")'"
        ),
        cause="apps and routers take a `lifespan` in place of `on_startup` and `on_shutdown`",
        before="Starlette(on_startup=[prepare])",
        after="Starlette(lifespan=lifespan)  # an async context manager",
        both=True,
        source="https://starlette.dev/release-notes/",
        uses=(
            "starlette.*(on_startup=)",
            "starlette.*(on_shutdown=)",
        ),
    ),
    Breakage(
        id="starlette-route-decorator",
        library="starlette",
        last_good="0.52.1",
        first_bad="1.0.0",
        kind="name-gone",
        error=(
            r"AttributeError: '(?:Starlette|"
            r"Router)' object has no attribute '(?:route|websocket_route|on_event|middleware|e"
            r"xception_handler|add_event_handler)'"
        ),
        cause="the decorators of apps and routers are gone",
        before='@app.route("/")',
        after='Starlette(routes=[Route("/", home)])',
        both=True,
        source="https://starlette.dev/release-notes/",
        uses=(
            "starlette.applications.Starlette().route",
            "starlette.applications.Starlette().websocket_route",
            "starlette.applications.Starlette().on_event",
            "starlette.applications.Starlette().middleware",
            "starlette.applications.Starlette().exception_handler",
        ),
    ),
    Breakage(
        id="starlette-testclient-httpx",
        library="starlette",
        last_good="1.1.0",
        first_bad="1.2.0",
        kind="warning-as-error",
        error=r"StarletteDeprecationWarning: Using `httpx` with `starlette\.testclient` is deprecated",
        cause="the test client warns where it finds httpx and not httpx2",
        before="httpx",
        after="httpx2",
        both=False,
        source="https://github.com/Kludex/starlette/pull/3291",
        uses=(
            "starlette.testclient.*",
            "fastapi.testclient.*",
        ),
        modules=(
            "starlette",
            "fastapi",
        ),
        visible=False,
    ),
)
