"""Keccak-256 as Ethereum uses it (the original padding, not FIPS 202's SHA3-256)."""

RATE = 136
LANES = 25
MASK = (1 << 64) - 1
ROUNDS = 24


def _round_constants() -> list[int]:
    """The 24 constants, from the linear feedback shift register of the specification."""
    constants, register = [], 1
    for _ in range(ROUNDS):
        constant = 0
        for exponent in range(7):
            if register & 1:
                constant |= 1 << ((1 << exponent) - 1)
            register <<= 1
            if register & 0x100:
                register ^= 0x171
        constants.append(constant)
    return constants


def _lane_walk() -> list[tuple[int, int]]:
    """For each lane in the order of rho and pi: where it goes, and by how much it is rotated."""
    walk, x, y = [], 1, 0
    for step in range(LANES - 1):
        x, y = y, (2 * x + 3 * y) % 5
        walk.append((x + 5 * y, (step + 1) * (step + 2) // 2 % 64))
    return walk


ROUND_CONSTANTS = _round_constants()
LANE_WALK = _lane_walk()


def _permute(state: list[int]) -> None:
    for constant in ROUND_CONSTANTS:
        parity = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
        for x in range(5):
            after = parity[(x + 1) % 5]
            mixed = parity[x - 1] ^ ((after << 1 | after >> 63) & MASK)
            for lane in range(x, LANES, 5):
                state[lane] ^= mixed
        carried = state[1]
        for lane, shift in LANE_WALK:
            carried, state[lane] = state[lane], (carried << shift | carried >> (64 - shift)) & MASK
        for row in range(0, LANES, 5):
            a, b, c, d, e = state[row : row + 5]
            state[row] = a ^ (~b & c)
            state[row + 1] = b ^ (~c & d)
            state[row + 2] = c ^ (~d & e)
            state[row + 3] = d ^ (~e & a)
            state[row + 4] = e ^ (~a & b)
        state[0] ^= constant


def keccak256(data: bytes) -> bytes:
    padded = bytearray(data + b"\x01" + bytes(-(len(data) + 1) % RATE))
    padded[-1] |= 0x80
    state = [0] * LANES
    for block in range(0, len(padded), RATE):
        for lane in range(RATE // 8):
            state[lane] ^= int.from_bytes(padded[block + 8 * lane : block + 8 * lane + 8], "little")
        _permute(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])
