"""Linking wallets to accounts."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth.models import User
from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.web3 import service
from backend.tests.conftest import MakeUser

pytestmark = pytest.mark.anyio

CHAINS = ["ethereum", "optimism", "polygon", "base", "arbitrum"]
# The examples of EIP-55.
ADDRESSES = [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]
WRITINGS = {"checksum": str, "lower": str.lower, "upper": lambda address: "0x" + address[2:].upper()}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("writing", WRITINGS)
async def test_address_is_stored_with_checksum(
    db: AsyncSession, trader: User, address: str, chain: str, writing: str
) -> None:
    wallet = await service.link(db, trader.id, WRITINGS[writing](address), chain.title())
    assert (wallet.address, wallet.chain) == (address, chain)
    assert wallet.label == f"{address[:6]}…{address[-4:]}"
    assert wallet.is_verified is False


@pytest.mark.parametrize(
    "address",
    [
        "", "0x", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ADDRESSES[0][:-1], ADDRESSES[0] + "0",
        "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xzzAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "vitalik.eth",
    ],
)  # fmt: skip
@pytest.mark.parametrize("chain", CHAINS)
async def test_invalid_address_is_refused(db: AsyncSession, trader: User, address: str, chain: str) -> None:
    with pytest.raises(Invalid, match="not a valid address"):
        await service.link(db, trader.id, address, chain)
    assert await service.wallets_of(db, trader.id) == []


@pytest.mark.parametrize("chain", ["solana", "", "ethereum ", "bitcoin"])
@pytest.mark.parametrize("address", ADDRESSES)
async def test_unknown_chain_is_refused(db: AsyncSession, trader: User, chain: str, address: str) -> None:
    with pytest.raises(Invalid, match="unknown chain"):
        await service.link(db, trader.id, address, chain)
    assert await service.wallets_of(db, trader.id) == []


@pytest.mark.parametrize("first", CHAINS)
@pytest.mark.parametrize("second", CHAINS)
@pytest.mark.parametrize("same_owner", [True, False], ids=["same", "other"])
async def test_address_is_linked_once_per_chain(
    db: AsyncSession, make_user: MakeUser, first: str, second: str, same_owner: bool
) -> None:
    ada, bob = await make_user("Ada"), await make_user("Bob")
    await service.link(db, ada.id, ADDRESSES[0], first)
    owner = ada if same_owner else bob
    if first == second:
        with pytest.raises(Conflict, match="0x5aAe…eAed is linked already"):
            await service.link(db, owner.id, ADDRESSES[0].lower(), second)
    else:
        assert (await service.link(db, owner.id, ADDRESSES[0], second)).owner_id == owner.id


@pytest.mark.parametrize("linked", [0, 1, 7, 8])
async def test_number_of_wallets_is_limited(db: AsyncSession, trader: User, linked: int) -> None:
    for number in range(linked):
        await service.link(db, trader.id, ADDRESSES[number % 4].lower(), CHAINS[number // 4])
    if linked == 8:
        with pytest.raises(Conflict, match="at most 8 wallets"):
            await service.link(db, trader.id, ADDRESSES[0], "arbitrum")
    else:
        await service.link(db, trader.id, ADDRESSES[0], "arbitrum")
        assert len(await service.wallets_of(db, trader.id)) == linked + 1


@pytest.mark.parametrize("wanted", CHAINS)
@pytest.mark.parametrize("linked", [CHAINS[:1], CHAINS[1:3], CHAINS], ids=len)
async def test_wallets_can_be_filtered_by_chain(
    db: AsyncSession, trader: User, wanted: str, linked: list[str]
) -> None:
    for chain in linked:
        await service.link(db, trader.id, ADDRESSES[1], chain)
    found = await service.wallets_of(db, trader.id, chain=wanted.upper())
    assert [wallet.chain for wallet in found] == ([wanted] if wanted in linked else [])


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("owner", ["own", "other", "missing"])
async def test_only_own_wallets_can_be_unlinked(
    db: AsyncSession, make_user: MakeUser, chain: str, owner: str
) -> None:
    ada, bob = await make_user("Ada"), await make_user("Bob")
    wallet = await service.link(db, (bob if owner == "other" else ada).id, ADDRESSES[2], chain)
    if owner == "own":
        await service.unlink(db, ada.id, wallet.id)
        assert await service.wallets_of(db, ada.id) == []
    else:
        with pytest.raises(NotFound, match="no wallet"):
            await service.unlink(db, ada.id, wallet.id + (owner == "missing"))
