"""What releases of python-multipart broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="multipart-module-renamed",
        library="python-multipart",
        last_good="0.0.12",
        first_bad="0.0.13",
        kind="warning-as-error",
        error=r"(?:PendingDeprecation|Future)Warning: Please use `import python_multipart` instead",
        cause="the module is called `python_multipart`",
        before="import multipart",
        after="import python_multipart",
        both=False,
        source="https://github.com/Kludex/python-multipart/blob/main/CHANGELOG.md",
        uses=(
            "multipart",
            "multipart.multipart*",
            "multipart.decoders*",
            "multipart.exceptions*",
            "multipart.create_form_parser",
            "multipart.parse_form",
            "multipart.FormParser",
            "multipart.QuerystringParser",
        ),
        modules=("multipart",),
        edits={
            "multipart": "python_multipart:",
            "multipart.multipart.*": "python_multipart.multipart:*",
            "multipart.decoders.*": "python_multipart.decoders:*",
            "multipart.exceptions.*": "python_multipart.exceptions:*",
            "multipart.create_form_parser": "python_multipart:create_form_parser",
            "multipart.parse_form": "python_multipart:parse_form",
            "multipart.FormParser": "python_multipart:FormParser",
            "multipart.QuerystringParser": "python_multipart:QuerystringParser",
        },
    ),
)
