"""A setting of pytest with more words, in each file that pytest reads its settings from.

https://docs.pytest.org/en/stable/reference/customize.html
"""

from __future__ import annotations

import configparser
import re
import tomllib

_SECTIONS = {"setup.cfg": "tool:pytest"}
_TABLE = "[tool.pytest.ini_options]"


def with_words(text: str, path: str, name: str, added: str) -> str | None:
    """The file with ``added`` in the setting ``name``, one that is a text of words (``addopts``, ``pythonpath``);
    ``None`` where that cannot be written line by line.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    if path.endswith(".toml"):
        after = _in_section(text, _TABLE, name, added, end)
        return after if after is not None and added in _of_toml(after, name) else None
    section = _SECTIONS.get(path.rpartition("/")[2], "pytest")
    if not text:
        return f"[{section}]{end}{name} = {added}{end}"
    after = _in_section(text, f"[{section}]", name, added, end)
    return after if after is not None and added in _of_ini(after, section, name) else None


def _in_section(text: str, header: str, name: str, added: str, end: str) -> str | None:
    is_toml = header == _TABLE
    start = re.search(rf"^{re.escape(header)}[ \t]*(?:#.*)?\r?$", text, re.MULTILINE)
    if start is None:
        return None
    following = re.compile(r"^\[", re.MULTILINE).search(text, start.end())
    stop = following.start() if following else len(text)
    key = re.compile(rf"^{name}[ \t]*=[ \t]*", re.MULTILINE).search(text, start.end(), stop)
    if key is None:
        value = f'"{added}"' if is_toml else added
        head, rest = text[: start.end()].removesuffix("\r"), text[start.end() :]
        return f"{head}{end}{name} = {value}{end.removesuffix(chr(10)) if rest else end}{rest}"
    if is_toml:
        return _in_toml_value(text, key.end(), added)
    line_end = re.compile(r"[ \t]*\r?$", re.MULTILINE).search(text, key.end())
    at = line_end.start() if line_end else len(text)
    between = "" if text[:at].endswith((" ", "\t")) else " "
    return f"{text[:at]}{between}{added}{text[at:]}"


def _in_toml_value(text: str, at: int, added: str) -> str | None:
    """A text gets more in its quotes, a list more elements."""
    if text.startswith("[", at):
        items = ", ".join(f'"{word}"' for word in added.split())
        more = "" if re.match(r"\[\s*\]", text[at:]) else ", "
        return f"{text[: at + 1]}{items}{more}{text[at + 1 :]}"
    quoted = re.compile(r"""(?P<quote>["'])(?!(?P=quote){2})(?P<value>[^"'\n]*)(?P=quote)""").match(text, at)
    if quoted is None:
        return None
    before = f"{quoted['value']} " if quoted["value"].strip() else ""
    return f"{text[:at]}{quoted['quote']}{before}{added}{quoted['quote']}{text[quoted.end() :]}"


def _of_toml(text: str, name: str) -> str:
    try:
        found = tomllib.loads(text)["tool"]["pytest"]["ini_options"][name]
    except (tomllib.TOMLDecodeError, KeyError):
        return ""
    return found if isinstance(found, str) else " ".join(found)


def _of_ini(text: str, section: str, name: str) -> str:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return ""
    return " ".join(parser.get(section, name, fallback="").split())
