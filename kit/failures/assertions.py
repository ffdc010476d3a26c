"""What an assertion says: the shape of its comparison, and the status of an answer in it.

Reads the text that pytest's assertion rewriting (and ``unittest``) puts into an ``AssertionError``:

    the balance must stay the same          <- the author's own words, if any
    assert 404 == 200                       <- the comparison, with values
     +  where 404 = <Response [404 Not Found]>.status_code
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.failures.parameterise import parameterise

_COMPARISON = re.compile(r"^assert (?P<text>.*)", re.MULTILINE | re.DOTALL)
_OPERATOR = re.compile(r" (==|!=|<=|>=|<|>|not in|in|is not|is) ")
_ACCESSOR = re.compile(
    r"^ \+  where .*? = (?:<built-in method (?P<method>\w+) of|.*?(?P<name>\.\w+$|\b\w+(?=\(.*\)$)))", re.MULTILINE
)
_COMPUTED = re.compile(r"^ \+  where (?P<value>.+?) = ", re.MULTILINE)
_DIFFERING = re.compile(r"^ *(?:At index \d+ diff: )?(?P<found>.+) != (?P<expected>.+)$", re.MULTILINE)
_STATUS_WHERE = re.compile(r"where (?P<status>[1-5]\d\d) = .*\.status(?:_code)?$", re.MULTILINE)
#: a status alone, or first in a tuple with the body: ``assert (404, {'detail': …}) == (200, {…})``
_STATUS_BARE = re.compile(r"^assert \(?(?P<status>[45]\d\d)(?:, .*\))? (?:==|in) [(\[{]?[1-5]\d\d\b", re.MULTILINE)
#: the same of unittest: ``404 != 200``, statuses on both sides
_STATUS_UNITTEST = re.compile(
    r"^(?P<status>40[0-9]|41[0-8]|42[0-9]|50[0-4]) != (?:20[0-6]|30[1-8]|40[0-9]|41[0-8]|42[0-9]|50[0-4])(?![\d.])"
)
_UNITTEST = re.compile(r"(?:\w+ differ: )?(?P<found>.+?) != (?P<expected>.+?)(?: : .*)?$", re.MULTILINE)
_KEYED = re.compile(r"^ *(?P<found>\{.+\}) != (?P<expected>\{.+\})$", re.MULTILINE)
_LEFT_ONLY = re.compile(r"^ *Left contains \d+ more items?:\n *(\{.*?\})$", re.MULTILINE | re.DOTALL)
_RIGHT_ONLY = re.compile(r"^ *Right contains \d+ more items?:\n *(\{.*?\})$", re.MULTILINE | re.DOTALL)
_EXPECTED = re.compile(r"[(\[{]?(?P<statuses>[1-5]\d\d(?:, [1-5]\d\d)*)\b")
_STATUS_ERROR = re.compile(r"^(?:Client|Server) error '(?P<status>[45]\d\d) |^(?P<other>[45]\d\d): ")
#: a line of one side, as pytest shows how two values differ
_SIDE = re.compile(r"^  (?P<side>[-+]) (?P<text>.*)$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_]\w{3,}")
_WORDS = re.compile(r"[A-Za-z]{2,}")
#: sentences that unittest, mock and pytest make of values
_READY_MADE = re.compile(
    r".* != |.* (?:not|unexpectedly) found in |.* is not (?:true|false|None)\b|.* is not an instance of |\w+ differ: "
    r"|Expected '.*' to |[Ee]xpected call not found|DID NOT (?:RAISE|WARN)"
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("approx", re.compile(r".* ± |approx\(")),
    ("text", re.compile(r"[rbf]?['\"]")),
    (
        "collection",
        re.compile(
            r"[\[{]|\((?:\)|[^()]*,)|(?:set|frozenset|dict|OrderedDict|defaultdict|deque|Counter|dict_\w+|len)\("
        ),
    ),
    ("number", re.compile(r"[-+]?\d")),
    ("constant", re.compile(r"(?:None|True|False)\b")),
)


@dataclass(frozen=True)
class AssertedComparison:
    """``left operator right``; ``operator`` and ``right`` are empty for ``assert value``. ``accessor`` names what gave
    the value (``".status_code"``, ``"len"``), ``words`` is the author's own text."""

    left: str
    operator: str
    right: str
    accessor: str
    words: str


def read_comparison(message: str) -> AssertedComparison | None:
    """Take an ``AssertionError``'s message apart; ``None`` when it holds no comparison of pytest's."""
    found = _COMPARISON.search(message)
    if found is None:
        return None
    line = found["text"].partition("\n")[0]
    left, operator, right = line, "", ""
    if halves := _OPERATOR.search(line):
        left, operator, right = line[: halves.start()], halves[1], line[halves.end() :]
    accessor = _ACCESSOR.search(message)
    name = (accessor["method"] or accessor["name"]) if accessor else ""
    return AssertedComparison(left, operator, right, name, message[: found.start()].strip())


def kind_of(operand: str) -> str:
    """``text``, ``collection``, ``number``, ``constant``, ``approx``, or ``value`` for anything else."""
    return next((kind for kind, pattern in _KINDS if pattern.match(operand)), "value")


