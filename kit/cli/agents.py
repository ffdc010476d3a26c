"""``kit agents``: how an assistant uses kit, for a project's ``AGENTS.md``."""

from __future__ import annotations

import click

from kit.cli.exit_codes import ExitCode

TEXT = """\
## Broken tests: use kit

kit explains a broken test suite by its causes. Only `kit apply` and `kit baseline` change files of the project.

1. What the source shows, in a second or two: `kit scan . --format json`
2. Run the whole suite in a protected copy and name the causes: `kit run . --format json`
3. The causes of a case with evidence, as JSON: `kit cases . --format json`, then `kit show CASE --format json`
4. All that is known of one test: `kit explain NODEID --format json`
5. All places that import a module or a name: `kit importers . MODULE:NAME --format json`
6. Try a patch on every test, in a scratch copy, before you write it: `kit trial . --patch FILE --format json`
7. After the fix: `kit verify CASE` prints RESOLVED, or what is left.

Fix the first cause first: later ones may follow from it. After an edit, `kit run --failed CASE` runs what failed.
Exit codes: 0 nothing found, 1 something found, 2 wrong use, 3 could not be investigated, 4 kit failed, 5 interrupted.
"""


@click.command()
def command() -> int:
    """Print how an assistant uses kit, in a few lines for the file AGENTS.md of a project."""
    click.echo(TEXT, nl=False)
    return ExitCode.NOTHING_FOUND
