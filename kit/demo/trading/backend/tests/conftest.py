"""The database fixture and the factories that tests share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.pool import StaticPool

from backend.app.auth.models import User
from backend.app.core import model_index
from backend.app.core.database import Base, make_engine, make_sessions
from backend.app.core.permissions import Role
from backend.app.paper.models import PaperAccount

MEMORY = "file:trading-tests?mode=memory&cache=shared&uri=true"
NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)  # a Wednesday

assert model_index.MODELS, "the metadata must be complete before create_all"

MakeUser = Callable[..., Awaitable[User]]
MakeAccount = Callable[..., Awaitable[PaperAccount]]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def engines() -> tuple[Engine, AsyncEngine]:
    """A synchronous engine for the schema (three times as fast) and the one that is tested, on one database.

    Made once, for their compiled statements. Nothing is connected yet: that is each test's own business.
    """
    schema = create_engine(f"sqlite+pysqlite:///{MEMORY}", poolclass=StaticPool)
    return schema, make_engine(f"sqlite+aiosqlite:///{MEMORY}", poolclass=StaticPool)


@pytest.fixture
async def db(anyio_backend: str, engines: tuple[Engine, AsyncEngine]) -> AsyncIterator[AsyncSession]:
    """A session on a database of the test's own: it has all tables, and is gone with its last connection."""
    schema, engine = engines
    try:
        Base.metadata.create_all(schema, checkfirst=False)
        async with make_sessions(engine)() as session:
            yield session
    finally:
        await engine.dispose()
        schema.dispose()


@pytest.fixture
def make_user(db: AsyncSession) -> MakeUser:
    """Stores a user who cannot sign in; the name makes the address."""

    async def make(name: str = "Ada", role: Role = Role.TRADER, *, active: bool = True) -> User:
        user = User(
            email=f"{name.lower().replace(' ', '.')}@example.com",
            display_name=name,
            password_hash="!",
            role=role,
            is_active=active,
            created_at=NOW,
        )
        db.add(user)
        await db.commit()
        return user

    return make


@pytest.fixture
def make_account(db: AsyncSession, make_user: MakeUser) -> MakeAccount:
    """Stores a paper account with an owner of its own."""

    async def make(cash: str = "100000", *, owner: str = "Ada") -> PaperAccount:
        user = await make_user(owner)
        account = PaperAccount(owner_id=user.id, name="main", cash=Decimal(cash))
        db.add(account)
        await db.commit()
        return account

    return make


@pytest.fixture
async def trader(make_user: MakeUser) -> User:
    return await make_user("Tess")
