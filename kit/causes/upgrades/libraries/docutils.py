"""What releases of Docutils broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="docutils-contents-link",
        library="docutils",
        last_good="0.20.1",
        first_bad="0.21",
        kind="other-result",
        error=r'AssertionError: [\s\S]*topic-title">(?:Contents|<a [^>]*href="#(?:top|contents))',
        cause="the heading of a table of contents in HTML is a link to the top of the page",
        before="assert '<p class=\"topic-title\">Contents</p>' in page",
        after="assert 'class=\"topic-title\"' in page",
        both=True,
        needs_move=True,
    ),
)
