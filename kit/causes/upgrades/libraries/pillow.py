"""What releases of pillow broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pillow-antialias",
        library="pillow",
        last_good="9.5.0",
        first_bad="10.0.0",
        kind="name-gone",
        error=r"AttributeError: module 'PIL\.Image' has no attribute '(?:ANTIALIAS|LINEAR|CUBIC)'",
        cause="old names of filters are gone",
        before="Image.ANTIALIAS",
        after="Image.LANCZOS",
        both=True,
        source="https://github.com/python-pillow/Pillow/blob/main/docs/releasenotes/10.0.0.rst",
        uses=(
            "PIL.Image.ANTIALIAS",
            "PIL.Image.LINEAR",
            "PIL.Image.CUBIC",
        ),
        modules=("PIL",),
        forewarns=r"ANTIALIAS is deprecated and will be removed in Pillow 10",
        edits={
            "PIL.Image.ANTIALIAS": "PIL.Image:LANCZOS",
            "PIL.Image.LINEAR": "PIL.Image:BILINEAR",
            "PIL.Image.CUBIC": "PIL.Image:BICUBIC",
        },
    ),
    Breakage(
        id="pillow-textsize",
        library="pillow",
        last_good="9.5.0",
        first_bad="10.0.0",
        kind="name-gone",
        error=(
            r"AttributeError: '(?:ImageDraw|FreeTypeFont|ImageFont)' object has no attribute '(?:textsize|getsize)'"
        ),
        cause="the size of a text is found by `textbbox`, `textlength` and `getbbox`",
        before='draw.textsize("a")',
        after='draw.textbbox((0, 0), "a")',
        both=True,
        source="https://github.com/python-pillow/Pillow/blob/main/docs/releasenotes/10.0.0.rst",
        uses=(
            ".textsize()",
            ".getsize()",
        ),
        modules=("PIL",),
        forewarns=r"textsize is deprecated and will be removed in Pillow 10",
    ),
)
