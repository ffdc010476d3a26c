"""The stages of a case in a core installation: the same calls that the notebooks make, without kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from kit.case.investigation import Investigation
from kit.facts.errors import StoreError
from kit.facts.kinds import StageName

#: what brings the notebooks, as the end of a sentence
NEEDED: Final = "pip install 'incident-kit[jupyter]'"


def run_without_notebook(
    investigation: Investigation, stage: StageName, display: Callable[[], Any], announce: Callable[[str], None]
) -> None:
    """Run one stage in this process. What goes wrong is recorded as its failure, and the next one can run all the same.

    Raises ``StoreError``, and what does not come from the stage, such as ``KeyboardInterrupt``.
    """

    def run_tests() -> None:
        with display() as shown:
            investigation.run_tests(shown)

    calls: dict[StageName, Callable[[], object]] = {
        "mapper_registry": investigation.map_registry,
        "import_graph": investigation.read_imports,
        "test_batches": run_tests,
        "failure_categories": investigation.diagnose,
        "fix_trials": lambda: investigation.try_fixes(lambda line: announce(f"    {line}")),
        "incident_report": investigation.write_report,
    }
    try:
        calls[stage]()
    except StoreError:
        raise
    except Exception:  # noqa: BLE001, S110  # the record of the stage has the error, and the report shows it
        pass
