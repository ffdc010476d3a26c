"""Publishing notes."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import backend.app.users.models as m
from backend.app.analyst.models import AnalystNote
from backend.app.analyst.signals import Stance
from backend.app.core.errors import Forbidden, Invalid, NotFound
from backend.app.core.permissions import Permission, allowed
from backend.app.paper.sizing import instrument

LONGEST_NOTE = 2000


async def publish(
    session: AsyncSession, author_id: int, *, symbol: str, stance: Stance, text: str, at: datetime
) -> AnalystNote:
    """Publish a note under the author's name."""
    author = await session.get(m.User, author_id)
    if author is None:
        raise NotFound(f"no account {author_id}")
    if not allowed(author.role, Permission.NOTE_PUBLISH):
        raise Forbidden(f"a {author.role} may not publish")
    text = text.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise Invalid(f"a note has 1 to {LONGEST_NOTE} characters")
    note = AnalystNote(
        author_id=author_id, symbol=instrument(symbol).symbol, stance=stance, text=text, published_at=at
    )
    session.add(note)
    await session.commit()
    return note


async def consensus(session: AsyncSession, symbol: str, *, since: datetime) -> Stance:
    """The stance of most analysts, each by the latest note; flat on a draw or without notes."""
    notes = await session.scalars(
        select(AnalystNote)
        .where(AnalystNote.symbol == symbol.upper(), AnalystNote.published_at >= since)
        .order_by(AnalystNote.published_at, AnalystNote.id)
    )
    latest = {note.author_id: note.stance for note in notes}
    longs, shorts = (list(latest.values()).count(stance) for stance in (Stance.LONG, Stance.SHORT))
    if longs == shorts:
        return Stance.FLAT
    return Stance.LONG if longs > shorts else Stance.SHORT


async def notes_on(session: AsyncSession, symbol: str) -> list[tuple[str, str, str]]:
    """Author, stance and text of every note on a symbol, newest first."""
    rows = await session.execute(
        select(m.User.display_name, AnalystNote.stance, AnalystNote.text)
        .join(m.User, m.User.id == AnalystNote.author_id)
        .where(AnalystNote.symbol == symbol.upper())
        .order_by(AnalystNote.published_at.desc(), AnalystNote.id.desc())
    )
    return [(name, stance, text) for name, stance, text in rows]
