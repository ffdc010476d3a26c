"""Failures: from recorded exceptions to groups and categories.

``group_failures(suite)`` unwraps each failure to its root, takes what varies out of its message, and groups what is
the same; ``rules()`` are the categories, in the order in which they are asked; ``load_categories(path)`` reads a
user's own, for ``group_failures(suite, categories=…)``.
"""

from kit.failures.assertions import unexpected_values
from kit.failures.categories import categorise, rules
from kit.failures.grouping import group_failures
from kit.failures.modules import missing_module
from kit.failures.own_categories import load_categories
from kit.failures.root import Root, find_root, module_name
from kit.failures.rule import Rule
from kit.failures.symptom import Symptom

__all__ = [
    "Root",
    "Rule",
    "Symptom",
    "categorise",
    "find_root",
    "group_failures",
    "load_categories",
    "missing_module",
    "module_name",
    "rules",
    "unexpected_values",
]
