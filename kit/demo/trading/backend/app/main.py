"""The API: `uvicorn backend.app.main:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from backend.app.admin.routes import router as admin_router
from backend.app.analyst.routes import router as analyst_router
from backend.app.auth.routes import router as auth_router
from backend.app.copy.routes import router as copy_router
from backend.app.core.application import create_app
from backend.app.core.database import make_engine, make_sessions
from backend.app.core.settings import get_settings
from backend.app.decisions.api import ROUTERS as DECISION_ROUTERS
from backend.app.exports.routes import router as exports_router
from backend.app.paper.routes import router as paper_router
from backend.app.privacy.routes import router as privacy_router
from backend.app.profile.routes import router as profile_router
from backend.app.quotas.routes import router as quotas_router
from backend.app.reports.routes import router as reports_router
from backend.app.users.routes import router as users_router
from backend.app.web3.routes import router as web3_router

ROUTERS = (
    auth_router,
    users_router,
    profile_router,
    quotas_router,
    paper_router,
    copy_router,
    reports_router,
    exports_router,
    web3_router,
    *DECISION_ROUTERS,
    analyst_router,
    privacy_router,
    admin_router,
)


@asynccontextmanager
async def database(application: FastAPI) -> AsyncIterator[None]:
    """Sessions for as long as the application runs."""
    engine = make_engine(get_settings().database_url)
    application.state.sessions = make_sessions(engine)
    yield
    await engine.dispose()


app = create_app(ROUTERS)
app.router.lifespan_context = database
