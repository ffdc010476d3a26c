"""What releases of SciPy broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="scipy-numpy-names",
        library="scipy",
        last_good="1.11.4",
        first_bad="1.12.0",
        kind="name-gone",
        error=(
            r"AttributeError: [Mm]odule 'scipy' has no attribute "
            r"'(?:pi|inf|nan|errstate|sqrt|log|exp|array|rand|randn)'"
        ),
        cause="the names of NumPy are not handed on by SciPy any more",
        before="scipy.pi",
        after="numpy.pi",
        both=True,
        uses=(
            "scipy.pi",
            "scipy.inf",
            "scipy.nan",
            "scipy.errstate",
            "scipy.sqrt",
            "scipy.log",
            "scipy.exp",
            "scipy.array",
            "scipy.rand",
            "scipy.randn",
        ),
        edits={
            "scipy.pi": "numpy:pi",
            "scipy.inf": "numpy:inf",
            "scipy.nan": "numpy:nan",
            "scipy.errstate": "numpy:errstate",
        },
    ),
)
