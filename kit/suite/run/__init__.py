"""Running what was collected, and failures once more."""
