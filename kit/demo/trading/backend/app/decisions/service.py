"""Keeping the journal."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.app.core.permissions import Permission, allowed
from backend.app.decisions.models import Decision, DecisionOutcome
from backend.app.decisions.scoring import Scorecard, classify, scorecard
from backend.app.paper.sizing import instrument

from ..users.models import User

SHORTEST_THESIS = 20


async def record(
    session: AsyncSession, author_id: int, *, symbol: str, thesis: str, confidence: int, at: datetime
) -> Decision:
    """Write a decision down before its result is known."""
    author = await session.get(User, author_id)
    if author is None:
        raise NotFound(f"no account {author_id}")
    if not allowed(author.role, Permission.DECISION_WRITE):
        raise Forbidden(f"a {author.role} keeps no journal")
    if not 0 <= confidence <= 100:
        raise Invalid("confidence goes from 0 to 100")
    thesis = " ".join(thesis.split())
    if len(thesis) < SHORTEST_THESIS:
        raise Invalid(f"a thesis has at least {SHORTEST_THESIS} characters")
    decision = Decision(
        author_id=author_id,
        symbol=instrument(symbol).symbol,
        thesis=thesis,
        confidence=confidence,
        decided_at=at,
    )
    session.add(decision)
    await session.commit()
    return decision


async def resolve(
    session: AsyncSession, author_id: int, decision_id: int, result_percent: Decimal, *, lesson: str = ""
) -> DecisionOutcome:
    """Note what became of a decision; once, and only the author can."""
    decision = await session.get(Decision, decision_id)
    if decision is None:
        raise NotFound(f"no decision {decision_id}")
    if decision.author_id != author_id:
        raise Forbidden("only the author resolves a decision")
    known = await session.scalar(select(DecisionOutcome.id).where(DecisionOutcome.decision_id == decision_id))
    if known is not None:
        raise Conflict("the decision is resolved already")
    outcome = DecisionOutcome(
        decision_id=decision_id,
        kind=classify(result_percent),
        result_percent=result_percent,
        lesson=lesson.strip(),
    )
    session.add(outcome)
    await session.commit()
    return outcome


async def score(session: AsyncSession, author_id: int, *, symbol: str | None = None) -> Scorecard:
    query = (
        select(Decision.confidence, DecisionOutcome.result_percent)
        .join(DecisionOutcome, DecisionOutcome.decision_id == Decision.id)
        .where(Decision.author_id == author_id)
    )
    if symbol is not None:
        query = query.where(Decision.symbol == symbol.upper())
    return scorecard((confidence, result) for confidence, result in await session.execute(query))
