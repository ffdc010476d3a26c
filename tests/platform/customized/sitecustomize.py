"""Makes every interpreter that is started with this folder on its path see what Windows has."""

import importlib.util
import os

_path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "like_windows.py")  # noqa: PTH100, PTH118, PTH120
_spec = importlib.util.spec_from_file_location("like_windows", _path)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
_module.begin()
