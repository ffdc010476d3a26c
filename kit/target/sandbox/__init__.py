"""Processes of the target run where they cannot reach its real tree (Linux): the scratch copy stands in its place."""
