"""Collecting the suite once."""
