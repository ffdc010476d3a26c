"""Wallets over HTTP."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission
from backend.app.web3 import service
from backend.app.web3.addresses import chain_id, is_valid, to_checksum

router = APIRouter(prefix="/web3", tags=["web3"])
CAN_READ = [Depends(require(Permission.ACCOUNT_READ))]
CAN_LINK = [Depends(require(Permission.WALLET_WRITE))]
ADDRESS = Field(pattern=r"^0x[0-9a-fA-F]{40}$")


class AddressCheck(BaseModel):
    address: str = ADDRESS
    chain: str = "ethereum"


class AddressVerdict(BaseModel):
    checksummed: str
    valid: bool
    chain_id: int


class LinkRequest(BaseModel):
    address: str = ADDRESS
    chain: str = Field(default="ethereum", max_length=16)
    label: str = Field(default="", max_length=60)


@router.post("/address", dependencies=CAN_READ, summary="Check an address")
async def check_address(request: AddressCheck) -> AddressVerdict:
    return AddressVerdict(
        checksummed=to_checksum(request.address),
        valid=is_valid(request.address),
        chain_id=chain_id(request.chain),
    )


@router.post("/wallets", dependencies=CAN_LINK, summary="Link a wallet")
async def link(request: LinkRequest, caller: Caller, session: Session) -> dict[str, str]:
    wallet = await service.link(session, caller.user_id, request.address, request.chain, label=request.label)
    return {"address": wallet.address, "label": wallet.label}


@router.get("/wallets", dependencies=CAN_READ, summary="The caller's wallets")
async def wallets(caller: Caller, session: Session) -> list[dict[str, str]]:
    return [
        {"address": wallet.address, "chain": wallet.chain}
        for wallet in await service.wallets_of(session, caller.user_id)
    ]


@router.delete("/wallets/{wallet_id}", dependencies=CAN_LINK, summary="Unlink a wallet")
async def unlink(wallet_id: int, caller: Caller, session: Session) -> dict[str, int]:
    await service.unlink(session, caller.user_id, wallet_id)
    return {"unlinked": wallet_id}
