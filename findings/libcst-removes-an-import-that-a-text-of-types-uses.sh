#!/usr/bin/env bash
# libcst 1.9.0: the codemod for unused imports takes away the one that a written-out type alias or a functional NamedTuple needs.
#
# Guess: a name in a text that the typing rules read as a type counts as used everywhere.
# Seen: it counts in annotations, in `cast`, `NewType` and `TypeVar(bound=...)`. It does not in `X: TypeAlias = "..."`, in the
# functional forms of NamedTuple and TypedDict, so `typing.get_type_hints` of the new module raises NameError; nor in
# `__all__.extend([...])`, though `__all__ += [...]` counts.
# Not found in the documentation: https://libcst.readthedocs.io/en/latest/codemods.html#libcst.codemod.commands.remove_unused_imports
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check libcst==1.9.0
cat > remove.py <<'PY'
import libcst
from libcst.codemod import CodemodContext
from libcst.codemod.commands.remove_unused_imports import RemoveUnusedImportsCommand

USES = {
    "annotation": "price: 'Decimal | None' = None",
    "cast": "from typing import cast\nprice = cast('Decimal', 1)",
    "NewType": "from typing import NewType\nPrice = NewType('Price', 'Decimal')",
    "TypeVar": "from typing import TypeVar\nT = TypeVar('T', bound='Decimal')",
    "__all__ +=": "__all__ = []\n__all__ += ['Decimal']",
    "TypeAlias": "from typing import TypeAlias\nPrice: TypeAlias = 'Decimal | None'",
    "NamedTuple": "from typing import NamedTuple\nLine = NamedTuple('Line', [('price', 'Decimal')])",
    "TypedDict": "from typing import TypedDict\nLine = TypedDict('Line', {'price': 'Decimal'})",
    "__all__.extend": "__all__ = []\n__all__.extend(['Decimal'])",
}
for name, use in USES.items():
    module = libcst.parse_module(f"from decimal import Decimal\n{use}\n")
    code = RemoveUnusedImportsCommand(CodemodContext()).transform_module(module).code
    print(f"{name}:", "kept" if "import Decimal" in code else "removed")
PY
venv/bin/python remove.py | tee seen.txt
diff seen.txt - <<'SEEN'
annotation: kept
cast: kept
NewType: kept
TypeVar: kept
__all__ +=: kept
TypeAlias: removed
NamedTuple: removed
TypedDict: removed
__all__.extend: removed
SEEN
