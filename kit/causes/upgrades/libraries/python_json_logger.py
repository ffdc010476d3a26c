"""What releases of python-json-logger broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="python-json-logger-module",
        library="python-json-logger",
        last_good="3.0.1",
        first_bad="3.1.0",
        kind="name-gone",
        error=(
            r"ModuleNotFoundError: No module named 'pythonjsonlogger\.jsonlogger'|"
            r"DeprecationWarning: pythonjsonlogger\.jsonlogger has been moved to pythonjsonlogger\.json"
        ),
        cause="the module `jsonlogger` is called `json`; later releases have it again, with a warning",
        before="from pythonjsonlogger import jsonlogger",
        after="from pythonjsonlogger import json",
        both=True,
        source="https://github.com/nhairs/python-json-logger/blob/main/docs/changelog.md",
        uses=("pythonjsonlogger.jsonlogger*",),
        modules=("pythonjsonlogger",),
    ),
)
