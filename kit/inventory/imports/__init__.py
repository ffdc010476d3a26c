"""Imports, direct ones and those through others: the import graph, its cycles, and what loading a module loads."""
