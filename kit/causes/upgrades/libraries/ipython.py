"""What releases of IPython broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="ipython-core-display",
        library="ipython",
        last_good="8.39.0",
        first_bad="9.0.0",
        kind="name-gone",
        error=r"ImportError: cannot import name '\w+' from 'IPython\.core\.display'",
        cause="what shows things in a notebook is imported from `IPython.display`",
        before="from IPython.core.display import display",
        after="from IPython.display import display",
        both=True,
        source="https://github.com/microsoft/iqsharp/issues/591",
        uses=("IPython.core.display.display",),
        modules=("IPython",),
        forewarns=r"Importing \w+ from IPython\.core\.display is deprecated since IPython 7\.14",
        edits={
            "IPython.core.display.display": "IPython.display:display",
        },
    ),
)
