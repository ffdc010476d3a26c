"""What a name in a module stands for, followed through imports, aliases and re-exports. Nothing is executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from kit.inventory.names.modules import Modules
from kit.inventory.source.records import Binding, ClassRecord, FileRecord, Import, Load

#: what runs when the module is imported, so that others can take the name from it
BINDING_SCOPES = frozenset({"module", "try"})


@dataclass(frozen=True)
class Origin:
    """Where a name was defined. ``name`` is ``""`` for a module. Of a library only the dotted whole is certain: where
    its module ends and the name in it begins is not looked up.
    """

    module: str
    name: str = ""

    @property
    def dotted(self) -> str:
        """``module.name``."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True)
class Imported:
    """A name that an import binds: a module (``name`` is ``None``), or a name of one."""

    module: str
    name: str | None


class Names:
    """The namespaces of the target's modules, as far as source tells."""

    def __init__(self, files: Sequence[FileRecord], modules: Modules) -> None:
        self.modules = modules
        self.files = {modules.names[file.path]: file for file in files if file.path in modules.names}
        self.classes: dict[tuple[str, str], ClassRecord] = {
            (module, record.qualname): record for module, file in self.files.items() for record in file.classes
        }
        self._spaces: dict[str, dict[str, Imported | Binding]] = {}
        self._found: dict[tuple[str, str], Origin | None] = {}
        self._local: dict[str, dict[str, Imported]] = {}
        self._whole: dict[str, bool] = {}
        self._texts: dict[str, dict[str, str | None]] = {}

    def resolve(self, module: str, dotted: str, *, in_function: bool = False) -> Origin:
        """What ``dotted``, written in ``module``, stands for; a name that nothing binds stays one of ``module``.

        ``in_function`` takes what the module's functions import as well, where the module itself binds no such name.
        """
        head, *rest = dotted.split(".")
        called = head.endswith("()")
        name = head.removesuffix("()")
        origin = self.find(module, name) or (self._imported_in_functions(module, name) if in_function else None)
        origin = origin or Origin(module, name)
        if called:
            origin = Origin(origin.module, f"{origin.name}()")
        for part in rest:
            origin = self._attribute(origin, part)
        return origin

    def find(self, module: str, name: str) -> Origin | None:
        """What ``module.name`` is: a definition, a submodule, or ``None`` when nothing says."""
        key = (module, name)
        if key not in self._found:
            self._found[key] = None  # an import cycle ends here
            self._found[key] = self._find(module, name)
        return self._found[key]

    def exports(self, module: str, name: str) -> bool:
        """Whether a star import of ``module`` binds ``name``."""
        file = self.files.get(module)
        if file is None:
            return False
        if file.exports is not None:
            return name in file.exports
        return not name.startswith("_") and self.find(module, name) is not None

    def shows_all(self, module: str) -> bool:
        """Whether source shows every name that a module of the target has."""
        if module not in self._whole:
            self._whole[module] = True  # two modules may star-import each other
            self._whole[module] = self._shows_all(module)
        return self._whole[module]

    def call_of(self, origin: Origin) -> Origin | None:
        """What was called to make the module-level value that an origin names: ``declarative_base`` for ``Base``."""
        binding = self._space(origin.module).get(origin.name)
        if isinstance(binding, Binding) and binding.kind == "call" and binding.reference:
            return self.resolve(origin.module, binding.reference)
        return None

    def takes_arguments(self, origin: Origin) -> bool:
        """Whether the call that made the module-level value has arguments, which are not read."""
        binding = self._space(origin.module).get(origin.name)
        return isinstance(binding, Binding) and binding.kind == "call" and not binding.bare

    def text_of(self, origin: Origin) -> str | None:
        """The text (a template) that a module gives a name; ``None`` where it gives none, or several."""
        if origin.module not in self._texts:
            file = self.files.get(origin.module)
            self._texts[origin.module] = _texts(file.bindings) if file else {}
        return self._texts[origin.module].get(origin.name)

    def loaded_package(self, module: str, load: Load) -> str | None:
        """The package of the target that the code of a module loads whole."""
        if load.kind == "package":
            return self.modules.canonical(load.name) if self.modules.is_own(load.name) else None
        return self._package_called(module, load.name) if load.kind == "folder" else None

    @cached_property
    def extended(self) -> frozenset[str]:
        """The packages of the target that get further folders while the target runs."""
        return self._changed("extended")

    @cached_property
    def filled(self) -> frozenset[str]:
        """The modules of the target to which other code gives names: ``setattr(module, name, value)``."""
        return self._changed("filled")

    def _changed(self, kind: str) -> frozenset[str]:
        loads = ((module, load) for module, file in self.files.items() for load in file.loads if load.kind == kind)
        return frozenset(filter(None, (self._package_called(module, load.name) for module, load in loads)))

    def _package_called(self, module: str, name: str) -> str | None:
        if not name:
            return self.modules.package_of(self.files[module].path) or None
        origin = self.resolve(module, name, in_function=True)
        return origin.dotted if self.modules.is_own(origin.dotted) else None

    def imported(self, module: str, statement: Import) -> Iterator[tuple[str, Imported]]:
        """The names that a statement binds, with what they are; a star binds none by name."""
        path = self.files[module].path
        if statement.kind == "from":
            source = self.modules.source_of(path, statement)
            for item in statement.names if source else ():
                if item.name != "*":
                    yield item.alias or item.name, Imported(str(source), item.name)
        elif statement.kind == "import" or statement.scope == "lazy":
            for item in statement.names:
                if item.alias:
                    yield item.alias, Imported(self.modules.absolute(path, item.name), None)
                else:
                    top = item.name.partition(".")[0]
                    yield top, Imported(top, None)

    def is_lazy(self, module: str, name: str) -> bool:
        """Whether a module's name stands for a module that is imported when it is first used."""
        return (module, name) in self._lazy

    @cached_property
    def _lazy(self) -> frozenset[tuple[str, str | None]]:
        return frozenset(_lazy_names(self.files))

    def taken(self, module: str, imported: Imported) -> Origin:
        """What an import in ``module`` takes. A package that imports from itself means its submodule, whatever it binds
        to that name in the end.
        """
        if imported.name is None:
            return Origin(imported.module)
        submodule = f"{imported.module}.{imported.name}"
        if imported.module == module and self.modules.is_own(submodule):
            return Origin(self.modules.canonical(submodule))
        return self._attribute(Origin(imported.module), imported.name)

    def _shows_all(self, module: str) -> bool:
        file = self.files.get(module)
        if file is None or file.error or file.binds_unseen or module in self.filled:
            return False
        has_any_name = any(binding.name == "__getattr__" for binding in file.bindings)
        return not has_any_name and all(map(self.shows_all, self._stars(file)))

    def _stars(self, file: FileRecord) -> Iterator[str]:
        """The modules that a file takes everything from; ``""`` for one that lies outside."""
        for statement in file.imports:
            if statement.kind == "from" and statement.names[0].name == "*" and statement.scope in BINDING_SCOPES:
                yield self.modules.source_of(file.path, statement) or ""

    def _imported_in_functions(self, module: str, name: str) -> Origin | None:
        if module not in self._local:
            local = [item for item in self.files[module].imports if item.scope == "function"]
            self._local[module] = dict(pair for statement in local for pair in self.imported(module, statement))
        imported = self._local[module].get(name)
        return self.taken(module, imported) if imported else None

    def _find(self, module: str, name: str) -> Origin | None:
        bound = self._space(module).get(name)
        if isinstance(bound, Imported):
            return self.taken(module, bound)
        if bound is not None:
            if bound.kind == "alias" and bound.reference and bound.reference.partition(".")[0] != name:
                return self.resolve(module, bound.reference)
            return Origin(module, name)
        submodule = f"{module}.{name}"
        if self.modules.is_own(submodule):
            return Origin(self.modules.canonical(submodule))
        return self._from_stars(module, name)

    def _from_stars(self, module: str, name: str) -> Origin | None:
        """The name as a star import brings it; of a library's star it is assumed, when nothing else has the name."""
        assumed = None
        file = self.files.get(module)
        for source in filter(None, self._stars(file)) if file else ():
            if self.exports(source, name):
                return self.find(source, name)
            if not self.modules.is_own(source):
                assumed = Origin(source, name)
        return assumed

    def _attribute(self, origin: Origin, part: str) -> Origin:
        """``origin.part``."""
        if origin.name:
            return Origin(origin.module, f"{origin.name}.{part}")
        return self.find(origin.module, part) or Origin(origin.module, part)

    def _space(self, module: str) -> dict[str, Imported | Binding]:
        if module not in self._spaces:
            self._spaces[module] = self._make_space(module) if module in self.files else {}
        return self._spaces[module]

    def _make_space(self, module: str) -> dict[str, Imported | Binding]:
        """The last binding of a name counts, but a fallback (``except ImportError: x = None``) never hides an import,
        nor does an import for type checkers hide anything.
        """
        file = self.files[module]
        tried = {name for item in file.imports if item.scope == "try" for name, _ in self.imported(module, item)}
        space: dict[str, Imported | Binding] = {}
        for item in _in_order(file, tried):
            space.update([(item.name, item)] if isinstance(item, Binding) else self.imported(module, item))
        return space


