"""What releases of markdown broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="markdown-etree",
        library="markdown",
        last_good="3.3.7",
        first_bad="3.4",
        kind="name-gone",
        error=r"ImportError: cannot import name 'etree' from 'markdown\.util'",
        cause="the module of the tree is the one of the standard library",
        before="from markdown.util import etree",
        after="from xml.etree import ElementTree as etree",
        both=True,
        source="https://python-markdown.github.io/changelog/",
        uses=("markdown.util.etree",),
        forewarns=r"'etree' is deprecated\. Use 'xml\.etree\.ElementTree'",
        edits={
            "markdown.util.etree": "xml.etree:ElementTree",
        },
    ),
)
