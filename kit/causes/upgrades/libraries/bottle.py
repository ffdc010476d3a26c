"""What releases of bottle broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="bottle-invalid-json",
        library="bottle",
        last_good="0.12.25",
        first_bad="0.13.0",
        kind="default-changed",
        error=(
            r"HTTPError: .*Invalid JSON|HTTPError: \(400|AssertionError: .*\bassert 400 ==|"
            r"JSONDecodeError: Expecting value: line 1 column 1 \(char 0\)"
        ),
        cause="broken JSON in a request raises bottle's HTTPError (status 400, as HTML) in place of ValueError",
        before="except ValueError:",
        after="except (ValueError, bottle.HTTPError):",
        both=True,
        uses=(
            ".json",
            "bottle.HTTPError",
        ),
        lines="imported",
        visible=False,
    ),
)
