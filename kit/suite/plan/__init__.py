"""Plans a run: the options for pytest, the batches of a suite, and which worker holds which batch."""
