"""The application factory: routers in, a FastAPI application out."""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from backend.app.core.errors import TradingError


async def answer_domain_error(request: Request, error: Exception) -> JSONResponse:
    status = error.status if isinstance(error, TradingError) else 500
    return JSONResponse({"detail": str(error), "kind": type(error).__name__}, status_code=status)


def create_app(routers: Iterable[APIRouter], *, title: str = "Trading platform") -> FastAPI:
    """An application with these routers. Sessions are put on `app.state.sessions` by whoever runs it."""
    app = FastAPI(title=title, version="4.2.0")
    app.state.sessions = None
    app.add_exception_handler(TradingError, answer_domain_error)
    for router in routers:
        app.include_router(router)
    return app
