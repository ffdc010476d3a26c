"""The check of a cause is a command that can work: a file that cannot be collected alone is collected with others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kit.causes.building import RUN
from kit.facts.causes import Cause
from kit.facts.suite import SuiteFacts
from kit.wire.short_ids import is_short_id, short_id


def check_with_the_others(causes: Iterable[Cause], suite: SuiteFacts) -> Iterator[Cause]:
    """The causes; a check that would run such a file alone names the test by its short id, for which kit collects the
    whole suite.
    """
    paths = {result.nodeid: result.path for result in suite.results}
    for cause in causes:
        *command, nodeid = cause.next_step.argv or ("",)
        path = paths.get(nodeid, "")
        if tuple(command) != (*RUN, "--") or path not in suite.not_alone or is_short_id(nodeid):
            yield cause
            continue
        told = (
            f"{cause.next_step.text} {path} cannot be collected alone ({suite.not_alone[path]}): "
            f"the command names {nodeid.partition('::')[2]} by its short id, so that kit collects all others too."
        )
        name = next(iter(suite.runnable(nodeid)))
        step = replace(
            cause.next_step, text=told.strip(), argv=(*command, name if is_short_id(name) else short_id(nodeid))
        )
        yield replace(cause, next_step=step)
