"""Collects the suite, once, and cuts it into batches."""
