"""What releases of pendulum broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pendulum-period",
        library="pendulum",
        last_good="2.1.2",
        first_bad="3.0.0",
        kind="name-gone",
        error=r"AttributeError: module 'pendulum' has no attribute 'period'",
        cause="`period` is called `interval`",
        before="pendulum.period(start, end)",
        after="pendulum.interval(start, end)",
        both=False,
        source="https://github.com/python-pendulum/pendulum/blob/master/CHANGELOG.md",
        uses=("pendulum.period",),
        edits={
            "pendulum.period": "pendulum:interval",
        },
    ),
)
