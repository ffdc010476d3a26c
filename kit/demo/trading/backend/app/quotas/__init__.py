"""Plan limits and usage windows."""
