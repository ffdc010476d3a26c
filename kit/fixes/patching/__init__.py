"""Patches: from changed texts to a unified diff, and from a diff to a changed copy."""
