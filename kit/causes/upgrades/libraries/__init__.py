"""The entries, a file for each library: every module here that defines ``BREAKAGES`` is read."""
