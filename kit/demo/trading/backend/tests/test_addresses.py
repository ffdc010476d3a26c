"""Hashes, checksums and chains."""

import pytest

from backend.app.core.errors import Invalid
from backend.app.web3.addresses import chain_id, is_valid, shorten, to_checksum
from backend.app.web3.keccak import keccak256

# The examples of EIP-55: all of one case where the letters fall so, then mixed.
EXAMPLES = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        (b"testing", "5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02"),
        (b"The quick brown fox jumps over the lazy dog", "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"),
    ],
    ids=["empty", "abc", "testing", "fox"],
)  # fmt: skip
def test_keccak_of_known_texts(data: bytes, digest: str) -> None:
    assert keccak256(data).hex() == digest


@pytest.mark.parametrize("length", [1, 134, 135, 136, 137, 271, 272, 273])
def test_keccak_tells_apart_what_differs_in_padding(length: int) -> None:
    digests = [keccak256(data) for data in (b"a" * length, b"a" * length + b"\0", b"a" * (length - 1))]
    assert len(set(digests)) == 3
    assert {len(digest) for digest in digests} == {32}


@pytest.mark.parametrize("address", EXAMPLES)
@pytest.mark.parametrize("written", ["lower", "upper"])
def test_checksum_does_not_depend_on_the_writing(address: str, written: str) -> None:
    writings = {"lower": address.lower(), "upper": "0x" + address[2:].upper()}
    assert to_checksum(writings[written]) == address
    assert is_valid(writings[written])


@pytest.mark.parametrize("address", EXAMPLES[4:])
@pytest.mark.parametrize("position", [0, 17, 39])
def test_one_letter_of_the_wrong_case_is_noticed(address: str, position: int) -> None:
    digits = address[2:]
    letters = [index for index, digit in enumerate(digits) if digit.isalpha()]
    index = min(letters, key=lambda letter: abs(letter - position))
    assert not is_valid("0x" + digits[:index] + digits[index].swapcase() + digits[index + 1 :])


@pytest.mark.parametrize(
    "address",
    ["", "0x", "52908400098527886E0F7030069857D2E4169EE7", "0x123", EXAMPLES[0] + "0", "0x" + "g" * 40],
)
def test_malformed_addresses_are_invalid(address: str) -> None:
    assert not is_valid(address)
    with pytest.raises(Invalid, match="not an Ethereum address"):
        to_checksum(address)


@pytest.mark.parametrize(
    ("chain", "number"),
    [
        ("ethereum", 1),
        ("Ethereum", 1),
        ("optimism", 10),
        ("POLYGON", 137),
        ("base", 8453),
        ("arbitrum", 42161),
    ],
)
def test_chains_have_numbers(chain: str, number: int) -> None:
    assert chain_id(chain) == number


@pytest.mark.parametrize("chain", ["", "eth", "solana", "base "])
def test_unknown_chains_are_invalid(chain: str) -> None:
    with pytest.raises(Invalid, match="unknown chain"):
        chain_id(chain)


@pytest.mark.parametrize("address", EXAMPLES[:4])
def test_short_form_keeps_both_ends(address: str) -> None:
    short = shorten(address)
    assert len(short) == 11
    assert address.startswith(short[:6])
    assert address.endswith(short[-4:])
