"""Watches the state that tests share in one process, and restores it to see what a test depends on."""
