"""What releases of pytest broke in plugins, before the first test."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pytest-option-destination",
        library="pytest",
        last_good="9.1.1",
        first_bad="9.2.0",
        kind="signature-changed",
        error=r"ValueError: option dest '\w+' already used by",
        cause=(
            "an option may not land by its name alone where another one does: both have to say `dest`; "
            "pytest-tap 3.5 and earlier do not"
        ),
        before='parser.addoption("--tap-stream")  # beside one with dest="tap_stream"',
        after='parser.addoption("--tap-stream", dest="tap_stream")  # in a plugin of others: -p no:tap until it does',
        both=True,
        visible=False,
    ),
)
