"""The vocabulary of kit: frozen dataclasses that travel between the rooms.

Conventions that hold for every fact:

* paths are strings, relative to the target's root, with ``/``; a file outside the root keeps its absolute path;
* lines count from 1; durations are in seconds; instants are ISO 8601 strings in UTC;
* what is not known is ``None``, never ``0`` or ``""``;
* collections are tuples, so that a fact is hashable where its members are.
"""