def _texts(bindings: Sequence[Binding]) -> dict[str, str | None]:
    """The text of each name that has one; ``None`` for a name that is bound to something else as well."""
    texts: dict[str, str | None] = {}
    for binding in bindings:
        text = binding.reference if binding.kind == "value" else None
        texts[binding.name] = text if texts.get(binding.name, text) == text else None
    return texts


def _in_order(file: FileRecord, tried: Set[str]) -> list[Import | Binding]:
    """What binds names of the module, in the order in which it counts; ``tried`` are names that imports in a ``try``
    bind.
    """

    def is_fallback(binding: Binding) -> bool:
        return binding.kind == "value" or (binding.kind == "alias" and binding.name in tried)

    values = list(filter(is_fallback, file.bindings))
    typing_only = [item for item in file.imports if item.scope == "type_checking"]
    imports = [item for item in file.imports if item.scope in BINDING_SCOPES or item.scope == "lazy"]
    others = [binding for binding in file.bindings if not is_fallback(binding)]
    by_line: list[Import | Binding] = [*imports, *others]
    by_line.sort(key=lambda item: item.line)
    return [*values, *typing_only, *by_line]


def _lazy_names(files: Mapping[str, FileRecord]) -> Iterator[tuple[str, str | None]]:
    """Module and name of every name that stands for a module which is imported when it is first used."""
    for module, file in files.items():
        for item in file.imports:
            if item.scope == "lazy":
                yield from ((module, one.alias) for one in item.names)
