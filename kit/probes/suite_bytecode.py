"""What Python and pytest compile of the target while it is collected stays beside its files, in kit's private copy of
the tree, as in any other run: kit gives it back the next time. Nothing is written anywhere else.
"""

import importlib.machinery
import os
import sys

LOADER = importlib.machinery.SourceFileLoader


class OwnBytecode:
    """Lets bytecode be written below ``root`` from :meth:`begin` to :meth:`end`."""

    def __init__(self, root):
        self._inside = os.path.join(root, "")
        self._usual = sys.dont_write_bytecode
        self._hooks = []

    def begin(self):
        if sys.pycache_prefix is None:
            usual_get_code = LOADER.get_code
            LOADER.get_code = lambda this, name: self._call(this.path, usual_get_code, this, name)

    def cover(self, finders):
        """pytest's own import hook compiles too: it rewrites test modules. It is there once pytest has begun."""
        for hook in finders if sys.pycache_prefix is None else ():
            if type(hook).__name__ == "AssertionRewritingHook":
                self._cover(hook)

    def _cover(self, hook):
        usual = hook.exec_module
        hook.exec_module = lambda module: self._call(module.__spec__.origin, usual, module)
        self._hooks.append(hook)

    def end(self):
        LOADER.__dict__.get("get_code") and delattr(LOADER, "get_code")
        for hook in self._hooks:
            del hook.exec_module
        sys.dont_write_bytecode = self._usual

    def _call(self, path, function, *arguments):
        """A module that is imported on the way decides for itself, so the one around it decides again afterwards."""
        before = sys.dont_write_bytecode
        sys.dont_write_bytecode = self._usual and not str(path).startswith(self._inside)
        try:
            return function(*arguments)
        finally:
            sys.dont_write_bytecode = before
