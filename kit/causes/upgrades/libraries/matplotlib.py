"""What releases of Matplotlib broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="matplotlib-get-cmap",
        library="matplotlib",
        last_good="3.10.9",
        first_bad="3.11.0",
        kind="name-gone",
        error=r"AttributeError: module 'matplotlib\.cm' has no attribute 'get_cmap'",
        cause="colour maps are found by their names in one mapping",
        before='matplotlib.cm.get_cmap("viridis")',
        after='matplotlib.colormaps["viridis"]',
        both=True,
        uses=("matplotlib.cm.get_cmap",),
        forewarns=r"The get_cmap function was deprecated in Matplotlib 3\.7",
        source="https://matplotlib.org/3.11.0/api/next_api_changes/removals/30005-DS.html",
    ),
)
