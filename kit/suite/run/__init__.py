"""Runs a collected suite, and then its failures once more."""
