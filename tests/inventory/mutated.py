"""Source files that nobody would write: real ones with something broken in them, and made ones of extreme shape."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Mutate = Callable[[bytes, random.Random], bytes]

#: what declares something, in shapes that make no sense
WORDS = (
    *(b"class User(Base):", b"class (Base):", b"__tablename__ = ", b"__table_args__ = (", b"relationship(", b"Column("),
    *(
        b"ForeignKey(lambda: 1)",
        b"Mapped[list['User']]",
        b"Mapped['",
        b"mapped_column(*a, **k)",
        b"Table(*x, metadata,",
    ),
    *(b"Index(None, *c)", b"from . import *", b"from ..... import a", b"import a.b.c as d, e", b"__import__('"),
    *(b"@router.get(", b"def f() -> Response | None: ...", b"if TYPE_CHECKING:", b"try:", b"except* E:", b"match x:"),
    *(b"with pytest.raises(E):", b"registry.map_imperatively(A, ", b"event.listen(Mapper, 'before_configured', "),
    *(b"lambda:", b"yield", b"await", b"datetime.utcnow()", b"mock.patch('a.b')", b"type X[T] = ", b"f'{a!r:>{b}}'"),
    *(b"__all__ += [", b"case _:", b"async def", b"\\\n"),
)
COOKIES = (b"# coding: latin-1\n", b"# coding: nowhere\n", b"# -*- coding: utf-16 -*-\n", b"# vim: fileencoding=\n")
BYTES = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x0c", b"\x1a", b"\r", b"\r\n", b"\xed\xa0\x80", b"'''", b'"""', b"\t")


def flipped(data: bytes, chance: random.Random) -> bytes:
    """With some bytes replaced by others."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20) if data else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def inserted(data: bytes, chance: random.Random) -> bytes:
    """With words and bytes between others."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(data))
        data = data[:at] + chance.choice((*WORDS, *BYTES)) + data[at:]
    return data


def cut(data: bytes, chance: random.Random) -> bytes:
    """Ending anywhere, or beginning anywhere."""
    at = chance.randint(0, len(data))
    return data[:at] if chance.random() < 0.5 else data[at:]


def shuffled(data: bytes, chance: random.Random) -> bytes:
    """With lines that are gone, doubled, indented or moved."""
    lines = data.splitlines(keepends=True)
    for _ in range(chance.randint(1, 8) if lines else 0):
        at = chance.randrange(len(lines))
        kept = chance.choice(([], [lines[at]] * 2, [b"    " + lines[at]], [lines[at].lstrip()], [chance.choice(lines)]))
        lines[at : at + 1] = kept or [b"\n"]
    return b"".join(lines)


def encoded(data: bytes, chance: random.Random) -> bytes:
    """In another encoding than it says."""
    text = data.decode("utf-8", "replace")
    if chance.random() < 0.5:
        return chance.choice(COOKIES) + data
    return text.encode(chance.choice(("utf-16", "utf-32", "utf-8-sig", "utf-7", "cp037")), "replace")


def joined(data: bytes, chance: random.Random) -> bytes:
    """Made of declaring words."""
    words = [chance.choice(WORDS) for _ in range(chance.randint(1, 60))]
    return chance.choice((b"\n", b" ", b"\n    ", b", ")).join(words) + cut(data, chance)[:200]


def extreme(data: bytes, chance: random.Random) -> bytes:
    """Nested or repeated beyond measure."""
    times = chance.choice((50, 99, 150, 1000, 20_000))
    shapes: Sequence[Callable[[], bytes]] = (
        lambda: b"x = " + b"(" * times + b")" * times,
        lambda: b"x = " + b"[" * times,
        lambda: b"x = " + b"-" * times + b"1",
        lambda: b"x = " + b"a." * times + b"b",
        lambda: b"x = a" + b"()" * times,
        lambda: b"x: Mapped[" + b"list[" * times + b"int" + b"]" * (times + 1),
        lambda: (
            b"class A(Base):\n  x: "
            + b'Mapped["' * min(times, 999)
            + b"\n  y = relationship("
            + b"lambda: " * times
            + b"A)"
        ),
        lambda: b"x = 1" + b" + 1" * times,
        lambda: b"x = '" + b"y" * (times * 50) + b"'",
        lambda: b"x = 1" + b"0" * times,
        lambda: b"import " + b"a." * times + b"a",
        lambda: b"from " + b"." * times + b" import x",
        lambda: (
            b"".join(b" " * depth + b"if TYPE_CHECKING:\n" for depth in range(min(times, 150))) + b" " * 150 + b"pass"
        ),
        lambda: b"".join(b" " * depth + b"class A(A):\n" for depth in range(min(times, 99))) + b" " * 99 + b"x = 1",
        lambda: b"class A(A, B): ...\nclass B(A): ...\nA = B\nB = A\n" * min(times, 99),
        lambda: b"if a: pass\n" + b"elif a: pass\n" * min(times, 5000),
        lambda: b"x = f'" + b'{f"' * min(times, 99) + data[:50],
        lambda: b"from x import (" + b"a," * times + b")\n__all__ = [" + b"'a'," * times + b"]",
        lambda: b"from . import *\nfrom .m0 import *\nfrom .m1 import A as A, *\n",
    )
    made = chance.choice(shapes)()
    return chance.choice((made, made + b"\n" + data, data + b"\n" + made))


MUTATIONS: Sequence[Mutate] = (flipped, inserted, cut, shuffled, encoded, joined, extreme)


def mutated(corpus: Sequence[Path], number: int, seed: int) -> Iterator[bytes]:
    """So many files, each made of one of the corpus by one to three mutations; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(number):
        data = chance.choice(corpus).read_bytes()
        for mutate in chance.choices(MUTATIONS, k=chance.randint(1, 3)):
            data = mutate(data, chance)
        yield data
