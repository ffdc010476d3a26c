"""What releases of jupyter-events broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="jupyter-events-version-text",
        library="jupyter-events",
        last_good="0.10.0",
        first_bad="0.11.0",
        kind="warning-as-error",
        error=r"JupyterEventsVersionWarning: The `version` property of an event schema must be a string",
        cause="the version of an event schema is a text; jupyter-server 2.14 and earlier write a number",
        before='EventSchema({"version": 1, ...})',
        after='EventSchema({"version": "1", ...})',
        both=False,
        source="https://github.com/jupyter/jupyter_events/pull/104",
    ),
)
