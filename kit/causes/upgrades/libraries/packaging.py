"""What releases of packaging broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="packaging-legacy-version",
        library="packaging",
        last_good="21.3",
        first_bad="22.0",
        kind="default-changed",
        error=r"InvalidVersion: Invalid version: '",
        cause="a version that PEP 440 does not allow is refused",
        before='parse("nightly")',
        after="try: parse(name), except InvalidVersion",
        both=True,
        source="https://github.com/pypa/packaging/blob/main/CHANGELOG.rst",
        uses=("packaging.version.parse()",),
        visible=False,
    ),
)
