"""Showing a run while it happens."""
