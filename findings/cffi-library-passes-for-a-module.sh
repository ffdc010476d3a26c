#!/usr/bin/env bash
# cffi 2.1.1: a compiled library in sys.modules passes for a module, and is none.
#
# Guess: what `isinstance(…, types.ModuleType)` and `inspect.ismodule` accept can be read by what ModuleType itself has.
# Seen: both accept it, since its `__class__` says so; its type is another one, and `ModuleType.__getattribute__` refuses it.
# Who walks sys.modules (tools that compare or reload modules) has to ask `type(…)`.
# https://cffi.readthedocs.io/en/stable/using.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check cffi==2.1.1 argon2-cffi-bindings==25.1.0
venv/bin/python - <<'PY' | tee seen.txt
import inspect
import sys
import types

from _argon2_cffi_bindings import lib

library = sys.modules["_ffi.lib"]
print("the same:", library is lib)
print("isinstance:", isinstance(library, types.ModuleType), inspect.ismodule(library))
print("type:", issubclass(type(library), types.ModuleType), type(library).__name__)
try:
    types.ModuleType.__getattribute__(library, "__dict__")
except TypeError as error:
    print("TypeError:", "requires a 'module' object" in str(error))
PY
diff seen.txt - <<'SEEN'
the same: True
isinstance: True True
type: False Lib
TypeError: True
SEEN
