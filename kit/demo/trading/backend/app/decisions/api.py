"""The routers that make up the journal's API."""

from backend.app.decisions.routes import router

ROUTERS = (router,)