def shape_of(message: str) -> str:
    """The message with kinds in place of values: ``assert <number> == <number> (.status_code)``."""
    status = http_status(message)
    comparison = read_comparison(message)
    if comparison is None:
        return parameterise(message)
    expected = _EXPECTED.match(comparison.right)
    if status is not None and expected is not None:
        text = f"assert {status} {comparison.operator} {expected['statuses']}"
    elif comparison.operator:
        text = f"assert {_kind(comparison.left)} {comparison.operator} {_kind(comparison.right)}"
    else:
        text = f"assert {parameterise(comparison.left)}"
    accessor = f" ({comparison.accessor})" if comparison.accessor else ""
    words = f"{parameterise(comparison.words)} " if comparison.words else ""
    return f"{words}{text}{accessor}"


def says_little(message: str) -> bool:
    """Whether the message could come from any test: a comparison of values without a sentence of its author."""
    comparison = read_comparison(message)
    words = message if comparison is None else comparison.words
    ready_made = words[:1] in ("{", "[", "<", "") or _READY_MADE.match(words) is not None
    return ready_made or len(_WORDS.findall(words)) < 3


def unexpected_values(message: str, *, made: bool = True) -> frozenset[str]:
    """The numbers, strings and truth values that an assertion found where it expected others, as Python writes them; of
    two sides that pytest says nothing of, the left is what was found. Those in ``Decimal('1.20')`` and the like count
    too where ``made`` says so.
    """
    comparison = read_comparison(message)
    if comparison is None:
        plain = _UNITTEST.match(message)
        return _apart([(plain["found"], plain["expected"])], made) if plain else frozenset()
    if comparison.operator not in ("", "==", "is"):
        return frozenset()
    computed = _COMPUTED.search(message)
    pairs = [(found["found"], found["expected"]) for found in _DIFFERING.finditer(message)]
    turned = computed is not None and computed["value"] == comparison.right
    left = comparison.left.removeprefix("not ")
    pairs.append((comparison.right, left) if turned else (left, comparison.right))
    return _apart(pairs, made)


def _apart(pairs: Iterable[tuple[str, str]], made: bool) -> frozenset[str]:
    """The values that were found, without those that were expected."""
    return frozenset().union(*({*_literals(found, made)} - {*_literals(expected, made)} for found, expected in pairs))


def differing_keys(message: str) -> frozenset[str]:
    """The keys under which two dictionaries differ, where pytest lists them."""
    found: set[str] = set()
    for pair in _KEYED.finditer(message):
        keys = [_keys(pair[side]) for side in ("found", "expected")]
        found |= keys[0] & keys[1] if len(keys[0]) == len(keys[1]) == 1 else set()
    return frozenset(found)


def keys_found(message: str) -> frozenset[str]:
    """The keys that only the found one of two dictionaries has, where pytest lists them."""
    left, right = ({key for text in side.findall(message) for key in _keys(text)} for side in (_LEFT_ONLY, _RIGHT_ONLY))
    return frozenset(left - right)


def words_found(message: str) -> frozenset[str]:
    """The names that only the found one of two texts or collections holds, as far as pytest shows where they differ."""
    sides: dict[str, set[str]] = {"+": set(), "-": set()}
    for line in _SIDE.finditer(message):
        sides[line["side"]].update(_NAME.findall(line["text"]))
    return frozenset(sides["+"] - sides["-"]) if sides["-"] else frozenset()


def _keys(text: str) -> set[str]:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    keys = tree.keys if isinstance(tree, ast.Dict) else []
    return {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def http_status(message: str) -> int | None:
    """The status that an answer had, where a message tells it and it was not the expected one.

    Understands comparisons with a response's status, and the errors of HTTP clients and frameworks.
    """
    for pattern in (_STATUS_WHERE, _STATUS_BARE, _STATUS_UNITTEST, _STATUS_ERROR):
        if found := pattern.search(message):
            return int(next(filter(None, found.groups())))
    return None


def _kind(operand: str) -> str:
    kind = kind_of(operand)
    return operand if kind == "constant" else f"<{kind}>"


def _literals(text: str, made: bool) -> Iterator[str]:
    """The numbers, strings and truth values in a literal, or in what is ``made`` of literals (``Decimal('1.20')``);
    none where it is cut short or is anything else.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what values look like is not news
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return
    if not _is_made_of_literals(tree.body) or (not made and any(isinstance(node, ast.Call) for node in ast.walk(tree))):
        return
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    yield from (repr(value) for value in values if isinstance(value, str | int | float))


def _is_made_of_literals(node: ast.expr) -> bool:
    """Whether this is a literal, or a call of a class with literals."""
    match node:
        case ast.Constant():
            return node.value is not Ellipsis
        case ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return all(map(_is_made_of_literals, parts))
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and _is_made_of_literals(key) for key in keys) and all(
                map(_is_made_of_literals, values)
            )
        case ast.Call(func=ast.Name() | ast.Attribute(), args=arguments, keywords=named):
            return all(map(_is_made_of_literals, [*arguments, *(one.value for one in named)]))
    return False
