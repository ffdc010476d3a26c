"""What happens to causes after the detectors have named them: joined, linked, ranked, told what they hide."""
