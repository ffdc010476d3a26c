"""An assistant, as a real client over standard input and output, gets causes and cannot write into the app."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client

from tests.helpers import fingerprint, write_project

pytestmark = pytest.mark.slow

APP = {
    "shop/__init__.py": "",
    "shop/prices.py": 'PRICES = {"apple": 1}\n\n\ndef price(name):\n    return PRICES[name]\n',
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "tests/test_prices.py": (
        "from shop.prices import price\n\n\ndef test_apple():\n    assert price('apple') == 1\n\n\n"
        "def test_bread():\n    assert price('bread') == 2\n"
    ),
}


def patched(path: str, old: str, new: str) -> str:
    """A patch that replaces a text in a file of the app."""
    before, after = (text.splitlines(keepends=True) for text in (APP[path], APP[path].replace(old, new)))
    return "".join(unified_diff(before, after, f"a/{path}", f"b/{path}"))


def served(folder: Path, talk: Callable[[Client], Awaitable[None]], *options: str) -> None:
    """Start the server of the app in ``folder`` and talk to it."""
    words = ["-P", "-m", "kit", "mcp", str(folder / "app"), "--reports-dir", str(folder / "reports"), *options]

    async def main() -> None:
        async with Client(
            stdio_client(StdioServerParameters(command=sys.executable, args=words, env=dict(os.environ)))
        ) as client:
            await talk(client)

    anyio.run(main)


async def answer(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The answer of a tool, which must not be an error."""
    done = await client.call_tool(tool, arguments)
    assert not done.is_error, done.content
    assert done.structured_content is not None
    return done.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The sentence with which a tool refuses."""
    done = await client.call_tool(tool, arguments)
    assert done.is_error
    return str(done.content[0].text)  # type: ignore[union-attr]


def test_an_assistant_gets_causes_tries_a_patch_and_changes_nothing(tmp_path: Path) -> None:
    write_project(tmp_path / "app", APP)
    before = fingerprint(tmp_path / "app")

    async def talk(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert "apply" not in tools
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
        assert "no case yet" in await refused(client, "causes")

        found = await answer(client, "investigate")
        (cause,) = found["causes"]
        assert found["accounting"]["failed"] == 1
        assert "KeyError" in cause["title"]

        tests = await answer(client, "tests_of_cause", cause=cause["id"])
        assert [one["nodeid"] for one in tests["tests"]] == ["tests/test_prices.py::test_bread"]
        dossier = await answer(client, "explain", test="test_bread")
        assert dossier["cause"]["id"] == cause["id"]
        importers = await answer(client, "importers", module="shop.prices")
        assert "tests/test_prices.py" in str(importers)

        tried = await answer(client, "trial", patch=patched("shop/prices.py", '"apple": 1', '"apple": 1, "bread": 2'))
        assert "tests/test_prices.py::test_bread" in str(tried)
        assert "NOT RESOLVED" in (await answer(client, "verify", case=found["case"]["id"]))["verdict"]

    served(tmp_path, talk)

    assert fingerprint(tmp_path / "app") == before


def test_no_tool_and_no_argument_lets_an_assistant_write_into_the_app(tmp_path: Path) -> None:
    write_project(tmp_path / "app", APP)
    before = fingerprint(tmp_path / "app")

    async def talk(client: Client) -> None:
        assert (await client.call_tool("apply", {"case": "newest"})).is_error
        assert "cannot be used as a name" in await refused(client, "importers", module="--format=text")
        assert "cannot be used as a name" in await refused(client, "explain", test=f"--reports-dir={tmp_path / 'app'}")
        assert (await client.call_tool("causes", {"case": "--help"})).is_error

    served(tmp_path, talk)

    assert fingerprint(tmp_path / "app") == before


@pytest.mark.posix("only a sandbox, which is Linux's, keeps code that knows the real path from writing there")
def test_a_patch_whose_code_writes_to_the_real_tree_does_not_reach_it(tmp_path: Path) -> None:
    write_project(tmp_path / "app", APP)
    before = fingerprint(tmp_path / "app")
    real = tmp_path / "app" / "planted.py"
    writes = f'\nopen({str(real)!r}, "w").write("planted")\n\n\ndef test_apple'
    harmful = patched("tests/test_prices.py", "\n\n\ndef test_apple", writes)

    async def talk(client: Client) -> None:
        tried = await answer(client, "trial", patch=harmful)
        assert (tried["before"], tried["after"]) == (2, 2)  # the tests of the patched file were collected

    served(tmp_path, talk)

    assert not real.exists()
    assert fingerprint(tmp_path / "app") == before


def test_apply_is_offered_when_the_user_allows_it(tmp_path: Path) -> None:
    write_project(tmp_path / "app", APP)

    async def talk(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        annotations = tools["apply"].annotations
        assert annotations
        assert annotations.destructive_hint
        assert "no case" in await refused(client, "apply", case="newest")

    served(tmp_path, talk, "--allow-apply")
