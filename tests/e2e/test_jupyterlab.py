"""The notebooks in a real JupyterLab in a real browser: opened by ``kit lab``, run top to bottom.

What they do with other kinds of apps needs no browser: ``tests/notebooks``.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from kit.case.kernels import notebooks_folder
from kit.cli.lab import copy_notebooks
from kit.facts.case import NOTEBOOKS
from kit.target import kill_tree
from tests.notebooks.kinds import prepare

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A running ``kit lab`` in a fresh folder, its notebooks set to a small app with a test that fails."""
    here = tmp_path_factory.mktemp("lab")
    prepare("failing", here)
    copy_notebooks(notebooks_folder(), here)
    for notebook in here.glob("*.ipynb"):  # as a user would set them, before they are opened
        text = notebook.read_text()
        assert 'target: str = \\".\\"' in text
        notebook.write_text(text.replace('target: str = \\".\\"', 'target: str = \\"app\\"'))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = ["--no-browser", f"--port={port}", "--IdentityProvider.token=", "--allow-root"]
    server = subprocess.Popen(
        [sys.executable, "-m", "kit", "lab", "--", *options],
        cwd=here,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_it_answers(url)
        yield url, here
    finally:
        kill_tree(server.pid)
        server.wait()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(f"{url}/api/status", timeout=5).close()
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < deadline, "JupyterLab did not start"
            time.sleep(0.2)
        else:
            return


def wait_for_its_kernel(url: str, path: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        with urllib.request.urlopen(f"{url}/api/sessions", timeout=5) as answer:
            kernels = [session["kernel"] for session in json.load(answer) if session["path"] == path]
        if any(kernel["execution_state"] == "idle" and kernel["connections"] for kernel in kernels):
            return
        assert time.monotonic() < deadline, f"the kernel of {path} did not start"
        time.sleep(0.2)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_from_top_to_bottom(lab: tuple[str, Path], page: Page, name: str) -> None:
    url, here = lab
    cells = json.loads((here / f"{name}.ipynb").read_text())["cells"]
    codes = sum(cell["cell_type"] == "code" for cell in cells)

    page.goto(f"{url}/lab/workspaces/{name}/tree/{name}.ipynb")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    wait_for_its_kernel(url, f"{name}.ipynb")  # or JupyterLab asks which one to use
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()

    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    expect(prompts.nth(codes - 1)).to_have_text(re.compile(r"\[\d+\]:"), timeout=120_000)
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert page.locator(".kit-r .kit-a").count() >= 4  # the answer, and three to ask next


def test_the_report_they_made_is_there(lab: tuple[str, Path]) -> None:
    _, here = lab
    (report,) = (here / "reports").glob("*/incident.json")  # of the one case that all notebooks work on
    accounting = json.loads(report.read_text())["accounting"]

    assert (accounting["passed"], accounting["failed"]) == (1, 1)
