"""``kit mcp``: kit as a server for assistants (Model Context Protocol), over standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

import kit
from kit.cli.assistant import Answer, Assistant, ToolRefusedError, offered
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.facts.errors import UsageError

_NEEDED = "kit mcp needs the Model Context Protocol SDK: pip install 'incident-kit[mcp]'"

_INSTRUCTIONS = (
    "kit investigates broken Python test suites. Call scan first (a second or two), then investigate (as long as the "
    "suite). Each cause has evidence; fix the first one first. Try a patch with trial before you write it, and call "
    "verify afterwards. {writes}"
)


@click.command()
@click.argument("path", default=".", metavar="[PATH]", type=click.Path(path_type=Path))
@click.option("--allow-apply", is_flag=True, help="Offer the tool apply too, which writes fixes into the app.")
@reports_options
def command(path: Path, allow_apply: bool, reports_dir: str, store_url: str) -> int:
    """Serve the app at PATH (default: the current folder) to an assistant that speaks MCP, over standard input and
    output.

    Its tools read the source, run the tests in a protected copy, and read the cases. None writes into the app, unless
    --allow-apply is given.
    """
    if find_spec("mcp") is None:
        raise UsageError(f"{_NEEDED}.")
    app = path.expanduser().resolve()
    if not app.is_dir():
        raise UsageError(f"{app} is not a folder.")
    named = [*(["--reports-dir", str(Path(reports_dir).resolve())] if reports_dir else [])]
    words = (*named, *(["--store-url", store_url] if store_url else []))
    server(Assistant(app, words), allow_apply).run("stdio")
    return ExitCode.NOTHING_FOUND


def server(assistant: Assistant, allow_apply: bool) -> Any:
    """The server with its tools."""
    from mcp.server import MCPServer
    from mcp_types import ToolAnnotations

    writes = "The tool apply writes into the app." if allow_apply else "No tool writes into the app."
    made = MCPServer("kit", version=kit.__version__, instructions=_INSTRUCTIONS.format(writes=writes))
    for function in offered(assistant, allow_apply=allow_apply):
        is_writing = function.__name__ == "apply"
        hints = ToolAnnotations(read_only_hint=not is_writing, destructive_hint=is_writing)
        made.add_tool(_with_sentences(function), annotations=hints)
    return made


def _with_sentences(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """The tool; what it refuses reaches the assistant as a sentence."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(function)
    def told(*arguments: Any, **named: Any) -> Answer:
        try:
            return function(*arguments, **named)
        except ToolRefusedError as error:
            raise ToolError(str(error)) from error

    return told
