"""Proving the ownership of a wallet."""

import pytest

from backend.app.core.errors import Forbidden
from backend.app.web3.signatures import challenge, verify_owner

MESSAGE = "Some data"
# Signed with a key that is published in web3.js's documentation.
ADDRESS = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23"
SIGNATURE = (
    "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd"
    "6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c"
)


@pytest.mark.parametrize("user_id", [1, 77])
@pytest.mark.parametrize("nonce", ["a1", "0f9c"])
def test_challenge_names_account_and_nonce(user_id: int, nonce: str) -> None:
    text = challenge(user_id, nonce)
    assert text.splitlines() == [f"Link this wallet to trading account {user_id}.", f"Nonce: {nonce}"]


@pytest.mark.parametrize(
    "address", [ADDRESS, ADDRESS.lower(), "0x" + ADDRESS[2:].upper()], ids=["checksum", "lower", "upper"]
)
def test_owner_proves_a_wallet(address: str) -> None:
    verify_owner(address, MESSAGE, SIGNATURE)


@pytest.mark.parametrize(
    ("address", "message"),
    [("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", MESSAGE), (ADDRESS, "Other data")],
    ids=["other-wallet", "other-message"],
)
def test_signature_of_something_else_is_refused(address: str, message: str) -> None:
    with pytest.raises(Forbidden, match="not of this wallet"):
        verify_owner(address, message, SIGNATURE)
