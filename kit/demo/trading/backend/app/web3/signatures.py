"""Proving that a wallet is one's own by signing a message (EIP-191)."""

from backend.app.core.errors import Forbidden
from backend.app.web3.addresses import to_checksum


def challenge(user_id: int, nonce: str) -> str:
    """The text that the wallet's owner signs."""
    return f"Link this wallet to trading account {user_id}.\nNonce: {nonce}"


def recover_signer(message: str, signature: str) -> str:
    """The checksummed address whose key signed the message."""
    # Heavy, and only wallet linking needs it.
    from eth_account import Account
    from eth_account.messages import encode_defunct

    return to_checksum(Account.recover_message(encode_defunct(text=message), signature=signature))


def verify_owner(address: str, message: str, signature: str) -> None:
    """Raise Forbidden unless the message was signed with the key of that address."""
    if recover_signer(message, signature) != to_checksum(address):
        raise Forbidden("the signature is not of this wallet")
