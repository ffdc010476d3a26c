"""Reads the mapper registries of SQLAlchemy."""
