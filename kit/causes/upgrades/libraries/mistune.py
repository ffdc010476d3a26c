"""What releases of mistune broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="mistune-atx-heading",
        library="mistune",
        last_good="3.0.2",
        first_bad="3.1.0",
        kind="name-gone",
        error=r"AttributeError: '\w+' object has no attribute 'parse_axt_heading'",
        cause="the rule of headings is called `atx_heading`; nbconvert before 7.16.5 has a parser with the old name",
        before='SPECIFICATION = {**BlockParser.SPECIFICATION, "axt_heading": PATTERN}',
        after='SPECIFICATION = {**BlockParser.SPECIFICATION, "atx_heading": PATTERN}',
        both=False,
        source="https://github.com/lepture/mistune/pull/359",
    ),
)
