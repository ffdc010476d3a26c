"""Facts as text for other programs and for people: one module a format."""

from kit.cli.formats.github import github
from kit.cli.formats.json_parts import findings_json, run_json
from kit.cli.formats.junit import junit
from kit.cli.formats.sarif import sarif
from kit.cli.formats.text import findings_text, run_text

FINDING_FORMATS = {"text": findings_text, "json": findings_json, "sarif": sarif, "github": github}
RUN_FORMATS = {"text": run_text, "json": run_json, "junit": junit}

__all__ = ["FINDING_FORMATS", "RUN_FORMATS"]
