"""Runs the target's pytest."""
