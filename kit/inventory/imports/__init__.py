"""Who imports what, directly and through others: the import graph, its cycles, and what loading a module loads."""
