"""What several options use."""
