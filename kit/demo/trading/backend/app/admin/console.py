"""The support console, a process of its own: `python -m backend.app.admin.console SUBSCRIPTION TEXT`."""

import asyncio
import sys

from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.admin.models import Subscription, SupportNote
from backend.app.core.database import make_engine, make_sessions
from backend.app.core.errors import NotFound
from backend.app.core.settings import get_settings

CONSOLE_USER = 1


async def add_note(session: AsyncSession, subscription_id: int, author_id: int, text: str) -> SupportNote:
    subscription = await session.get(Subscription, subscription_id)
    if subscription is None:
        raise NotFound(f"no subscription {subscription_id}")
    note = SupportNote(subscription_id=subscription.id, author_id=author_id, text=text.strip())
    session.add(note)
    await session.commit()
    return note


async def main(subscription_id: int, text: str) -> None:
    engine = make_engine(get_settings().database_url)
    async with make_sessions(engine)() as session:
        await add_note(session, subscription_id, CONSOLE_USER, text)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), " ".join(sys.argv[2:])))
