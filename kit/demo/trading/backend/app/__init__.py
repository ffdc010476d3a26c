"""Trading platform API."""
