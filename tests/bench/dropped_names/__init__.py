"""Reads the releases of libraries and makes ``kit/causes/upgrades/dropped`` of what the next release lacks."""
