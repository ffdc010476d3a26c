"""Secrets out of text, before anybody stores or shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kit.masking.apart import apart
from kit.masking.assigned import assigned, names
from kit.masking.elsewhere import beside_ellipses, repeated
from kit.masking.gathering import known_values
from kit.masking.known import KnownValues
from kit.masking.randomness import looks_random
from kit.masking.rules import MASK, Hit, RuleSet, SecretRule, Span
from kit.masking.shapes import BEGINNINGS, rule_set
from kit.masking.views import NEXT_LINE, continued, reflowed, unescaped, unwrapped, without_margins

#: a secret that ends its line, and is as long as this, may go on in the next one
_LONG = 16

#: this many short texts are looked at together, and each by itself where one of them may hold a secret
TOGETHER = 50

#: one replacement may bring another secret to light; almost always the second pass is the last
_MOST_PASSES = 8


def mask(text: str) -> str:
    """``text`` with every secret in it replaced by ``***``.

    A secret is recognized by its shape (tokens and keys of services, passwords in URLs and commands, blocks of private
    keys), by the name of its value (``password=…``, headers, cookies), or since it is the value of an environment
    variable or setting with such a name. It is also found escaped, encoded, wrapped over lines, and cut. Give the
    whole text: what was cut before may not be recognized any more. Masking twice changes nothing more; it never raises.
    """
    for _ in range(_MOST_PASSES):
        spans = list(_spans(text))
        spans += [*repeated(text, spans), *beside_ellipses(text, spans)]
        masked = replaced(text, spans) if spans else text
        if masked == text:
            break
        text = masked
    return text


def mask_all(texts: Sequence[str]) -> tuple[str, ...]:
    """Mask many short texts. The same ones come again and again where a suite is collected several times."""
    return _masked_together(tuple(texts), known_values())


@lru_cache(maxsize=4)
def _masked_together(texts: tuple[str, ...], _known: KnownValues) -> tuple[str, ...]:
    shown: list[str] = []
    for start in range(0, len(texts), TOGETHER):
        portion = texts[start : start + TOGETHER]
        joined = "\n".join(portion)
        plain = unescaped(joined)
        is_told = may_hold_secret(joined) or (plain is not None and may_hold_secret(plain.text))
        # to look for secrets that are wrapped over the lines of a portion would take far longer
        shown += map(_masked_or_same, portion) if is_told else portion
    return tuple(shown)


def _masked_or_same(text: str) -> str:
    """The same object where nothing is masked: the names of a large suite take much memory."""
    shown = mask(text)
    return text if shown == text else shown


def may_hold_secret(text: str) -> bool:
    """Whether there is something in a text that may belong to a secret: a quick look, for many short texts."""
    return bool(next(names(text), None) or rules_about(text) or next(iter(known_values().spans(text)), None))


@lru_cache(maxsize=1)
def _rules() -> RuleSet:
    return rule_set()


def rules_about(text: str) -> list[SecretRule]:
    """The rules that one of the words in ``text`` belongs to."""
    return _rules().about(text)


def certain(text: str) -> list[Span]:
    """Where secrets stand that are certain: unbroken words of a known shape, and known values."""
    return [*shaped(text), *known_values().spans(text)]


def shaped(text: str) -> list[Span]:
    """Where unbroken words stand that have the shape of a secret."""
    return [hit[:2] for rule in rules_about(text) if rule.is_whole and rule.is_certain for hit in rule.hits(text)]


def replaced(text: str, spans: Sequence[Span]) -> str:
    """``text`` with each of these parts, which may overlap, masked."""
    pieces, end = [], 0
    for start, stop in _merged([(start, _with_next_line(text, start, stop)) for start, stop in spans]):
        pieces += [text[end:start], MASK]
        end = stop
    return "".join([*pieces, text[end:]])


def _with_next_line(text: str, start: int, end: int) -> int:
    """Where a secret ends that may go on in the next line: a long line was wrapped inside of a word."""
    while end - start >= _LONG and (found := NEXT_LINE.match(text, end)):
        if not looks_random(found["word"]) and not found["word"].endswith("="):
            break
        end = found.end()
    return end


def _merged(spans: Sequence[Span]) -> Iterator[Span]:
    """The parts in order, those that overlap in one."""
    start, end = 0, 0
    for one, other in sorted(spans):
        if one >= end:
            if end:
                yield start, end
            start, end = one, other
        else:
            end = max(end, other)
    if end:
        yield start, end


def _spans(text: str) -> Iterator[Span]:
    """Where the secrets of a text stand."""
    yield from known_values().spans(text)

    yield from _told(text)
    plain = unescaped(text)
    if plain is not None:
        yield from (plain.origin(Hit(*span, *span)) for span in _told(plain.text))


def _told(text: str) -> Iterator[Span]:
    """Where secrets stand that are recognized by their shape or name, in one piece or wrapped."""
    rules = rules_about(text)
    has_names = next(names(text), None) is not None
    if rules or has_names:
        yield from (hit[:2] for hit in _in_lines(text, rules))
    if "\n" not in text:
        return
    if rules or has_names:
        margins = without_margins(text)
        for view in (continued(text), margins):
            if view is not None:
                yield from map(view.origin, _in_lines(view.text, rules))
        if margins is not None and (lines := reflowed(text)) is not None:
            yield from map(lines.origin, filter(lines.crosses, _bordered(lines.text, rules)))
    flat = unwrapped(text, BEGINNINGS)
    if flat is not None:
        yield from map(flat.origin, filter(flat.crosses, _in_one_piece(flat.text)))


def _in_lines(text: str, rules: Sequence[SecretRule]) -> Iterator[Hit]:
    for rule in rules:
        yield from rule.hits(text)
    yield from assigned(text)
    yield from apart(text)


def _bordered(text: str, rules: Sequence[SecretRule]) -> Iterator[Hit]:
    """What may be found across lines that a blank joins: values whose borders are marked."""
    for rule in rules:
        if not rule.is_whole:
            yield from rule.hits(text)
    yield from assigned(text, closed=True)
    yield from apart(text, closed=True)


def _in_one_piece(text: str) -> Iterator[Hit]:
    """What may be found across joined lines: unbroken words, and values whose end is marked."""
    for rule in rules_about(text):
        if rule.is_whole:
            yield from rule.hits(text)
    yield from assigned(text, closed=True)
