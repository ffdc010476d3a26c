"""Slips that the source itself shows, each read at the first question about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kit.inventory.declarations.branches import Branches
from kit.inventory.declarations.contexts import Contexts
from kit.inventory.declarations.field_order import FieldOrder
from kit.inventory.declarations.misspelt_keys import MisspeltKeys
from kit.inventory.declarations.trees import Trees


@dataclass(frozen=True)
class Slips:
    """The slips of one target."""

    trees: Trees

    @cached_property
    def keys(self) -> MisspeltKeys:
        """The keys of dictionaries that are written in place of a like word."""
        return MisspeltKeys(self.trees)

    @cached_property
    def branches(self) -> Branches:
        """The branches of functions that never run."""
        return Branches(self.trees)

    @cached_property
    def field_order(self) -> FieldOrder:
        """The calls that give the fields of a class another order."""
        return FieldOrder(self.trees)

    @cached_property
    def contexts(self) -> Contexts:
        """The contexts of Flask that fixtures leave before the tests run."""
        return Contexts(self.trees)
