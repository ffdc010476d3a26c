"""Writes the pages of ``kit/docs`` from the code that they describe: `make pages`."""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import click

import kit.fixes.options
import kit.inventory.findings
from kit.causes.detectors import detectors
from kit.causes.upgrades.dropped_names import known_libraries
from kit.causes.upgrades.table import breakages
from kit.causes.upgrades.wording import upgrade_advice
from kit.cli.exit_codes import ExitCode
from kit.cli.main import cli
from kit.failures import rules
from tests.project import incident_page

FOLDER = Path(__file__).parents[2] / "kit" / "docs"
_URL = re.compile(r"https://\S+")
_KIND = re.compile(r'^[A-Z_]+(?:: Final)? = "([a-z-]+)"$', re.MULTILINE)


def exit_codes() -> str:
    """The codes that commands end with."""
    rows = [(str(int(code)), code.meaning) for code in ExitCode]
    return f"{_title('Exit codes')}{_table(('code', 'meaning'), rows)}"


def options() -> str:
    """Every option of every command."""
    commands = _commands(cli, "")
    return _title("Commands and their options") + "\n".join(_command(name, command) for name, command in commands)


def _commands(group: click.Group, above: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with its name; those of a group come after it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{above}{name} ")


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"kit {name}", terminal_width=10_000)
    rows = [_option(one, context) for one in command.params if isinstance(one, click.Option)]
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    table = f"\n{_table(('option', 'meaning', 'default'), rows)}" if rows else ""
    return f"## {name}\n\n`{usage}`\n\n{inspect.cleandoc(command.help or '')}\n{table}"


