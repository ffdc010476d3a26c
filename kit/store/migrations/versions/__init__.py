"""A module for each version of the store that this kit reads."""
