"""Sets of units, by their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: how many numbers a block has
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class UnitSet:
    """Numbers of units, as bits in blocks. Of the thousands of units of a large suite a test runs those of few blocks:
    with one bit for each unit, what all tests run would take memory in proportion to the square of the suite.
    """

    blocks: Mapping[int, int]

    @classmethod
    def of(cls, numbers: Iterable[int]) -> UnitSet:
        """The set of these numbers."""
        blocks: dict[int, int] = {}
        for number in numbers:
            block, place = divmod(number, _BLOCK)
            blocks[block] = blocks.get(block, 0) | 1 << place
        return cls(blocks)

    @classmethod
    def joined(cls, sets: Iterable[UnitSet]) -> UnitSet:
        """What is in one of these sets."""
        blocks: dict[int, int] = {}
        for one in sets:
            for block, bits in one.blocks.items():
                blocks[block] = blocks.get(block, 0) | bits
        return cls(blocks)

    def __hash__(self) -> int:
        return hash(frozenset(self.blocks.items()))

    def __bool__(self) -> bool:
        return bool(self.blocks)

    def __iter__(self) -> Iterator[int]:
        for block, bits in sorted(self.blocks.items()):
            while bits:
                lowest = bits & -bits
                yield block * _BLOCK + lowest.bit_length() - 1
                bits ^= lowest

    def __and__(self, other: UnitSet) -> UnitSet:
        both = ((block, bits & other.blocks.get(block, 0)) for block, bits in self.blocks.items())
        return UnitSet({block: bits for block, bits in both if bits})

    def __or__(self, other: UnitSet) -> UnitSet:
        return UnitSet.joined((self, other))

    def __le__(self, other: UnitSet) -> bool:
        return not any(bits & ~other.blocks.get(block, 0) for block, bits in self.blocks.items())

    def encoded(self) -> dict[int, bytes]:
        """The set as it is written."""
        return {block: bits.to_bytes((bits.bit_length() + 7) // 8, "little") for block, bits in self.blocks.items()}

    @classmethod
    def decoded(cls, written: Mapping[int, bytes]) -> UnitSet:
        """The set that was written."""
        return cls({block: int.from_bytes(bits, "little") for block, bits in written.items()})


NO_UNITS = UnitSet({})
