"""Makes every interpreter that is started with this folder on its path see what Windows has."""

import os
import types

_path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "like_windows.py")  # noqa: PTH100, PTH118, PTH120
_module = types.ModuleType("like_windows")
_module.__file__ = _path
with open(_path, encoding="utf-8") as _source:  # noqa: PTH123
    # a tool that measures lines takes this for no file of an app
    exec(compile(_source.read(), "<like windows>", "exec"), vars(_module))
_module.begin()
