"""Ethereum addresses: shape and checksum (EIP-55)."""

import re

from backend.app.core.errors import Invalid
from backend.app.web3.keccak import keccak256

SHAPE = re.compile(r"0x[0-9a-fA-F]{40}")
CHAINS = {"ethereum": 1, "optimism": 10, "polygon": 137, "base": 8453, "arbitrum": 42161}


def to_checksum(address: str) -> str:
    """The address with the letters in the case that the checksum asks for. Raises Invalid."""
    if not SHAPE.fullmatch(address):
        raise Invalid(f"not an Ethereum address: {address!r}")
    digits = address[2:].lower()
    digest = keccak256(digits.encode()).hex()
    return "0x" + "".join(
        digit.upper() if int(nibble, 16) >= 8 else digit for digit, nibble in zip(digits, digest)
    )


def is_valid(address: str) -> bool:
    """Whether an address is well formed and, when it is of mixed case, its checksum is right."""
    if not SHAPE.fullmatch(address):
        return False
    digits = address[2:]
    return digits in {digits.lower(), digits.upper()} or address == to_checksum(address)


def shorten(address: str) -> str:
    return f"{address[:6]}…{address[-4:]}"


def chain_id(chain: str) -> int:
    try:
        return CHAINS[chain.lower()]
    except KeyError:
        raise Invalid(f"unknown chain {chain!r}") from None
