"""Files of requirements with one more line: everything else stays as it is written.

https://packaging.python.org/en/latest/specifications/dependency-specifiers/
"""

from __future__ import annotations

import re
import tomllib

_TABLES = ("[project.optional-dependencies]", "[dependency-groups]")
_GROUPS = ("test", "tests", "testing", "dev")
_HEADER = re.compile(r"^\s*\[")


def with_line(text: str, name: str) -> str:
    """A file of pip's with one more line at its end, with the line end of the others."""
    end = "\r\n" if "\r\n" in text else "\n"
    start = text if not text or text.endswith("\n") else f"{text}{end}"
    return f"{start}{name}{end}"


def with_requirement(text: str, name: str, *, for_tests: bool = False) -> str | None:
    """A ``pyproject.toml`` with one more dependency of the project, or of its group for tests where it has one;
    ``None`` where it has no such list, or none that can be changed line by line.
    """
    places = [*((table, group) for table in _TABLES for group in _GROUPS)] if for_tests else []
    for table, key in [*places, ("[project]", "dependencies")]:
        after = _in_list(text, table, key, name)
        if after is not None and _names(after, table, key, name):
            return after
    return None


def _in_list(text: str, table: str, key: str, name: str) -> str | None:
    """The text with an element more in the list of a key of a table."""
    lines = text.splitlines(keepends=True)
    starts = [index for index, line in enumerate(lines) if line.strip() == table]
    if len(starts) != 1:
        return None
    begins = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=\s*\[")
    for index in range(starts[0] + 1, len(lines)):
        if _HEADER.match(lines[index]) and not begins.match(lines[index]):
            return None
        if begins.match(lines[index]):
            end = _closing_line(lines, index)
            if end is None:
                return None
            inserted = _in_one_line(lines[index], name) if end == index else None
            if end == index:
                return None if inserted is None else "".join([*lines[:index], inserted, *lines[index + 1 :]])
            return "".join(_in_lines(lines, index, end, name))
    return None


def _closing_line(lines: list[str], start: int) -> int | None:
    """The line on which a list ends that begins on another one: the first that TOML takes as its end."""
    for end in range(start, len(lines)):
        try:
            tomllib.loads("".join(lines[start : end + 1]).strip())
        except tomllib.TOMLDecodeError:
            continue
        return end
    return None


def _in_one_line(line: str, name: str) -> str | None:
    before, bracket, after = line.rpartition("]")
    if "#" in after:
        before, bracket, after = line.partition("]")
    separator = "" if before.rstrip().endswith("[") else ", "
    return f'{before.rstrip().rstrip(",")}{separator}"{name}"{bracket}{after}' if bracket else None


def _in_lines(lines: list[str], start: int, end: int, name: str) -> list[str]:
    """A list over several lines: the new element gets a line of its own, like the last one."""
    last = next(
        (
            index
            for index in range(end - 1, start, -1)
            if lines[index].strip(" \t\r\n,") and not lines[index].lstrip().startswith("#")
        ),
        start,
    )
    newline = "\r\n" if lines[start].endswith("\r\n") else "\n"
    indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())] if last > start else "  "
    before = list(lines[: last + 1])
    if last > start:
        before[last] = _with_comma(before[last])
    return [*before, f'{indent}"{name}",{newline}', *lines[last + 1 :]]


def _with_comma(line: str) -> str:
    """The line of an element with a comma after it, in front of its comment."""
    quoted = re.match(r"""^(?P<item>\s*(?:"[^"]*"|'[^']*'))(?P<comma>\s*,)?(?P<rest>.*)$""", line, re.DOTALL)
    if quoted is None or quoted["comma"]:
        return line
    return f"{quoted['item']},{quoted['rest']}"


def _names(text: str, table: str, key: str, name: str) -> bool:
    """Whether the text is TOML still, and its list has the element."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    for part in table.strip("[]").split("."):
        found = found.get(part, {})
    return name in found.get(key, [])
