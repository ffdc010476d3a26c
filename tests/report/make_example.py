"""Makes ``reports/example`` anew: the demo's report as a page, as Markdown, and its first screen as a picture.

Called by ``make example``. With a folder of reports and a case it takes that case instead of investigating the demo.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kit.case import CaseOptions, Investigation
from kit.facts.case import CaseFacts
from kit.report import write_report
from kit.suite import read_timeline
from tests.report.numbers import all_differences

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "reports" / "example"
#: the final trial runs every test too, which takes a while
_BUDGET_S = 1500


def main(arguments: list[str]) -> None:
    """Write the example."""
    with tempfile.TemporaryDirectory() as folder:
        reports, case = arguments or [folder, "demo"]
        if not arguments:
            budget = ["--trial-budget-s", str(_BUDGET_S), "--reports-dir", reports]
            subprocess.run([sys.executable, "-m", "kit", "investigate", "--demo", "--case", case, *budget], check=False)
        investigation = Investigation.resume(case, CaseOptions.of(reports_dir=reports))
        facts = replace(investigation.facts, timeline=read_timeline(investigation.events))
        write_report(facts, Path(folder) / "written")
        if wrong := "\n".join(all_differences(Path(folder) / "written", Path(reports) / "kit.sqlite")):
            sys.exit(f"The numbers of the report differ:\n{wrong}")
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in ("incident.html", "incident.md"):
            text = (Path(folder) / "written" / name).read_text(encoding="utf-8")
            (FOLDER / name).write_text(without_places(text, facts, reports), encoding="utf-8")
    take_picture(FOLDER / "incident.html", FOLDER / "first-screen.png")


def without_places(text: str, facts: CaseFacts, reports: str) -> str:
    """The report without the folders of the machine that made it."""
    for folder, name in _places(facts, reports):
        text = text.replace(folder, name)
    return text


def _places(facts: CaseFacts, reports: str) -> Iterator[tuple[str, str]]:
    target = facts.case.target
    for folder in (str(facts.case.parameters.get("reports_dir") or ""), str(Path(reports).resolve())):
        if folder:
            yield folder, "reports"
    yield target.root, "/home/dev/trading-platform"
    if target.interpreter:
        yield str(Path(target.interpreter.executable).parents[1]), "/home/dev/.venv"
    yield sys.prefix, "/home/dev/.venv"
    yield sys.base_prefix, "/usr/local"
    yield str(ROOT), "/home/dev/incident-kit"


def take_picture(page: Path, picture: Path) -> None:
    """The first screen of a laptop; without Chromium the old picture stays."""
    if browser := shutil.which("chromium"):
        look = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,800"]
        look += ["--virtual-time-budget=5000"]  # the buttons come when the texts that they copy are unpacked
        subprocess.run([browser, *look, f"--screenshot={picture}", page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main(sys.argv[1:])
