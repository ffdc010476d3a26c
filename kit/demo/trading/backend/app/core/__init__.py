"""What every package of the platform shares."""
