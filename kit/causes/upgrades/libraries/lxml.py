"""What releases of lxml broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="lxml-html-clean",
        library="lxml",
        last_good="5.1.1",
        first_bad="5.2.0",
        kind="name-gone",
        error=r"ImportError: lxml\.html\.clean module is now a separate project",
        cause="`lxml.html.clean` is a package of its own",
        before="from lxml.html.clean import Cleaner",
        after="from lxml_html_clean import Cleaner  # of lxml-html-clean",
        both=True,
        source="https://github.com/lxml/lxml/blob/master/CHANGES.txt",
        uses=(
            "lxml.html.clean",
            "lxml.html.clean.*",
        ),
    ),
)