def _option(option: click.Option, context: click.Context) -> tuple[str, str, str]:
    names = ", ".join([*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    default = str(option.default) if option.show_default else ""
    return f"`{names}{value}`", option.help or "", default


def events() -> str:
    """The lines of ``events.jsonl``."""
    schema = json.loads(files("kit.suite.record").joinpath("events.schema.json").read_text(encoding="utf-8"))
    parts = [_keys(one["title"], one) for one in schema["oneOf"]]
    parts += [_keys(name, one) for name, one in schema["$defs"].items()]
    return f"{_title('Events of a run')}{schema['description']}\n\n{''.join(parts)}".rstrip() + "\n"


def incident() -> str:
    """The parts of ``incident.json``."""
    made = [
        f"## {name}\n"
        + (f"\n{meaning}\n" if meaning else "")
        + (f"\n{_table(('key', 'type', 'meaning'), rows)}" if rows else "")
        for name, meaning, rows in incident_page.parts()
    ]
    return _title("The parts of incident.json") + "\n".join(made)


def _keys(name: str, schema: dict[str, Any]) -> str:
    required = schema.get("required", ())
    rows = [
        (f"`{key}`", _type(value), "" if key in required else "optional", value.get("description", ""))
        for key, value in schema.get("properties", {}).items()
        if key != "kind"
    ]
    table = f"\n{_table(('key', 'type', '', 'meaning'), rows)}" if rows else ""
    return f"## {name}\n\n{schema.get('description', '')}\n{table}\n"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return " or ".join(f"`{json.dumps(one)}`" for one in schema.get("enum", [schema.get("const")]))
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    items = f" of {_type(schema['items'])}" if isinstance(schema.get("items"), dict) else ""
    return " or ".join(names) + items


def categories() -> str:
    """The built-in categories in the order in which kit tries them."""
    return _title("Categories of failures") + "\n".join(
        f"## {rule.key}\n\n**{rule.title}** (rank {rule.rank}). {rule.meaning}\n\n{rule.advice}\n\n"
        f"Example: {_code(rule.example)}\n" + (f"\n<{rule.documentation}>\n" if rule.documentation else "")
        for rule in rules()
    )


def causes() -> str:
    """The detectors in the order in which they look."""
    return _title("Detectors of causes") + "\n".join(
        f"## {one.kind}\n\nRank {one.rank}, `{_path(inspect.getmodule(one.find))}`\n\n"
        f"{_prose(inspect.getmodule(one.find))}"
        for one in detectors()
    )


def findings() -> str:
    """The rules of the inventory."""
    return _title("Rules of findings") + "\n".join(
        f"## {', '.join(_KIND.findall(inspect.getsource(module)))}\n\n`{_path(module)}`\n\n{_prose(module)}"
        for module in _rules_in(kit.inventory.findings)
    )


def fix_options() -> str:
    """The options that kit can try."""
    return _title("Fix options") + "\n".join(
        f"## {_path(module).rpartition('/')[2].removesuffix('.py')}\n\n"
        f"For causes of the kind {', '.join(sorted(module.CAUSES))}; `{_path(module)}`\n\n{_prose(module)}"
        for module in _rules_in(kit.fixes.options)
    )


def upgrades() -> str:
    """The table of breakages, by library."""
    entries = breakages()
    libraries = list(dict.fromkeys(one.library for one in entries))
    head = (
        f"{len(entries)} changes of {len(libraries)} libraries that break code, each measured with the last good and "
        "the first bad release by a reproduction and its healthy twin (`tests/causes/upgrades`).\n\n"
        "Beside this table kit knows, from their source, what the releases of "
        f"{len(known_libraries())} libraries have dropped (`kit/causes/upgrades/dropped`): modules, names, attributes "
        "of classes, parameters, and attributes that can only be read since. A failure that names one of these is "
        "explained by the release that dropped it, and `kit upgrade-check` lists the lines that use a module or a name "
        "which a newer release lacks.\n\n"
    )
    return _title("Breakages of releases") + head + "\n".join(_of_library(name) for name in libraries)


def _of_library(library: str) -> str:
    parts = []
    for one in breakages():
        if one.library == library:
            beside = "".join(f", beside {name} {versions}" for name, versions in one.beside.items())
            source = f" <{one.source}>" if one.source != "not found" else ""
            cause = f"{one.cause[0].upper()}{one.cause[1:]}" if one.cause[0].isalpha() else one.cause
            parts.append(
                f"**{one.id}** ({one.kind}): works with {one.last_good}, breaks with {one.first_bad}{beside}. "
                f"{cause}.{source} {upgrade_advice(one)}{' The release before warns of it.' if one.forewarns else ''}"
                f"{' kit writes the patch.' if one.edits else ''}\n"
            )
    return f"## {library}\n\n" + "\n".join(parts)


def _rules_in(package: ModuleType) -> Iterator[ModuleType]:
    """The modules of a package that define ``find``."""
    for info in pkgutil.iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{info.name}")
        if not info.ispkg and hasattr(module, "find"):
            yield module


def _path(module: ModuleType | None) -> str:
    assert module
    return f"{module.__name__.replace('.', '/')}.py"


def _prose(module: ModuleType | None) -> str:
    """A module's docstring as Markdown."""
    text = inspect.cleandoc(module.__doc__ or "" if module else "").replace("``", "`")
    return _URL.sub(r"<\g<0>>", text) + "\n"


def _title(text: str) -> str:
    return f"# {text}\n\n<!-- made from the code by `make pages`: change it there -->\n\n"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(_cell(one) for one in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{' '.join(text.split())}`"


PAGES: dict[str, Callable[[], str]] = {
    "exit_codes.md": exit_codes,
    "options.md": options,
    "events.md": events,
    "incident.md": incident,
    "categories.md": categories,
    "detectors.md": causes,
    "findings.md": findings,
    "fix_options.md": fix_options,
    "upgrades.md": upgrades,
}


def main() -> None:
    """Write all pages that differ, and name them."""
    for name, make in PAGES.items():
        page, text = FOLDER / name, make()
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {page}\n")


if __name__ == "__main__":
    main()
