"""What releases of markupsafe broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="markupsafe-soft-unicode",
        library="markupsafe",
        last_good="2.0.1",
        first_bad="2.1.0",
        kind="name-gone",
        error=r"ImportError: cannot import name 'soft_unicode' from 'markupsafe'",
        cause="`soft_unicode` is called `soft_str`",
        before="from markupsafe import soft_unicode",
        after="from markupsafe import soft_str",
        both=True,
        source="https://github.com/pallets/markupsafe/blob/main/CHANGES.rst",
        uses=("markupsafe.soft_unicode",),
        forewarns=r"'soft_unicode' has been renamed",
        edits={
            "markupsafe.soft_unicode": "markupsafe:soft_str",
        },
    ),
)
