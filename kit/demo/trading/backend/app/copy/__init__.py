"""Following other traders."""
