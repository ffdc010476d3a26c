"""Mapped classes, from the source and from the running target, merged into one list."""
