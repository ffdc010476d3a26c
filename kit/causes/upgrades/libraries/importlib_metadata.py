"""What releases of importlib-metadata broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="importlib-metadata-entry-points-get",
        library="importlib-metadata",
        last_good="4.13.0",
        first_bad="5.0.0",
        kind="name-gone",
        error=r"AttributeError: 'EntryPoints' object has no attribute 'get'",
        cause="entry points are found by `group=` and not by `get`",
        before='entry_points().get("pytest11")',
        after='entry_points(group="pytest11")',
        both=True,
        source="https://github.com/python/importlib_metadata/blob/main/NEWS.rst",
        uses=(
            "importlib_metadata.entry_points().get",
            "importlib.metadata.entry_points().get",
        ),
        modules=(
            "importlib_metadata",
            "importlib",
        ),
        forewarns=r"SelectableGroups dict interface is deprecated",
    ),
)
