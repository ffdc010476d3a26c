"""How long the report takes to open, against an empty page: ``python tests/bench/page_load.py [REPORT] [--rounds N]``.

Both are opened in turn in a headless Chromium; the first two rounds do not count. *Interactive* is the browser's own
``domInteractive``, *drawn* its first paint, *CPU* the processor time of its main thread until then. Then words are
typed into the search of all tests, each timed until the table is drawn.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
_EMPTY = "<!doctype html><title>empty</title><p>nothing</p>"
_NOT_COUNTED = 2
_WORDS = ("user", "order total", "test_login", "zzz", "a")
_DRAWN = """new Promise((done) => {
    const watcher = new PerformanceObserver((list) => done(list.getEntries()[0].startTime));
    watcher.observe({ type: "paint", buffered: true });
})"""
_SEARCH = """word => {
    const search = document.getElementById("test-search"), began = performance.now();
    search.value = word;
    search.dispatchEvent(new Event("input"));
    document.body.offsetHeight;
    return performance.now() - began;
}"""


def main() -> None:
    """Measure round by round and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path, nargs="?", default=ROOT / "reports/example/incident.html")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder, "empty.html")
        empty.write_text(_EMPTY, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        costs = [
            (_opened(browser, empty), _opened(browser, options.report.resolve()))
            for _ in range(_NOT_COUNTED + options.rounds)
        ][_NOT_COUNTED:]
        for number, name in enumerate(("interactive", "drawn", "CPU")):
            pairs = [(one[number], two[number]) for one, two in costs]
            ratio = statistics.median(report / nothing for nothing, report in pairs)
            nothing, report = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(f"{name}: {report:.0f} ms against {nothing:.0f} ms, ratio {ratio:.2f}")
        page = browser.new_page()
        page.goto(options.report.resolve().as_uri())
        page.locator("body[data-ready]").wait_for()
        times = [page.evaluate(_SEARCH, word) for word in _WORDS for _ in range(5)]
        print(f"search: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms")
        browser.close()


def _opened(browser: Browser, path: Path) -> tuple[float, float, float]:
    """Milliseconds until the page is interactive, until it is drawn, and of its main thread's processor time."""
    page: Page = browser.new_page(viewport={"width": 1280, "height": 800})
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri())
    drawn = page.evaluate(_DRAWN)
    values = {one["name"]: one["value"] for one in metrics.send("Performance.getMetrics")["metrics"]}
    interactive = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    page.close()
    return float(interactive), float(drawn), 1000 * float(values["TaskDuration"])


if __name__ == "__main__":
    main()
