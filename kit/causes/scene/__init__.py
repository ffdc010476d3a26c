"""What a detector looks at: groups of failures, inventory, source, and answers that several detectors need."""
