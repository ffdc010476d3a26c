"""What releases of NetworkX broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="networkx-info",
        library="networkx",
        last_good="2.8.8",
        first_bad="3.0",
        kind="name-gone",
        error=r"AttributeError: module 'networkx' has no attribute 'info'",
        cause="the description of a graph is its text",
        before="networkx.info(graph)",
        after="str(graph)",
        both=True,
        source="https://github.com/networkx/networkx/pull/5759",
        uses=("networkx.info",),
        forewarns=r"DeprecationWarning: info is deprecated and will be removed in version 3\.0",
    ),
    Breakage(
        id="networkx-numpy-matrix",
        library="networkx",
        last_good="2.8.8",
        first_bad="3.0",
        kind="name-gone",
        error=r"AttributeError: module 'networkx' has no attribute '(?:from|to)_numpy_matrix'",
        cause="the functions for matrices of NumPy are gone",
        before="networkx.from_numpy_matrix(matrix)",
        after="networkx.from_numpy_array(array)",
        both=True,
        source="https://networkx.org/documentation/networkx-3.1/release/migration_guide_from_2.x_to_3.0.html",
        uses=("networkx.from_numpy_matrix", "networkx.to_numpy_matrix"),
        forewarns=r"(?:from|to)_numpy_matrix is deprecated and will be removed in NetworkX 3\.0",
        edits={
            "networkx.from_numpy_matrix": "networkx:from_numpy_array",
            "networkx.to_numpy_matrix": "networkx:to_numpy_array",
        },
    ),
)
