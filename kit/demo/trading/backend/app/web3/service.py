"""Linking wallets to accounts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.users.models import User
from backend.app.web3.addresses import chain_id, is_valid, shorten, to_checksum
from backend.app.web3.models import Wallet

MAXIMUM_WALLETS = 8


async def link(session: AsyncSession, owner_id: int, address: str, chain: str, *, label: str = "") -> Wallet:
    """Link a wallet, unverified. An address belongs to one account per chain."""
    chain_id(chain)
    if not is_valid(address):
        raise Invalid(f"not a valid address: {address!r}")
    address, chain = to_checksum(address), chain.lower()
    if await session.get(User, owner_id) is None:
        raise NotFound(f"no account {owner_id}")
    taken = await session.scalar(select(Wallet).where(Wallet.address == address, Wallet.chain == chain))
    if taken is not None:
        raise Conflict(f"{shorten(address)} is linked already")
    if len(await wallets_of(session, owner_id)) >= MAXIMUM_WALLETS:
        raise Conflict(f"at most {MAXIMUM_WALLETS} wallets")
    wallet = Wallet(owner_id=owner_id, address=address, chain=chain, label=label or shorten(address))
    session.add(wallet)
    await session.commit()
    return wallet


async def wallets_of(session: AsyncSession, owner_id: int, *, chain: str | None = None) -> list[Wallet]:
    query = select(Wallet).where(Wallet.owner_id == owner_id).order_by(Wallet.chain, Wallet.address)
    if chain is not None:
        query = query.where(Wallet.chain == chain.lower())
    return list(await session.scalars(query))


async def unlink(session: AsyncSession, owner_id: int, wallet_id: int) -> None:
    wallet = await session.get(Wallet, wallet_id)
    if wallet is None or wallet.owner_id != owner_id:
        raise NotFound(f"no wallet {wallet_id}")
    await session.delete(wallet)
    await session.commit()
