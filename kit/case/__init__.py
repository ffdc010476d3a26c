"""The investigation of one target: its stages one by one, as the notebooks and the commands call them."""
